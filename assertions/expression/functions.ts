import { inSeconds } from "../metric.ts";
import { measures } from "../measure.ts";
import type { Interval } from "./interval.ts";
import type { Measure, Quantity, Source } from "./syntax.ts";

/** What a function can be of. */
export type SourceKind = Source["of"];

/** Every function of the language but `pNN`, `quantile` and `sum`, with what it can be of. */
export const functions: Readonly<Record<Exclude<Measure["name"], "quantile" | "leader-changes">, readonly SourceKind[]>> = {
  increase: ["metric"],
  rate: ["metric", "operations"],
  delta: ["metric"],
  min: ["metric", "operations", "log-field"],
  max: ["metric", "operations", "log-field"],
  avg: ["metric", "operations", "log-field"],
  value: ["metric"],
  count: ["operations", "log"],
  first: ["log"],
  availability: ["operations"],
  unavailability: ["operations"],
};

/** What `pNN` and `quantile` can be of. */
export const quantileSources: readonly SourceKind[] = ["metric", "operations", "log-field"];

/** Beside those of the table. */
export const quantileName = "quantile";
export const sumName = "sum";
export const leaderChangesName = "leader-changes";

/** How a kind of source is called in messages. */
export const sourceWords: Readonly<Record<SourceKind, string>> = {
  metric: "a metric",
  operations: "operations of clients, such as put or any",
  log: "log lines, such as log /elected leader/",
  "log-field": "a field of log lines, such as log(\"took too long\").took",
  leaders: "leaders",
};

/** What the functions of a kind of source are, for messages. */
export function functionsOf(kind: SourceKind): string[] {
  const named = Object.entries(functions).filter(([, kinds]) => kinds.includes(kind)).map(([name]) => name);
  return quantileSources.includes(kind) ? [...named, "p99"] : named;
}

export type Unit = "number" | "time";

/** What a quantity is counted in; a rate is a plain number, that of a second. What a field of a log holds is known only from the log. */
export function unitOf({ measure, source }: Pick<Quantity, "measure" | "source">): Unit | "any" {
  if (source.of === "log-field") return "any";
  if (source.of === "log" && measure.name === "first") return "time";
  if (source.of === "metric") return inSeconds({ name: source.name, measure: metricMeasure(measure) }) ? "time" : "number";
  if (source.of !== "operations") return "number";
  return measure.name === "count" || measure.name === "rate" || measure.name === "availability" ? "number" : "time";
}

/** The name that a measure of a metric has in the kind `metric`. */
export function metricMeasure({ name }: Measure): (typeof measures)[number] {
  return measures.find((measure) => measure === name) ?? "last";
}

const any: Interval = { value: 0, low: -Infinity, high: Infinity };
const notNegative: Interval = { value: 0, low: 0, high: Infinity };

/** The values that a quantity can have at all. */
export function rangeOf(quantity: Pick<Quantity, "measure" | "source">): Interval {
  const { measure, source } = quantity;
  if (measure.name === "availability") return { value: 1, low: 0, high: 1 };
  if (source.of === "log-field") return any;
  if (source.of !== "metric" || measure.name === "increase" || measure.name === "rate") return notNegative;
  return unitOf(quantity) === "time" && measure.name !== "delta" ? notNegative : any;
}
