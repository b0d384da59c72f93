import { quantile } from "../src/analysis/latency.ts";
import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { ifSeen, uncertain, type Certainty } from "./bounds.ts";
import { findLines, lineEvidence } from "./log-lines.ts";
import { fieldText, fieldValue, type FieldTest, type FieldUnit } from "./log-match.ts";
import type { Evidence } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";
import { counted, excerpt, figure } from "./words.ts";

export const valueMeasures = ["max", "min", "avg", "quantile"] as const;

/** What is to be known of the values that a field has in some lines. */
export interface ValueQuery {
  readonly tests: readonly FieldTest[];
  readonly field: string;
  readonly measure: (typeof valueMeasures)[number];
  /** 0 to 1, for `quantile`. */
  readonly quantile: number;
}

export interface MeasuredValues {
  /** Of durations in seconds. */
  readonly value: number;
  readonly unit: FieldUnit;
  readonly certainty: Certainty;
  /** `1.09 s (of 12 lines)`, with its sign where it is but a bound. */
  readonly text: string;
  /** Why the true value may be another one. */
  readonly doubt: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** Measures a field of the lines of some members; without any such line there is nothing to say. */
export function measureValues(recording: Recording, members: readonly string[], who: string, query: ValueQuery, window: SeenWindow): MeasuredValues | { readonly reason: string } {
  const { tests, field, measure } = query;
  const found = findLines(recording, members, who, tests, window);
  if (found.lines.length === 0) return { reason: found.lost ?? `no line matched in ${window.name}, so that there is no ${field}` };
  const valued = found.lines.flatMap((line) => {
    const value = fieldValue(line, field);
    return value === undefined ? [] : [{ line, ...value }];
  });
  const [first] = valued;
  if (first === undefined) return { reason: `none of ${counted(found.lines.length, "line")} has a ${field} that is a duration or a number` };
  const odd = valued.find(({ unit }) => unit !== first.unit);
  if (odd !== undefined) return { reason: `${field} is "${fieldText(first.line, field) ?? ""}" in one line and "${fieldText(odd.line, field) ?? ""}" in another` };
  const sorted = [...valued].sort((a, b) => a.value - b.value);
  const value = statistic(query, sorted.map((each) => each.value));
  const missing = found.lines.length - valued.length;
  const doubt = found.doubt ?? (missing > 0 ? `${counted(missing, "line")} had no ${field} that can be read` : window.complete ? undefined : `${window.name} was not seen to its end`);
  const certainty = ifSeen(doubt === undefined, { max: { notLess: true, notMore: false }, min: { notLess: false, notMore: true }, avg: uncertain, quantile: uncertain }[measure]);
  const sign = certainty.notLess === certainty.notMore ? "" : certainty.notLess ? "at least " : "at most ";
  const shown = measure === "min" ? sorted : sorted.reverse();
  return {
    value,
    unit: first.unit,
    certainty,
    text: `${sign}${valueText(value, first.unit)} (of ${counted(valued.length, "line")})`,
    doubt,
    evidence: shown.slice(0, 10).map(({ line, ...each }) => ({ ...lineEvidence(line), text: excerpt(`${field} ${valueText(each.value, each.unit)}: ${line.msg}`) })),
  };
}

/** As people read it. */
export function valueText(value: number, unit: FieldUnit): string {
  return unit === "time" ? formatDuration(value * 1_000) : figure(value);
}

function statistic({ measure, quantile: q }: ValueQuery, sorted: readonly number[]): number {
  const [least = 0] = sorted;
  switch (measure) {
    case "min":
      return least;
    case "max":
      return sorted.at(-1) ?? least;
    case "avg":
      return sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
    case "quantile":
      return quantile(sorted, q) ?? least;
  }
}
