import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../src/catalogue.ts";
import type { MonotonicClock } from "../../src/clock.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import type { AbortConditions } from "../../src/scenario/scenario.ts";
import { runInfo } from "../recording/run-info.ts";

const text = `description: Nobody panics.
timeline: [ { phase: calm, duration: 1h } ]
abort-if:
  violated:
    - log: { match: panic, none: true }
      title: nobody panics
assertions: [ { leader-changes: { at-most: 0 } } ]
`;

/** The conditions of the run's scenario. */
export const neverViolated: AbortConditions | undefined = parseScenario(text, "calm.yaml", catalogue).abortIf;

/** The folder of a run in its first phase, as the harness writes it. */
export function runGoingOn(folder: string, clock: MonotonicClock): Recorder {
  const recorder = Recorder.create(folder, { ...runInfo, startedAt: new Date(clock.wallMs() - clock.nowMs()).toISOString() }, clock);
  writeFileSync(join(folder, "scenario.yaml"), text);
  writeFileSync(recorder.historyPath, "");
  recorder.event({ type: "phase", atMs: clock.nowMs(), phase: "calm", state: "started" });
  return recorder;
}

/** A line as a member writes it now. */
export function lineNow(clock: MonotonicClock, msg: string): string {
  return JSON.stringify({ level: "info", ts: new Date(clock.wallMs()).toISOString(), caller: "a.go:1", msg });
}
