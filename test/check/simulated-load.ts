import { seededRandom } from "../../src/random.ts";
import type { Answered, Operation, OperationCommon, Request } from "../../src/recording/operation.ts";
import { Memory } from "../../src/workloads/memory.ts";
import type { Workload } from "../../src/workloads/workload.ts";
import { placesOf, type Place } from "../../src/workloads/workloads.ts";
import { Store } from "./store.ts";

export interface SimulationOptions {
  readonly operations: number;
  /** The share of operations of unknown outcome; half of them happen. */
  readonly unknown?: number;
  /** The share that fails for certain. */
  readonly failed?: number;
  /** Whether all keys are read at the end, through each member. */
  readonly final?: boolean;
  /** How much time passes with each thing that a client does. */
  readonly stepNs?: number;
}

interface Pending {
  readonly place: Place;
  readonly process: number;
  readonly request: Request;
  readonly invokeNs: number;
  /** A string is the error that the store answers. */
  answer?: Answered | string;
}

/** A correct history of the own clients of a workload, or of several side by side, on a store: each operation happens at a moment between its invocation and its return, one of unknown outcome at any later moment or never. */
export function simulatedLoad(workloads: Workload | readonly Workload[], seed: number, { operations, unknown = 0.05, failed = 0.05, final = true, stepNs = 1 }: SimulationOptions): Operation[] {
  const random = seededRandom(seed, "simulation");
  const parts = "kind" in workloads ? [workloads] : workloads;
  const clients = placesOf(parts).map((place) => ({ place, process: place.number, sequence: 0, random: seededRandom(seed, `client/${place.number}`), memory: new Memory() }));
  const store = new Store();
  const pending: (Pending | undefined)[] = clients.map(() => undefined);
  const late: Request[] = [];
  const done: Operation[] = [];
  let nowNs = 0;
  const end = (each: Pending, said: Request | Answered, how: Pick<OperationCommon, "outcome" | "error">): void => {
    const { place: { workload, client: own, number: client }, process, invokeNs } = each;
    const operation: Operation = { process, client, member: `etcd-${(client % 3) + 1}`, ...said, intendedNs: invokeNs, invokeNs, returnNs: nowNs, ...how };
    workload.heard?.(own, operation);
    done.push(operation);
    pending[client] = undefined;
  };
  while (done.length < operations) {
    nowNs += stepNs;
    const [waiting] = random.float() < 0.2 ? late.splice(random.int(0, Math.max(0, late.length - 1)), 1) : [];
    if (waiting !== undefined) store.perform(waiting);
    const client = random.int(0, clients.length - 1);
    const [self, each] = [clients[client], pending[client]];
    if (self === undefined) continue;
    const chance = random.float();
    if (each === undefined) {
      pending[client] = { place: self.place, process: self.process, request: self.place.workload.next(self.place.client, self.sequence++, self.random, self.memory), invokeNs: nowNs };
    } else if (typeof each.answer === "string") {
      end(each, each.request, { outcome: "fail", error: `OUT_OF_RANGE: ${each.answer}` });
    } else if (each.answer !== undefined) {
      clients[client]?.memory.note(each.answer);
      end(each, each.answer, { outcome: "ok" });
    } else if (chance < unknown) {
      if (random.float() < 0.5) late.push(each.request);
      end(each, each.request, { outcome: "info", error: "no answer in time" });
      self.process += clients.length;
    } else if (chance < unknown + failed) {
      end(each, each.request, { outcome: "fail", error: "refused" });
    } else {
      each.answer = store.perform(each.request);
    }
  }
  for (const each of pending) if (each !== undefined) end(each, each.request, { outcome: "info", error: "no answer until the end of the run" });
  if (final) for (const part of parts) done.push(...finalReads(part, clients.length, store, nowNs));
  return done.sort((a, b) => a.invokeNs - b.invokeNs);
}

function finalReads({ finalRange }: Workload, clients: number, store: Store, lastNs: number): Operation[] {
  if (finalRange === undefined) return [];
  return [1, 2, 3].map((member): Operation => {
    const invokeNs = lastNs + member;
    const process = 1_000_000 + member;
    return { process, client: clients + member, member: `etcd-${member}`, ...perform(store, { op: "range", ...finalRange }), final: true, intendedNs: invokeNs, invokeNs, returnNs: invokeNs + 5, outcome: "ok" };
  });
}

function perform(store: Store, request: Request): Answered {
  const answer = store.perform(request);
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}
