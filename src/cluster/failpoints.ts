import { HarnessError, messageOf } from "../errors.ts";
import { askHttp } from "../http.ts";

/** What a failpoint is told to do, in gofail's words; empty where it does nothing. */
export type FailpointTerms = string;

/**
 * A request waits for failpoints that sleep just then: all of them are behind one lock.
 * Those that come while it waits get it before or after, so that one may add to the other.
 */
const limitMs = 5_000;

/** The failpoints of one member's process, over the HTTP API of gofail, which is built into it. */
export class Failpoints {
  readonly #url: string;
  readonly #member: string;

  /** @param url where `GOFAIL_HTTP` told the process to listen, as it is reached from here */
  constructor(member: string, url: string) {
    this.#member = member;
    this.#url = url;
  }

  /** Every failpoint there is, with its terms. @throws HarnessError `fault` where the process has none, or does not answer */
  async list(signal?: AbortSignal): Promise<ReadonlyMap<string, FailpointTerms>> {
    const { status, text } = await this.#ask("GET", "", undefined, signal);
    if (status !== 200) throw new HarnessError("fault", `${this.#member} does not list its failpoints (HTTP status ${status}): ${text.trim()}`);
    const lines = text.split("\n").filter((line) => line.includes("="));
    return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  }

  /** Tells a failpoint what to do from its next turn on. @throws HarnessError `fault` where it is not taken */
  async set(name: string, terms: FailpointTerms, signal?: AbortSignal): Promise<void> {
    const { status, text } = await this.#ask("PUT", name, terms, signal);
    if (status >= 300) throw new HarnessError("fault", `${this.#member} does not take ${terms} at ${name}: ${text.trim()}`);
  }

  /** Idempotent. A failpoint that does nothing refuses to be cleared, which is as good. */
  async clear(name: string): Promise<void> {
    const { status, text } = await this.#ask("DELETE", name);
    if (status < 300 || (await this.list()).get(name) === "") return;
    throw new HarnessError("fault", `${this.#member} does not clear ${name}: ${text.trim()}`);
  }

  async #ask(method: "GET" | "PUT" | "DELETE", name: string, body?: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    try {
      const answer = await askHttp(`${this.#url}/${encodeURIComponent(name)}`, { method, body, limitMs, signal });
      return { status: answer.status, text: answer.body };
    } catch (cause) {
      signal?.throwIfAborted();
      throw new HarnessError("fault", `${this.#member} does not answer at ${this.#url} about its failpoints (${messageOf(cause)}): ${buildHint}`, { cause });
    }
  }
}

/** What to do where an etcd has no failpoints. */
export const buildHint = "`npm run build:etcd -- --failpoints 3.5` builds one that has them, which --etcd takes";

/** The variable that makes an etcd with failpoints listen for what they are to do; any other etcd ignores it. */
export const failpointVariable = "GOFAIL_HTTP";

/** The port, on each member's own address. */
export const failpointPort = 22381;

/** The member's failpoints. @throws HarnessError `fault` where its cluster was not asked for them */
export function failpointsOf(name: string, url: string | undefined): Failpoints {
  if (url !== undefined) return new Failpoints(name, url);
  throw new HarnessError("fault", `${name} was started without access to failpoints: its cluster was not asked for them`);
}
