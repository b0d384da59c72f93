import { expect } from "chai";
import { type Proxy, Toxiproxy } from "toxiproxy-node-client";
import { dial, type Peer, type TcpServer } from "./tcp.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; undefined when it is no JSON. */
  readonly json: unknown;
}

export interface ToxicRequest {
  readonly name?: string;
  readonly type: string;
  readonly stream?: string;
  readonly toxicity?: number;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** The server under test: its Node client, and plain requests for what that has no verb for. */
export class Api {
  readonly #url: () => string;

  /** `url` is asked at every use, for the server starts after the tests are declared. */
  constructor(url: () => string) {
    this.#url = url;
  }

  get client(): Toxiproxy {
    return new Toxiproxy(this.#url());
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.#url() + path, { method, headers, ...(text === undefined ? {} : { body: text }) });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, text: answer, json: parsed(answer) };
  }

  /** An enabled proxy on a port of its own. */
  proxyTo(upstream: string, name = `proxy-${(proxies += 1)}`): Promise<Proxy> {
    return this.client.createProxy({ name, listen: "127.0.0.1:0", upstream });
  }

  async addToxic(proxy: Proxy, toxic: ToxicRequest): Promise<void> {
    const { status, text } = await this.call("POST", `/proxies/${proxy.name}/toxics`, toxic);
    expect(status, text).to.equal(200);
  }

  async updateToxic(proxy: Proxy, toxic: string, change: unknown): Promise<void> {
    const { status, text } = await this.call("PATCH", `/proxies/${proxy.name}/toxics/${toxic}`, change);
    expect(status, text).to.equal(200);
  }

  async removeToxic(proxy: Proxy, toxic: string): Promise<void> {
    const { status, text } = await this.call("DELETE", `/proxies/${proxy.name}/toxics/${toxic}`);
    expect(status, text).to.equal(204);
  }

  /** A client connected through the proxy, and the server's end of it. */
  async connect(proxy: Proxy, server: TcpServer): Promise<{ client: Peer; upstream: Peer } & Disposable> {
    const client = await dial(proxy.listen);
    return { client, upstream: await server.next(), [Symbol.dispose]: () => client[Symbol.dispose]() };
  }

  async deleteAllProxies(): Promise<void> {
    const names = Object.keys(await this.client.getAll());
    for (const name of names) await this.call("DELETE", `/proxies/${encodeURIComponent(name)}`);
  }

  /** The value of a counter at /metrics, summed over the series that have all these labels. */
  async metric(name: string, labels: Record<string, string>): Promise<number> {
    const { text } = await this.call("GET", "/metrics");
    return text.split("\n")
      .filter((line) => line.startsWith(`${name}{`))
      .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }
}

let proxies = 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits until `condition` holds; mocha's time-out is the limit. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resolves with the milliseconds that an action took. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await action();
  return performance.now() - beganMs;
}

/** Bytes that tell where in the stream they belong. */
export function pattern(bytes: number, seed = 1): Buffer {
  const data = Buffer.alloc(bytes);
  let state = seed;
  for (let i = 0; i < bytes; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return data;
}
