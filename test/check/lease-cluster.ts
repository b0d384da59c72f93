import { seededRandom, type Random } from "../../src/random.ts";
import type { Answered, Operation, Request } from "../../src/recording/operation.ts";
import { LoadClient } from "../../src/workloads/client.ts";
import { lease } from "../../src/workloads/lease.ts";
import { lock } from "../../src/workloads/lock.ts";
import { scheduleOf } from "../../src/workloads/schedule.ts";
import type { Workload } from "../../src/workloads/workload.ts";
import { placesOf } from "../../src/workloads/workloads.ts";
import { LeaseStore, type StoreFault } from "./lease-store.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface Play {
  readonly seed: number;
  readonly fault?: StoreFault;
  /** One message in so many takes longer than any lease lives. */
  readonly stallsOneIn?: number;
  readonly clients?: number;
}

const durationNs = 60e9;
const lookEveryNs = 50e6;

/** The lease workload on a store in virtual time. */
export function playLeases(play: Play): Promise<Operation[]> {
  return playWorkloads([lease.bind({ clients: play.clients ?? 4 })], play);
}

/** The lock workload on a store in virtual time. */
export function playLocks(play: Play & { readonly fenced: boolean }): Promise<Operation[]> {
  return playWorkloads([lock.bind({ clients: play.clients ?? 4, locks: 2, fenced: play.fenced, timeout: "8s" })], play);
}

/** Workloads side by side on a store in virtual time. */
export async function playWorkloads(workloads: readonly Workload[], { seed, fault = {}, stallsOneIn = 500 }: Play): Promise<Operation[]> {
  const time = new VirtualTime();
  const way: Way = { time, store: new LeaseStore(fault), random: seededRandom(seed, "way"), stallsOneIn };
  const operations: Operation[] = [];
  const clients = placesOf(workloads).map((place, _, { length }) => {
    const { workload, client, number } = place;
    return new LoadClient({
      ...place,
      clients: length,
      member: `etcd-${(client % 3) + 1}`,
      endpoint: { perform: (request) => send(request, way, workload.timeoutMs * 1e6) },
      schedule: scheduleOf(workload, client, 0),
      random: seededRandom(seed, `client/${number}`),
      nowNs: () => time.nowNs,
      until: async (atNs) => {
        await time.sleepUntil(atNs);
        return time.nowNs < durationNs;
      },
      onOperation: (operation) => operations.push(operation),
      onMissed: () => undefined,
    });
  });
  await time.passUntil(Promise.all(clients.map((client) => client.run())));
  return operations;
}

interface Way {
  readonly time: VirtualTime;
  readonly store: LeaseStore;
  readonly random: Random;
  readonly stallsOneIn: number;
}

/** There and back; what takes too long is done all the same, and nobody hears of it. */
async function send(request: Request, { time, store, random, stallsOneIn }: Way, timeoutNs: number): Promise<Answered> {
  const beginNs = time.nowNs;
  const tripNs = (): number => (random.int(1, stallsOneIn) === 1 ? random.int(1_000, 6_000) : random.int(1, 20)) * 1e6;
  await time.sleep(tripNs());
  const answer = await apply(request, store, time);
  await time.sleep(tripNs());
  if (time.nowNs - beginNs > timeoutNs) throw new Error("4 DEADLINE_EXCEEDED: Deadline exceeded after 5s,remote_addr=1.1.1.1:1");
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}

async function apply(request: Request, store: LeaseStore, time: VirtualTime): Promise<Answered | string> {
  const endNs = time.nowNs + (request.op === "lock-acquire" ? request.waitMs * 1e6 : 0);
  for (;;) {
    const answer = store.perform(request, time.nowNs);
    if (answer !== undefined) return answer;
    if (request.op !== "lock-acquire") throw new Error(`${request.op} has no answer`);
    if (time.nowNs >= endNs) return { ...request, token: null, revision: store.leave(request) };
    await time.sleep(lookEveryNs);
  }
}
