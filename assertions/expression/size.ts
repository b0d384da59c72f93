import { formatDuration } from "../../src/units/duration.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { countChanges } from "../leader-changes.ts";
import { firstLine } from "../log-first.ts";
import { findLines, unknownField } from "../log-lines.ts";
import { measureValues, valueMeasures } from "../log-values.ts";
import { measureMetric, type MetricQuery } from "../measure.ts";
import { formatOf, measuredText, observedText } from "../metric.ts";
import { notToItsEnd } from "../slo-objectives.ts";
import type { SeenWindow } from "../window.ts";
import { counted } from "../words.ts";
import { metricMeasure } from "./functions.ts";
import { intervalOf } from "./interval.ts";
import { sizeOperations } from "./operations.ts";
import type { Sized, Unsized } from "./sized.ts";
import { testsOf } from "./log-tests.ts";
import type { LogLines, Measure, Quantity, Source } from "./syntax.ts";

/** Whom a quantity is about: some members, added up where there are several, or all of the cluster where none are named. */
export interface Whom {
  readonly members: readonly string[] | undefined;
  readonly who: string;
}

/** Measures one quantity in one part of the run. */
export function sizeQuantity(recording: Recording, { measure, source }: Pick<Quantity, "measure" | "source">, { members, who }: Whom, window: SeenWindow): Sized | Unsized {
  switch (source.of) {
    case "metric":
      return sizeMetric(recording, queryOf(measure, source), members ?? [], who, window);
    case "operations":
      return sizeOperations(recording, { measure, source }, members, window);
    case "log":
      return measure.name === "first" ? sizeFirst(recording, source.lines, members ?? [], who, window) : sizeLog(recording, source.lines, members ?? [], who, window);
    case "log-field":
      return sizeField(recording, measure, source, members ?? [], who, window);
    case "leaders":
      return sizeChanges(recording, window);
  }
}

/** The query of the kind `metric` that measures the same. */
export function queryOf(measure: Measure, { name, labels }: Extract<Source, { of: "metric" }>): MetricQuery {
  return { name, labels, measure: metricMeasure(measure), quantile: measure.name === "quantile" ? measure.quantile : 0 };
}

function sizeMetric(recording: Recording, query: MetricQuery, members: readonly string[], who: string, window: SeenWindow): Sized | Unsized {
  const measured = measureMetric(recording, members, query, window);
  if ("reason" in measured) return measured;
  const { value, certainty, notes, quantile, toMs } = measured;
  // The last value is that of one scrape, however long the window is.
  const fromMs = query.measure === "last" ? toMs : measured.fromMs;
  const format = formatOf(query);
  const uncertainty = quantile?.isLowerBound === true ? "it lies beyond the highest bucket" : notToItsEnd(window);
  return {
    interval: intervalOf(value, certainty),
    text: observedText(measured, format),
    ...(certainty.notLess && certainty.notMore ? {} : { doubt: notes.join("; ") || uncertainty }),
    evidence: [{ kind: "metric", atMs: fromMs, endMs: toMs, ...(members.length === 1 ? { member: who } : {}), text: measuredText(query, { ...measured, fromMs }, format) }],
  };
}

function sizeLog(recording: Recording, asked: LogLines, members: readonly string[], who: string, window: SeenWindow): Sized {
  const tests = testsOf(asked);
  const { lines: { length: count }, lost, doubt, evidence } = findLines(recording, members, who, tests, window);
  const why = count === 0 ? (unknownField(recording, tests) ?? lost) : doubt;
  const isAll = window.complete && why === undefined;
  return {
    interval: intervalOf(count, { notLess: true, notMore: isAll }),
    text: `${isAll ? "" : "at least "}${counted(count, "line")}`,
    ...(isAll ? {} : { doubt: why ?? notToItsEnd(window) }),
    evidence,
  };
}

function sizeFirst(recording: Recording, asked: LogLines, members: readonly string[], who: string, window: SeenWindow): Sized {
  const { seconds, certainty, observed, doubt, evidence } = firstLine(recording, members, who, testsOf(asked), window);
  const isSure = certainty.notLess && certainty.notMore;
  return { interval: intervalOf(seconds, certainty), text: observed, ...(isSure ? {} : { doubt: doubt ?? notToItsEnd(window) }), evidence };
}

function sizeField(recording: Recording, measure: Measure, { lines, field }: Extract<Source, { of: "log-field" }>, members: readonly string[], who: string, window: SeenWindow): Sized | Unsized {
  const quantile = measure.name === "quantile" ? measure.quantile : 0;
  const measured = measureValues(recording, members, who, { tests: testsOf(lines), field, measure: valueMeasures.find((name) => name === measure.name) ?? "max", quantile }, window);
  if ("reason" in measured) return measured;
  const { value, certainty, unit, text, doubt, evidence } = measured;
  return { interval: intervalOf(value, certainty), unit, text, ...(doubt === undefined ? {} : { doubt }), evidence };
}

function sizeChanges(recording: Recording, window: SeenWindow): Sized {
  const { changes, unseen: [gap], allSeen, evidence } = countChanges(recording, window);
  const doubt = gap === undefined ? notToItsEnd(window) : `too few members answered Status calls from ${formatDuration(gap.startMs)} to ${formatDuration(gap.endMs)}`;
  return {
    interval: intervalOf(changes.length, { notLess: true, notMore: allSeen }),
    text: `${allSeen ? "" : "at least "}${counted(changes.length, "change")}`,
    ...(allSeen ? {} : { doubt }),
    evidence,
  };
}
