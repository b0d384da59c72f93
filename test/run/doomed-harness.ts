import { MonotonicClock } from "../../src/clock.ts";
import { watchViolations } from "../../src/run/violation-watch.ts";
import { neverViolated } from "./run-going-on.ts";

// Lets a run be watched; the test kills this process in the middle of it.
const [folder = "", runId = ""] = process.argv.slice(2);
await watchViolations({ conditions: neverViolated, folder, runId, originNs: new MonotonicClock().originNs, onEnd: () => undefined });
process.send?.("watched");
