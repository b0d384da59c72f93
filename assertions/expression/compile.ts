import { durationPattern } from "../../src/units/duration.ts";
import type { AssertionKind } from "../assertion.ts";
import { fsync, fsyncHistogram } from "../fsync.ts";
import { labelOptions, type LabelMatcher } from "../labels.ts";
import { leaderChanges } from "../leader-changes.ts";
import { log } from "../log.ts";
import { metric } from "../metric.ts";
import { slo } from "../slo.ts";
import { unitOf } from "./functions.ts";
import { matchOf } from "./log-tests.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Settled } from "./settle.ts";
import { queryOf } from "./size.ts";
import type { LogLines, Operator, Quantity, Source, Window } from "./syntax.ts";
import { termValue } from "./value.ts";
import { windowOptions } from "./windows.ts";

type Options = Readonly<Record<string, unknown>>;

/** A kind of assertion and options for it that say the same as an expression. */
export interface Compiled {
  readonly kind: AssertionKind;
  readonly options: Options;
}

/**
 * The assertion in the long form that says the same as an expression; undefined where none can. It
 * has to have its quantity on the left, and a number or a time on the right.
 */
export function compile(expression: Settled): Compiled | undefined {
  const { left, right, operator, temporal, over } = expression;
  if (temporal !== undefined || left.type !== "quantity" || quantitiesOf(right).length > 0 || over === "leader" || operator === "!=") return undefined;
  const where = left.window && windowText(left.window);
  if (where === undefined) return undefined;
  const { value } = termValue(right, () => ({ value: NaN, low: NaN, high: NaN }));
  const found = byShape(left, operator, value, { ...where, ...ofText(left, over) });
  return found?.kind.options.safeParse(found.options).success === true ? found : undefined;
}

function byShape({ measure, source }: Quantity, operator: Operator, value: number, where: Options): Compiled | undefined {
  switch (source.of) {
    case "metric":
      return ofMetric(measure, source, operator, value, where);
    case "operations":
      return ofOperations(measure, source, operator, value, where);
    case "log":
      return ofLog(measure, source.lines, operator, value, where);
    case "log-field":
      return undefined;
    case "leaders": {
      const bounds = wholeBounds(operator, value);
      return bounds && { kind: leaderChanges, options: { ...bounds, ...where } };
    }
  }
}

const boundNames: Readonly<Partial<Record<Operator, string>>> = { ">": "above", ">=": "at-least", "<": "below", "<=": "at-most", "==": "equals" };

function ofMetric(measure: Quantity["measure"], source: Extract<Source, { of: "metric" }>, operator: Operator, value: number, where: Options): Compiled | undefined {
  const { name, labels: matchers, measure: metricMeasure, quantile } = queryOf(measure, source);
  const labels = labelsOf(matchers);
  if (labels === undefined) return undefined;
  const below = unitOf({ measure, source }) === "time" ? durationText(value) : undefined;
  if (name === fsyncHistogram && measure.name === "quantile" && operator === "<" && Object.keys(labels).length === 0 && below !== undefined) {
    return { kind: fsync, options: { quantile, below, ...where } };
  }
  const bound = boundNames[operator];
  if (bound === undefined) return undefined;
  return { kind: metric, options: { name, labels, measure: metricMeasure, ...(measure.name === "quantile" ? { quantile } : {}), [bound]: value, ...where } };
}

/** As an author writes them; undefined where one label is asked for the same thing twice. */
function labelsOf(matchers: readonly LabelMatcher[]): Options | undefined {
  const labels = new Map<string, Options>();
  for (const { label, sign, value } of matchers) {
    const before = labels.get(label) ?? {};
    if (Object.hasOwn(before, labelOptions[sign])) return undefined;
    labels.set(label, { ...before, [labelOptions[sign]]: value });
  }
  return Object.fromEntries([...labels].map(([label, asked]) => [label, Object.keys(asked).join() === labelOptions["="] ? asked[labelOptions["="]] : asked]));
}

/** What `slo` can say: it is of all clients. */
function ofOperations(measure: Quantity["measure"], { op, outcome }: Extract<Source, { of: "operations" }>, operator: Operator, value: number, where: Options): Compiled | undefined {
  if (outcome !== undefined || where.of !== undefined) return undefined;
  const options = { op, ...where };
  if (measure.name === "availability" && operator === ">=") return { kind: slo, options: { ...options, availability: value } };
  const time = durationText(value);
  if (time === undefined) return undefined;
  if (measure.name === "quantile" && operator === "<") return { kind: slo, options: { ...options, latency: { quantile: measure.quantile, below: time } } };
  return measure.name === "unavailability" && operator === "<=" ? { kind: slo, options: { ...options, "longest-unavailability": time } } : undefined;
}

function ofLog(measure: Quantity["measure"], lines: LogLines, operator: Operator, value: number, where: Options): Compiled | undefined {
  const match = matchOf(lines);
  if (match === undefined) return undefined;
  if (measure.name === "first") {
    const within = durationText(value);
    return operator === "<=" && within !== undefined ? { kind: log, options: { match, first: { within }, ...where } } : undefined;
  }
  const { "at-least": atLeast, "at-most": atMost } = wholeBounds(operator, value) ?? {};
  if (atMost === undefined && atLeast !== undefined && atLeast > 0) return { kind: log, options: { match, "at-least": atLeast, ...where } };
  return atMost === 0 ? { kind: log, options: { match, none: true, ...where } } : undefined;
}

/** Bounds of a whole number of at least 0. */
function wholeBounds(operator: Operator, value: number): { readonly "at-least"?: number; readonly "at-most"?: number } | undefined {
  switch (operator) {
    case ">":
      return { "at-least": Math.floor(value) + 1 };
    case ">=":
      return { "at-least": Math.ceil(value) };
    case "<":
      return { "at-most": Math.ceil(value) - 1 };
    case "<=":
      return { "at-most": Math.floor(value) };
    case "==":
      return Number.isInteger(value) ? (value === 0 ? { "at-most": 0 } : { "at-least": value, "at-most": value }) : undefined;
    case "!=":
      return undefined;
  }
}

/** A window as an author writes it in the long form; undefined where none says the same. */
export function windowText(window: Window): Options | undefined {
  const options = windowOptions(window);
  if (options === undefined) return undefined;
  const { during, after, within } = options;
  return { during, ...(after === undefined ? {} : { after: `${after}ms` }), ...(within === undefined ? {} : { within: `${within}ms` }) };
}

function ofText({ summed, source }: Quantity, over: string | undefined): Options {
  if (source.of === "leaders") return {};
  return summed === true ? { of: "all" } : over === undefined ? {} : { of: over };
}

/** As an author would write it; undefined for a time that cannot be written so. */
function durationText(seconds: number): string | undefined {
  const text = `${Number((seconds * 1_000).toPrecision(12))}ms`;
  return durationPattern.test(text) ? text : undefined;
}
