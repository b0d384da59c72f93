import { setTimeout as delay } from "node:timers/promises";
import { Toxiproxy, ToxiproxyError, type Proxy } from "toxiproxy-node-client";
import { HarnessError, messageOf } from "../errors.ts";
import type { CutMode, Impairment, Link, LinkEnd, Links, LinkState, Streams, Toxic } from "../cluster/links.ts";
import { wireOf } from "./wire-toxic.ts";

/** Where a link listens and leads: host:port each, as the Toxiproxy server sees them. */
export interface LinkRoute {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly listen: string;
  readonly upstream: string;
  /** The same listening address as the harness can reach it. */
  readonly reachable: string;
}

/** Makes a proxy for each route on the Toxiproxy server at `apiUrl`, and the links that drive them. */
export async function createLinks(apiUrl: string, routes: readonly LinkRoute[]): Promise<Links> {
  const toxiproxy = new Toxiproxy(apiUrl);
  const proxies = await asking(apiUrl, () =>
    toxiproxy.populate(routes.map((route) => ({ name: linkName(route), listen: route.listen, upstream: route.upstream }))),
  );
  const links = new Map(
    routes.map((route) => {
      const proxy = proxies[linkName(route)];
      if (proxy === undefined) throw new HarnessError("cluster", `the Toxiproxy server at ${apiUrl} made no proxy ${linkName(route)}`);
      return [linkName(route), new ProxyLink(toxiproxy, proxy, route)] as const;
    }),
  );
  return {
    between(from, to) {
      const link = links.get(linkName({ from, to }));
      if (link === undefined) throw new HarnessError("internal", `there is no link from ${from} to ${to}`);
      return link;
    },
    all: () => [...links.values()],
  };
}

function linkName({ from, to }: { from: LinkEnd; to: LinkEnd }): string {
  return `${from}-to-${to}`;
}

/** A link as one Toxiproxy proxy. Each impairment has toxics of its own, so that they can overlap. */
class ProxyLink implements Link {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly name: string;
  readonly listen: string;
  readonly #toxiproxy: Toxiproxy;
  readonly #proxy: Proxy;
  /** Closing cuts in force; the proxy is enabled again when the last is lifted. */
  #closings = 0;
  #switching: Promise<void> = Promise.resolve();
  #sequence = 0;

  constructor(toxiproxy: Toxiproxy, proxy: Proxy, route: LinkRoute) {
    this.from = route.from;
    this.to = route.to;
    this.name = linkName(route);
    this.listen = route.reachable;
    this.#toxiproxy = toxiproxy;
    this.#proxy = proxy;
  }

  cut(mode: CutMode, streams: Streams = "both"): Promise<Impairment> {
    if (mode === "blocking") return this.impair({ type: "timeout", timeoutMs: 0, streams, toxicity: 1 });
    if (streams === "both") return this.#close();
    throw new HarnessError("internal", `${this.name} cannot be closed on the ${streams} stream alone`);
  }

  async inspect(): Promise<LinkState> {
    const proxy = await asking(this.name, () => this.#toxiproxy.get(this.name));
    // The client's Proxy drops the toxics from the answer, so they are asked for on their own.
    const { data } = await asking(this.name, () => this.#toxiproxy.api.get<ToxicAnswer[]>(`${proxy.getPath()}/toxics`));
    return { enabled: proxy.enabled, toxics: data.map(describeToxic) };
  }

  async impair(toxic: Toxic): Promise<Impairment> {
    const id = ++this.#sequence;
    const { type, attributes } = wireOf(toxic);
    const { streams, toxicity } = toxic;
    const added: { readonly name: string; remove(): Promise<void> }[] = [];
    const lift = async (): Promise<void> => {
      for (let toxic = added.at(-1); toxic !== undefined; toxic = added.at(-1)) {
        await asking(this.name, toxic.remove.bind(toxic)).catch(ignoreNotFound);
        added.pop();
      }
    };
    try {
      for (const stream of streams === "both" ? (["upstream", "downstream"] as const) : [streams]) {
        const body = { name: `${type}-${id}-${stream}`, type, stream, toxicity, attributes };
        added.push(await asking(this.name, () => this.#proxy.addToxic(body)));
      }
    } catch (error) {
      await lift();
      throw error;
    }
    const names = added.map((toxic) => toxic.name);
    const settings = Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join(" ");
    const where = streams === "both" ? "on both streams" : streams;
    return {
      description: `${type} (${settings}) ${where}${toxicity < 1 ? ` of ${toxicity * 100}% of connections` : ""}`,
      inForce: async () => {
        const { toxics } = await this.inspect();
        return names.every((name) => toxics.some((toxic) => toxic.startsWith(`${name} `)));
      },
      lift,
    };
  }

  async #close(): Promise<Impairment> {
    let lifted = false;
    const lift = async (): Promise<void> => {
      if (lifted) return;
      await this.#countClosing(-1);
      lifted = true;
    };
    await this.#countClosing(1);
    return { description: "closed", inForce: async () => !(await this.inspect()).enabled && !(lifted && this.#closings > 0), lift };
  }

  /** One after the other: a closing cut that is put on while another is lifted must not be undone by that. */
  #countClosing(change: 1 | -1): Promise<void> {
    const turn = this.#switching.then(async () => {
      const closings = this.#closings + change;
      if (closings === 0 || this.#closings === 0) await this.#setEnabled(closings === 0);
      this.#closings = closings;
    });
    this.#switching = turn.catch(() => undefined);
    return turn;
  }

  async #setEnabled(enabled: boolean): Promise<void> {
    const { listen, upstream } = this.#proxy;
    await asking(this.name, () => this.#proxy.update({ enabled, listen, upstream }));
  }
}

interface ToxicAnswer {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, number>>;
}

function describeToxic({ name, type, stream, toxicity, attributes }: ToxicAnswer): string {
  const settings = Object.entries(attributes).map(([attribute, value]) => `${attribute}=${value}`);
  return [name, type, stream, ...settings, ...(toxicity < 1 ? [`toxicity=${toxicity}`] : [])].join(" ");
}

/** A toxic that is gone already is as good as removed. */
function ignoreNotFound(error: unknown): void {
  if (error instanceof HarnessError && error.cause instanceof ToxiproxyError && error.cause.message.endsWith("status code 404")) return;
  throw error;
}

/** The server answers within milliseconds; without a limit a dead one would keep healing from ending. */
const answerLimitMs = 5_000;

async function asking<T>(what: string, request: () => Promise<T>): Promise<T> {
  const limit = new AbortController();
  try {
    const timeUp = delay(answerLimitMs, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`no answer within ${answerLimitMs} ms`);
    });
    return await Promise.race([request(), timeUp]);
  } catch (error) {
    throw new HarnessError("cluster", `Toxiproxy refused a request for ${what}: ${messageOf(error)}`, { cause: error });
  } finally {
    limit.abort();
  }
}
