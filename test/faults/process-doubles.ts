import type { Member, MemberState } from "../../src/cluster/member.ts";
import { memberDouble, speaker, type Said } from "./doubles.ts";

/** What a fake process tells of itself, and what is done to it. */
export class ProcessDouble {
  kind: MemberState["kind"] = "running";
  exit = "SIGKILL";
  /** How SIGTERM ends it. */
  orderlyExit = "SIGTERM";
  revision = 42;
  version = "3.5.0";
  clusterVersion = "3.5.0";
  startSeconds = 1_000;
  cpuSeconds = 5;
  /** CPU seconds that each answer costs. */
  cpuPerAnswer = 0.002;
  /** How long an answer takes: what starving lengthens. */
  answerMs = 1;
  /** What it ignores, while it says that it was done. */
  readonly ignores = new Set<string>();
  /** What it refuses to do, as often as told. */
  readonly refusals = new Map<string, number>();
  readonly done: string[] = [];

  say(path: string): Said | undefined {
    if (this.kind === "down") return { hangUp: true };
    if (this.kind === "paused") return undefined;
    if (path.endsWith("/status")) return { body: JSON.stringify({ header: { member_id: String(0xa1), revision: String(this.revision), raft_term: "2" }, leader: "161", version: this.version }) };
    if (path === "/version") return { body: JSON.stringify({ etcdserver: this.version, etcdcluster: this.clusterVersion }) };
    if (path.startsWith("/health")) return { body: '{"health":"true"}' };
    this.cpuSeconds += this.cpuPerAnswer;
    return { body: `process_cpu_seconds_total ${this.cpuSeconds}\nprocess_start_time_seconds ${this.startSeconds}\n`, afterMs: this.answerMs };
  }

  async act(what: string, effect: () => void): Promise<void> {
    this.done.push(what);
    const refusals = this.refusals.get(what) ?? 0;
    this.refusals.set(what, refusals - 1);
    if (refusals > 0) throw new Error(`it refuses to ${what}`);
    if (!this.ignores.has(what)) effect();
  }
}

/** A member with such a process, which answers as etcd does where faults ask. */
export async function livingDouble(name = "etcd-1") {
  const process = new ProcessDouble();
  const server = await speaker((path) => process.say(path));
  const end = (what: string, exit: () => string) => (): Promise<void> =>
    process.act(what, () => {
      process.kind = "down";
      process.exit = exit();
    });
  const state = async (): Promise<MemberState> => (process.kind === "down" ? { kind: "down", exit: process.exit } : { kind: process.kind });
  const abilities = {
    process,
    kill: end("kill", () => "SIGKILL"),
    stop: end("stop", () => process.orderlyExit),
    restart: () =>
      process.act("restart", () => {
        if (process.kind !== "down") return;
        process.kind = "running";
        process.startSeconds += 1;
        process.cpuSeconds = 0;
      }),
    throttle: () => process.act("throttle", () => void (process.answerMs = 200)),
    heldBack: async (): Promise<number> => (process.answerMs > 1 ? 0.9 : 0),
    unthrottle: () => process.act("unthrottle", () => void (process.answerMs = 1)),
    limitMemory: async () => {
      await process.act("limitMemory", () => undefined);
      return 10 * 1024 * 1024;
    },
    unlimitMemory: () => process.act("unlimitMemory", () => undefined),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  const given: Partial<Member> = { state, directUrl: `http://${server.address}` };
  return memberDouble(name, abilities, given);
}
