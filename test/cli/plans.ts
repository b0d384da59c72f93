import { catalogue } from "../../src/catalogue.ts";
import { makePlan, type Plan } from "../../src/plan/plan.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { nothingLacking } from "../support/able.ts";

const text = (faults: string): string => `
description: The leader is cut off.
cluster: { members: 3, etcd: "3.5" }
workload:
  kv: { rate: 100, clients: 3, keys: 10 }
timeline:
  - phase: baseline
    duration: 4s
  - phase: isolated
    duration: 6s
    faults:
      ${faults}
  - phase: recovery
    duration: 2s
assertions:
  - leader-changes: { during: baseline, at-most: 0 }
`;

/** The plan of a usual scenario: baseline 0–4 s, isolated 4–10 s with the leader cut off or another fault, recovery 10–12 s. */
export function usualPlan(faults = "- partition: { target: leader }"): Plan {
  return makePlan(parseScenario(text(faults), "usual.yaml", catalogue), { seed: 1, lacking: nothingLacking });
}
