import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";

/**
 * Draws one file of a run's folder. Pure: the same recording and results give the same
 * text, byte for byte. `scenarioText` and `planText` are the files as they were run, `metrics` those that the scenario wants drawn,
 * `allRuns` where the page over all runs is, as seen from the folder.
 */
export type Render = (recording: Recording, results: Results, scenarioText: string, planText: string, metrics?: readonly ChosenMetric[], allRuns?: string) => string;

/** A metric of the members that is to be drawn: its values, or for a counter by how much a second it grew. */
export interface ChosenMetric {
  readonly name: string;
  readonly measure: "value" | "rate";
}

export interface Renderer {
  /** Name of the file in the run's folder. */
  readonly file: "report.html" | "counterexamples.json" | "junit.xml" | "summary.md" | "trace.json";
  readonly render: Render;
}
