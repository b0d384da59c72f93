import { join } from "node:path";

import { HarnessError } from "../errors.ts";

/** The files of a run's folder that a recording is made of. */
export const files = {
  info: "run.json",
  events: "events.jsonl",
  history: "history.jsonl",
  watches: "watches.jsonl",
  metrics: "metrics.jsonl",
  status: "status.jsonl",
  telemetry: "telemetry.jsonl",
  machine: "machine.jsonl",
  promql: "promql.jsonl",
  logs: "logs",
} as const;

/** `logs/etcd-1.log`, relative to the run's folder. */
export function logFile(member: string): string {
  if (!/^[\w-][\w.-]*$/.test(member)) throw new HarnessError("internal", `${JSON.stringify(member)} cannot be the name of a log file`);
  return join(files.logs, `${member}.log`);
}
