import { Agent } from "node:http";
import { askHttp, type HttpAnswer } from "../http.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Begins with a slash. */
  readonly path: string;
  readonly body?: string;
  /** From sending to the last byte of the answer. */
  readonly timeLimitMs: number;
}

/** Asks one server over HTTP, as `askHttp` does. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** Keep-alive connections to one member. */
export class MemberHttp implements Disposable {
  readonly #baseUrl: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  readonly ask: Http = ({ method, path, body, timeLimitMs }) => askHttp(this.#baseUrl + path, { method, body, limitMs: timeLimitMs, agent: this.#agent });

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
