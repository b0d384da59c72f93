import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { certain, type Certainty } from "./bounds.ts";
import { findLines, unknownField } from "./log-lines.ts";
import type { FieldTest } from "./log-match.ts";
import type { Evidence } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";

export interface FirstLine {
  /** From the window's start; where there is no such line, how long there was none. */
  readonly seconds: number;
  readonly certainty: Certainty;
  /** `first line after 1.2 s`. */
  readonly observed: string;
  /** Why it may have come at another time. */
  readonly doubt: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** When the first line of some members comes that passes all tests. An earlier one may have been lost; that there was none says that it comes later. */
export function firstLine(recording: Recording, members: readonly string[], who: string, tests: readonly FieldTest[], window: SeenWindow): FirstLine {
  const { lines: [first], lost, evidence } = findLines(recording, members, who, tests, window);
  if (first !== undefined) {
    const ms = first.atMs - window.startMs;
    return { seconds: ms / 1_000, certainty: { notLess: lost === undefined, notMore: true }, observed: `first line after ${formatDuration(ms)}`, doubt: lost, evidence: evidence.slice(0, 1) };
  }
  const doubt = lost ?? unknownField(recording, tests);
  const ms = window.endMs - window.startMs;
  return { seconds: ms / 1_000, certainty: { ...certain, notLess: doubt === undefined, notMore: false }, observed: `no line in ${formatDuration(ms)}`, doubt, evidence };
}
