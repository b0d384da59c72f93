import { seededRandom } from "../../src/random.ts";
import type { Operation, Request } from "../../src/recording/operation.ts";
import { Memory } from "../../src/workloads/memory.ts";
import type { Workload } from "../../src/workloads/workload.ts";

/** What an operation came to: its outcome, and what was answered. */
export type Reply = Readonly<Record<string, unknown>>;

const everyNs = 100e6;

/** The first requests of one client, one every 100 ms, each answered at once and as told; `ok` where nothing else is said. */
export function answeredRequests(workload: Workload, count: number, reply: (request: Request, index: number) => Reply, { client = 0, seed = 1 } = {}): Request[] {
  const random = seededRandom(seed, `client/${client}`);
  const memory = new Memory();
  const requests: Request[] = [];
  for (let sequence = 0; sequence < count; sequence += 1) {
    const request = workload.next(client, sequence, random, memory);
    requests.push(request);
    const operation: Operation = { process: client, client, member: "etcd-1", intendedNs: sequence * everyNs, invokeNs: sequence * everyNs, returnNs: sequence * everyNs, outcome: "ok", ...request, ...reply(request, sequence) };
    workload.heard?.(client, operation);
  }
  return requests;
}
