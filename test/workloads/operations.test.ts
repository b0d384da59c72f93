import { expect } from "chai";
import type { Request } from "../../src/recording/operation.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import type { Workload } from "../../src/workloads/workload.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { answeredRequests, type Reply } from "./requests.ts";

const variants: Readonly<Record<string, readonly object[]>> = {
  kv: [{}, { reads: 1 }, { reads: 0 }, { mix: { get: 1, put: 1, range: 1, delete: 1, swap: 1 } }, { mix: { swap: 1 } }],
  compaction: [{ every: "100ms", keep: 5 }],
};
const ofLeases = ["lease", "lock"];

/** What a store answers to those who keep leases and locks. */
function reply({ op }: Request): Reply {
  switch (op) {
    case "lease-grant":
      return { grantedTtlS: 60, revision: 2 };
    case "lock-acquire":
      return { token: 8, revision: 8 };
    case "lease-keep-alive":
    case "lease-time-to-live":
      return { remainingS: 60, revision: 9 };
    case "guarded-write":
      return { written: true, revision: 9 };
    default:
      return { revision: 9 };
  }
}

function sentBy(workload: Workload): string[] {
  // The reads after the load are no part of it.
  const sent = ofLeases.includes(workload.kind) ? answeredRequests(workload, 2_000, reply) : simulatedLoad(workload, 7, { operations: 600, final: false, stepNs: 1e6 });
  return [...new Set(sent.map(({ op }) => op))];
}

describe("what a workload says that it sends", () => {
  for (const { kind, bind } of workloadKinds) {
    for (const options of variants[kind] ?? [{}]) {
      it(`is what it sends: ${kind} with ${JSON.stringify(options)}`, () => {
        const workload = bind(options);
        expect(sentBy(workload)).to.have.members([...(workload.operations ?? [])]);
      });
    }
  }
});
