import { MonotonicClock } from "../../src/clock.ts";
import { kv } from "../../src/workloads/kv.ts";
import { startWorkload } from "../../src/workloads/runner.ts";

// Starts a load and tells its pid; the test kills this process in the middle of it.
const [url = "", historyPath = ""] = process.argv.slice(2);
const { originNs } = new MonotonicClock();
const workload = await startWorkload({ workloads: { titles: [], parts: [kv.bind({})] }, seed: 1, runId: `test-${process.pid}`, originNs, historyPath, watchesPath: `${historyPath}.watches` });
await workload.begin([{ member: "etcd-1", url }]);
process.send?.(workload.pid);
