import { catalogue } from "../../src/catalogue.ts";
import { makePlan, type Plan } from "../../src/plan/plan.ts";
import { parseScenario } from "../../src/scenario/parse.ts";

const text = `
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
      - partition: { target: leader }
  - phase: recovery
    duration: 2s
assertions:
  - leader-changes: { during: baseline, at-most: 0 }
`;

/** The plan of a usual scenario: baseline 0–4 s, isolated 4–10 s with the leader cut off, recovery 10–12 s. */
export function usualPlan(): Plan {
  return makePlan(parseScenario(text, "usual.yaml", catalogue), { seed: 1, lacking: { pause: undefined, kill: undefined, restart: undefined, replace: undefined, files: undefined } });
}
