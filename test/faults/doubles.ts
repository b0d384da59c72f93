import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import type { Impairment, Link, Links, Toxic } from "../../src/cluster/links.ts";
import type { Member, MemberState } from "../../src/cluster/member.ts";

/** A member as far as faults look at it; what it can do and what it says is given. */
export function memberDouble<Abilities extends object>(name: string, abilities: Abilities, given: Partial<Member> = {}): Member & Abilities {
  return {
    name,
    number: Number(name.slice(-1)),
    id: `a${name.slice(-1)}`,
    directUrl: "http://127.0.0.1:9",
    clientUrl: "http://127.0.0.1:9",
    state: async (): Promise<MemberState> => ({ kind: "running" }),
    onLog: () => undefined,
    onChange: () => undefined,
    ...given,
    ...abilities,
  };
}

/** A link that keeps an account of what is done to it, and refuses when told. */
export class LinkDouble implements Link {
  readonly from: string;
  readonly to: string;
  readonly listen: string;
  readonly inForce = new Set<Impairment>();
  /** How many of the next impairments and lifts are refused. */
  refuses = { putting: 0, lifting: 0 };

  constructor(from: string, to: string, listen = "127.0.0.1:9") {
    this.from = from;
    this.to = to;
    this.listen = listen;
  }

  get name(): string {
    return `${this.from}-to-${this.to}`;
  }

  cut = (): Promise<Impairment> => this.#put("cut");
  impair = ({ type }: Toxic): Promise<Impairment> => this.#put(type);

  async inspect() {
    return { enabled: true, toxics: [...this.inForce].map(({ description }) => description) };
  }

  async #put(description: string): Promise<Impairment> {
    if (this.refuses.putting-- > 0) throw new Error(`${this.name} refuses`);
    const impairment: Impairment = {
      description,
      inForce: async () => this.inForce.has(impairment),
      lift: async () => {
        if (this.refuses.lifting-- > 0) throw new Error(`${this.name} cannot be lifted`);
        this.inForce.delete(impairment);
      },
    };
    this.inForce.add(impairment);
    return impairment;
  }
}

/** A cluster of doubles with a link for each ordered pair and each client endpoint. */
export function clusterDouble(members: readonly Member[], listen?: (from: string, to: string) => string): RunningCluster & { readonly linkDoubles: readonly LinkDouble[] } {
  const names = members.map(({ name }) => name);
  const linkDoubles = names.flatMap((to) => ["clients", ...names].filter((from) => from !== to).map((from) => new LinkDouble(from, to, listen?.(from, to))));
  const links: Links = {
    between(from, to) {
      const found = linkDoubles.find((link) => link.from === from && link.to === to);
      if (found === undefined) throw new Error(`no link from ${from} to ${to}`);
      return found;
    },
    all: () => linkDoubles,
  };
  const origin = { version: "0", source: "double" };
  return { runtime: "local", members, links, linkDoubles, etcd: origin, toxiproxy: origin, breakdown: [], [Symbol.asyncDispose]: async () => undefined };
}

export interface Said {
  readonly status?: number;
  readonly body?: string;
  readonly afterMs?: number;
  /** Closes the connection in place of an answer. */
  readonly hangUp?: true;
}

/** A server on loopback that says what it is given for each path; undefined leaves the request without an answer. */
export async function speaker(say: (path: string) => Said | undefined): Promise<{ readonly address: string } & AsyncDisposable> {
  const server: Server = createServer((request, response) => {
    const said = say(request.url ?? "");
    if (said === undefined) return;
    if (said.hangUp) return void request.socket.destroy();
    const answer = (): void => void response.writeHead(said.status ?? 200).end(said.body ?? "");
    if (said.afterMs === undefined) answer();
    else setTimeout(answer, said.afterMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    address: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
