import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { ClockChange, ClockReading, ProcessClock } from "../../src/cluster/clock/process-clock.ts";
import type { MemberState } from "../../src/cluster/member.ts";
import { testClock } from "../support/cluster.ts";
import { memberDouble } from "./doubles.ts";

/** A fake process with a clock of its own, by which it ends watches and counts leases. */
export class TimedProcess implements ProcessClock {
  kind: MemberState["kind"] = "running";
  leads = false;
  rate = 1;
  /** It says so, and its clock stays true. */
  pretends = false;
  /** How many of the next changes it refuses. */
  refuses = 0;
  readonly leases = new Map<string, number>();
  readonly done: string[] = [];
  #own = { fromMs: 0, shownMs: 0 };
  #said = { aheadMs: 0, rate: 1 };

  ownMs(): number {
    return this.#own.shownMs + (testClock.nowMs() - this.#own.fromMs) * (this.pretends ? 1 : this.rate);
  }

  async jump(byMs: number): Promise<ClockChange> {
    const before = { ...this.#said };
    this.#change(`jump ${byMs}`, this.pretends ? 0 : byMs);
    this.#said = { ...before, aheadMs: before.aheadMs + byMs };
    return { before, after: this.#said };
  }

  async pace(rate: number): Promise<void> {
    this.#change(`pace ${rate}`, 0, rate);
    this.#said = { ...this.#said, rate };
  }

  async read(): Promise<ClockReading | undefined> {
    return this.kind === "down" ? undefined : this.#said;
  }

  #change(what: string, byMs: number, rate = this.rate): void {
    this.done.push(what);
    if (this.refuses-- > 0) throw new Error(`it refuses to ${what}`);
    this.#own = { shownMs: this.ownMs() + byMs, fromMs: testClock.nowMs() };
    this.rate = rate;
  }
}

/** A member with such a process, which answers as etcd's gateway does where faults of clocks ask. */
export async function timedDouble(name = "etcd-1") {
  const process = new TimedProcess();
  const server = createServer((request, response) => void answer(process, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const abilities = {
    process,
    monotonicClock: process,
    hangUp: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  const state = async (): Promise<MemberState> => (process.kind === "down" ? { kind: "down", exit: "SIGKILL" } : { kind: process.kind });
  return memberDouble(name, abilities, { directUrl: `http://127.0.0.1:${address.port}`, state });
}

async function answer(process: TimedProcess, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (process.kind !== "running") return void request.socket.destroy();
  const say = (said: object): void => void response.end(JSON.stringify(said));
  if (request.url === "/health") return say({ health: "true" });
  if (request.url === "/v3/maintenance/status") return say({ header: { member_id: "161" }, leader: process.leads ? "161" : "9" });
  if (request.url === "/v3/watch") return watch(process, Number.parseInt(String(request.headers["grpc-timeout"]), 10), response);
  const { ID = "77", TTL = "0" }: { ID?: string; TTL?: string } = JSON.parse(body);
  if (request.url === "/v3/lease/grant") {
    process.leases.set(ID, process.ownMs() + Number(TTL) * 1_000);
    return say({ ID, TTL });
  }
  if (request.url === "/v3/lease/revoke") return void (process.leases.delete(ID), say({}));
  const leftMs = (process.leases.get(ID) ?? 0) - process.ownMs();
  say({ TTL: String(leftMs <= 0 ? -1 : Math.floor(leftMs / 1_000)) });
}

/** Ended after so long by the process's own clock, at which it looks every few milliseconds. */
function watch(process: TimedProcess, forMs: number, response: ServerResponse): void {
  const endMs = process.ownMs() + forMs;
  response.write(`${JSON.stringify({ result: { created: true } })}\n`);
  const looking = setInterval(() => {
    if (process.ownMs() < endMs) return;
    response.end(`${JSON.stringify({ error: { message: "context deadline exceeded" } })}\n`);
    clearInterval(looking);
  }, 5);
  response.once("close", () => clearInterval(looking));
}
