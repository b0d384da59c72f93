import { seededRandom, type Random } from "../../src/random.ts";
import type { Answered, Operation, OperationCommon, Request } from "../../src/recording/operation.ts";
import { compareAndSwap } from "../../src/recording/operations/txn.ts";
import { Store } from "./store.ts";

export interface HistoryOptions {
  readonly operations: number;
  readonly clients?: number;
  readonly keys?: number;
  /** The share of operations of unknown outcome; half of them happen. */
  readonly unknown?: number;
  /** The share that fails for certain. */
  readonly failed?: number;
  /** What is asked; all kinds by default. */
  readonly kinds?: readonly Kind[];
  /** How often others write other keys. */
  readonly others?: number;
}

type Kind = "put" | "get" | "range" | "delete" | "delete-range" | "swap" | "txn" | "old" | "serializable" | "serializable-get" | "compact";

export const allKinds: readonly Kind[] = ["put", "put", "put", "put", "get", "get", "get", "range", "delete", "delete-range", "swap", "swap", "txn", "old", "serializable", "compact"];

/** An operation that has begun, or whose outcome nobody knew, and that has yet to happen. */
interface Pending {
  readonly client: number;
  readonly process: number;
  readonly request: Request;
  readonly invokeNs: number;
  answer?: Answered | string;
}

/**
 * A correct history of concurrent clients of a store, another one for each seed: each operation happens at a
 * moment between its invocation and its return, one of unknown outcome at any later moment or never.
 */
export function correctHistory(seed: number, options: HistoryOptions): Operation[] {
  return correctRun(seed, options).history;
}

/** The same with the store as it is in the end, which knows what truly happened. */
export function correctRun(seed: number, { operations, clients = 3, keys = 3, unknown = 0.1, failed = 0.05, kinds = allKinds, others = 0.05 }: HistoryOptions): { readonly history: Operation[]; readonly store: Store } {
  const random = seededRandom(seed, "history");
  const store = new Store();
  const applied = [1, 1, 1];
  const processes = Array.from({ length: clients }, (_, client) => client);
  const pending: (Pending | undefined)[] = processes.map(() => undefined);
  const late: Pending[] = [];
  const done: Operation[] = [];
  let begun = 0;
  let nowNs = 0;
  const happen = (each: Pending): void => {
    each.answer ??= perform(store, each, applied);
  };
  while (done.length < operations) {
    nowNs += 1;
    if (random.float() < others) store.skipTo(store.revision + 1);
    for (const [member, revision] of applied.entries()) if (random.float() < 0.3) applied[member] = random.int(revision, store.revision);
    if (late.length > 0 && random.float() < 0.2) happen(late.splice(random.int(0, late.length - 1), 1)[0] ?? neverAsked());
    const client = random.int(0, clients - 1);
    const each = pending[client];
    if (each === undefined) {
      if (begun < operations) pending[client] = { client, process: processes[client] ?? 0, request: request(random, kinds, keys, begun++, store), invokeNs: nowNs };
      continue;
    }
    const chance = random.float();
    if (each.answer === undefined && chance < unknown) {
      if (random.float() < 0.5) late.push(each);
      done.push(ended(each, nowNs, { outcome: "info", error: "no answer in time" }));
      processes[client] = (processes[client] ?? 0) + clients;
      pending[client] = undefined;
    } else if (each.answer === undefined && chance < unknown + failed) {
      done.push(ended(each, nowNs, { outcome: "fail", error: "refused" }));
      pending[client] = undefined;
    } else if (each.answer === undefined) {
      happen(each);
    } else {
      done.push(typeof each.answer === "string" ? ended(each, nowNs, { outcome: "fail", error: each.answer }) : { ...common(each, nowNs), ...each.answer, outcome: "ok" });
      pending[client] = undefined;
    }
  }
  return { history: done.sort((a, b) => a.invokeNs - b.invokeNs), store };
}

function perform(store: Store, { client, request }: Pending, applied: number[]): Answered | string {
  const member = client % applied.length;
  const known = applied[member] ?? 1;
  if ("serializable" in request && request.serializable) return store.perform(request, known);
  const answer = store.perform(request);
  // Whatever a member answers, it has applied.
  if (typeof answer !== "string") applied[member] = Math.max(known, answer.revision);
  return answer;
}

function request(random: Random, kinds: readonly Kind[], keys: number, number: number, store: Store): Request {
  const key = `k${random.int(0, keys - 1)}`;
  const value = `v${number}`;
  switch (random.pick(kinds)) {
    case "put":
      return { op: "put", key, value };
    case "get":
      return { op: "get", key };
    case "range":
      return random.float() < 0.3 ? { op: "range", key: "k", end: "l", limit: 2 } : { op: "range", key, end: "l" };
    case "delete":
      return { op: "delete", key };
    case "delete-range":
      return { op: "delete", key, end: "l" };
    case "swap": {
      const now = store.perform({ op: "get", key });
      return compareAndSwap(key, typeof now !== "string" && now.op === "get" && random.float() < 0.7 ? (now.modRevision ?? 0) : random.int(0, store.revision), value);
    }
    case "txn":
      return {
        op: "txn",
        compares: [{ key, target: random.pick(["version", "create"] as const), is: random.pick([">", "<", "=", "!="] as const), to: random.int(0, 3) }],
        success: [{ op: "put", key, value }, { op: "get", key }, { op: "put", key: `${key}+`, value }],
        failure: [{ op: "delete", key }, { op: "get", key: `${key}+` }],
      };
    case "old":
      return { op: "get", key, atRevision: random.int(Math.max(1, store.compacted), store.revision) };
    case "serializable":
      return random.float() < 0.5 ? { op: "get", key, serializable: true } : { op: "range", key: "k", end: "l", serializable: true };
    case "serializable-get":
      return { op: "get", key, serializable: true };
    case "compact":
      return { op: "compact", atRevision: random.int(1, store.revision) };
  }
}

function common({ client, process, invokeNs }: Pending, returnNs: number): Omit<OperationCommon, "outcome"> {
  return { process, client, member: `etcd-${(client % 3) + 1}`, intendedNs: invokeNs, invokeNs, returnNs };
}

function ended(each: Pending, nowNs: number, end: Pick<OperationCommon, "outcome" | "error">): Operation {
  return { ...common(each, nowNs), ...each.request, ...end };
}

function neverAsked(): Pending {
  throw new Error("an empty list has no item");
}
