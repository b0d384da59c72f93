import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const quick = "flags: { heartbeat-interval: 50, election-timeout: 500 }";
const threeWithLoad = `cluster: { members: 3, etcd: "3.5", ${quick} }
workload:
  kv: { rate: 50, clients: 3, keys: 10 }`;

/**
 * Short timelines for tests of the harness itself; quick elections, so that most of the time is the timeline's.
 * Their assertions hold however busy the machine is: these tests are not about etcd.
 */
export const shortScenarios = {
  /** A leader cut off for six seconds. */
  isolated: `
description: The leader is cut off from its peers.
${threeWithLoad}
timeline:
  - phase: baseline
    duration: 1s
  - phase: isolated
    duration: 6s
    faults:
      - partition: { target: leader }
  - phase: recovery
    duration: 1s
assertions:
  - leader-changes: { during: baseline, at-most: 9 }
`,
  /** A leader whose packets are lost for six seconds. */
  muted: `
description: What the leader sends its peers is lost.
${threeWithLoad}
timeline:
  - phase: muted
    duration: 6s
    faults:
      - packet-drop: { target: leader, direction: out }
assertions:
  - leader-changes: { during: muted, at-most: 9 }
`,
  /** One member that freezes for half a second, in a timeline of two. */
  single: `
description: A cluster of one member freezes for a moment.
cluster: { members: 1, etcd: "3.5", ${quick} }
workload:
  kv: { rate: 50, clients: 3, keys: 10 }
timeline:
  - phase: frozen
    duration: 2s
    faults:
      - pause: { target: leader }
        at: 500ms
        for: 500ms
assertions:
  - leader-changes: { during: frozen, at-most: 9 }
`,
  /** One member and no fault, for a second. */
  calm: `
description: A cluster of one member is left in peace.
cluster: { members: 1, etcd: "3.5", ${quick} }
timeline:
  - phase: calm
    duration: 1s
assertions:
  - leader-changes: { during: calm, at-most: 9 }
`,
  /** The same, with an assertion that cannot hold, on line 8. */
  failing: `
description: A cluster of one member is left in peace, and something is expected of it.
tags: [hopeless]
cluster: { members: 1, etcd: "3.5", ${quick} }
timeline:
  - phase: calm
    duration: 1s
assertions:
  - leader-changes: { during: calm, at-least: 5 }
`,
  /** A fault that no stock etcd has. */
  unplayable: `
description: A member panics at a failpoint.
cluster: { members: 1, etcd: "3.5", ${quick} }
timeline:
  - phase: calm
    duration: 1s
    faults:
      - failpoint: { target: leader, name: raftBeforeSave, action: sleep(10) }
assertions:
  - leader-changes: { during: calm, at-most: 9 }
`,
  /** One member and a flag that etcd 3.4 does not have. */
  flagged: `
description: A cluster of one member is given a flag of its time.
cluster: { members: 1, etcd: "3.5", flags: { heartbeat-interval: 50, election-timeout: 500, experimental-memory-mlock: false } }
timeline:
  - phase: calm
    duration: 1s
assertions:
  - leader-changes: { during: calm, at-most: 9 }
`,
} as const;

/** Writes one of them into the folder; the path is for the command line. */
export async function writeShortScenario(folder: string, name: keyof typeof shortScenarios): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, shortScenarios[name].trimStart());
  return path;
}
