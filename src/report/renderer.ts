import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";

/**
 * Draws one file of a run's folder. Pure: the same recording and results give the same
 * text, byte for byte. `scenarioText` and `planText` are the files as they were run.
 */
export type Render = (recording: Recording, results: Results, scenarioText: string, planText: string) => string;

export interface Renderer {
  /** Name of the file in the run's folder. */
  readonly file: "report.html" | "counterexamples.json" | "junit.xml" | "summary.md" | "trace.json";
  readonly render: Render;
}
