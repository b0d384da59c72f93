import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { endpointOf } from "../../src/workloads/endpoint.ts";
import type { EtcdServices } from "../../src/workloads/etcd/services.ts";
import { failureOf, type Failure } from "../../src/workloads/outcome.ts";

const header = { revision: 7 };
const notFirst = { header, kvs: [], count: 0 };
const unasked = (): Promise<never> => Promise.reject(new Error("nobody asks for this"));

/** What an acquisition comes to where some of its steps fail. */
async function failureWith(steps: Partial<EtcdServices>): Promise<Failure | undefined> {
  const services: EtcdServices = {
    put: unasked, compact: unasked, leaseGrant: unasked, leaseRevoke: unasked, leaseTimeToLive: unasked, leaseKeepAlive: unasked,
    txn: async () => ({ header, succeeded: true, responses: [] }),
    range: async () => notFirst,
    deleteRange: async () => ({ header, deleted: 1 }),
    close: () => undefined,
    ...steps,
  };
  const endpoint = endpointOf(services, { timeoutMs: 1_000, clock: new MonotonicClock() });
  return endpoint.perform({ op: "lock-acquire", lock: "l0", lease: 5, waitMs: 0 }).then(() => undefined, failureOf);
}

const rejecting = (text: string) => (): Promise<never> => Promise.reject(new Error(text));
const unconnected = rejecting("14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379");
const dropped = rejecting("2 UNKNOWN: raft proposal dropped");

describe("an acquisition of a lock", () => {
  it("certainly did not happen where its key was refused", async () => {
    expect(await failureWith({ txn: unconnected })).to.deep.include({ outcome: "fail" });
  });

  it("may have happened in part where its key is in the queue, whatever comes of the rest", async () => {
    expect(await failureWith({ range: unconnected })).to.deep.equal({
      outcome: "info", error: "UNKNOWN: its key is in the queue, and then: (14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379)",
    });
    expect(await failureWith({ deleteRange: dropped })).to.deep.include({ outcome: "info" });
  });

  it("says why it may have happened as whatever ended it does", async () => {
    expect(await failureWith({ range: rejecting("4 DEADLINE_EXCEEDED: no answer in time") })).to.deep.equal({ outcome: "info", error: "DEADLINE_EXCEEDED: no answer in time" });
    expect(await failureWith({})).to.equal(undefined);
  });
});
