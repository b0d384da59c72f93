import { markedProcesses } from "../../src/watchdog/processes.ts";
import { describeClusterConformance } from "./cluster-conformance.ts";

describeClusterConformance({
  runtime: "local",
  leftovers: async (runId) => (await markedProcesses()).filter((found) => found.runId === runId).map(({ pid }) => `process ${pid}`),
});
