// Records until it is killed: run with the folder as its argument.
import { MonotonicClock } from "../../src/clock.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { runInfo } from "./run-info.ts";

const clock = new MonotonicClock();
const recorder = Recorder.create(process.argv[2] ?? "", runInfo, clock);
recorder.event({ type: "phase", atMs: clock.nowMs(), phase: "baseline", state: "started" });
for (let count = 1; ; count += 1) {
  const atMs = clock.nowMs();
  const ts = new Date(clock.wallMs()).toISOString();
  recorder.event({ type: "note", atMs, level: "info", text: `event ${count}` });
  recorder.status({ kind: "status", atMs, member: "etcd-1", ok: true, leader: "etcd-1", term: 2, revision: count, raftIndex: count, appliedIndex: count });
  recorder.metrics({ atMs, member: "etcd-1", full: count === 1, values: { count } });
  recorder.logLine("etcd-1", JSON.stringify({ level: "info", ts, msg: `line ${count}` }));
  process.stdout.write(`${count} ${atMs}\n`);
  await clock.sleep(2);
}
