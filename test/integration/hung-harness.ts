import { catalogue } from "../../src/catalogue.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { parseEtcdRequest } from "../../src/etcd/request.ts";
import { makePlan } from "../../src/plan/plan.ts";
import { playTimeline } from "../../src/run/timeline.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { startWatchdog } from "../../src/watchdog/watchdog.ts";
import { nothingLacking } from "../support/able.ts";
import { testClock } from "../support/cluster.ts";
import { testEtcdEnvironment } from "../support/etcd.ts";

// A harness in small, with little patience: it plays a timeline in which the only member is frozen, and waits to be stopped meanwhile.
const text = `
description: The member freezes.
cluster: { members: 1, etcd: "3.5" }
timeline:
  - phase: frozen
    duration: 6s
    faults:
      - pause: { target: etcd-1 }
assertions:
  - leader-changes: { at-most: 9 }
`;
const [runId = ""] = process.argv.slice(2);
const watchdog = await startWatchdog(runId);
const prepared = await (await chooseRuntime("local")).prepare({ etcd: parseEtcdRequest("3.5"), toxiproxy: { kind: "auto" }, environment: testEtcdEnvironment() });
const cluster = await prepared.start({ runId, memberCount: 1, flags: {} }, testClock);
watchdog.within("run", 600_000);
await playTimeline(makePlan(parseScenario(text, "hung.yaml", catalogue), { seed: 1, lacking: nothingLacking }), {
  cluster,
  clock: testClock,
  timelineStartMs: testClock.nowMs(),
  leadership: () => ({ leader: "etcd-1", term: 2 }),
  record: (event) => void (event.type === "fault" && process.stdout.write(`${event.state}\n`)),
  signal: new AbortController().signal,
  limits: watchdog,
  healingLimitMs: 1_000,
});
setInterval(() => undefined, 60_000);
