import { stringify } from "yaml";
import { faultKinds } from "../../src/faults/index.ts";
import { seededRandom, type Random } from "../../src/random.ts";
import { faultCases } from "../integration/fault-cases/index.ts";

const faultsMax = 4;
const stormMs = 6_000;
const targets = ["leader", "follower", "random", "minority"] as const;

/** A scenario with a few faults of the catalogue at random moments, overlapping as they may: the same for the same seed. */
export function randomScenario(seed: number): string {
  const random = seededRandom(seed, "soak");
  const usable = faultCases.filter(({ gaps }) => gaps?.local === undefined);
  const plain = [{ kind: "partition" }, { kind: "latency", options: { latency: "30ms" } }, { kind: "pause" }, { kind: "kill" }];
  const faults = Array.from({ length: random.int(1, faultsMax) }, () => randomFault(random, [...usable, ...plain]));
  return stringify({
    description: `Random faults of seed ${seed}: nothing may be left behind, whatever becomes of them.`,
    cluster: { members: 3, etcd: "3.5", flags: { "heartbeat-interval": 50, "election-timeout": 500, "quota-backend-bytes": 32 * 1024 * 1024 } },
    workload: { kv: { rate: 50, clients: 3, keys: 10 } },
    timeline: [
      { phase: "baseline", duration: "1s" },
      { phase: "storm", duration: `${stormMs}ms`, faults },
      { phase: "recovery", duration: "2s" },
    ],
    assertions: [{ "leader-changes": { during: "baseline", "at-most": 9 } }],
  });
}

function randomFault(random: Random, cases: readonly { readonly kind: string; readonly options?: object }[]): object {
  const { kind, options } = random.pick(cases);
  const schema = faultKinds.find((each) => each.kind === kind)?.options;
  const fitting = targets.filter((target) => schema?.safeParse({ target, ...options }).success);
  const target = fitting.length === 0 ? "all" : random.pick(fitting);
  const at = random.int(0, stormMs - 2_000);
  return { [kind]: { target, ...options }, at: `${at}ms`, for: `${random.int(1_000, stormMs - at)}ms` };
}
