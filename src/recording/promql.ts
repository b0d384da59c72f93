import { isInteger, isListOf, isLoose, isNumber, isOptional, isString, type Loose } from "./loose.ts";

/**
 * What Prometheus answered to a query that was asked of the whole timeline, or why it did not: a line of
 * `promql.jsonl`. `up` is always among them: which scrapes it made were successful.
 */
export type PromqlAnswer = {
  readonly query: string;
  /** The first and the last moment that it was asked for, and how far apart they are; it scrapes as often. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
} & ({ readonly series: readonly PromqlSeries[] } | { readonly error: string; readonly hint?: string });

export interface PromqlSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** At each moment that has one the value, as Prometheus writes it: JSON has no `NaN` and no `+Inf`. */
  readonly points: readonly (readonly [atMs: number, value: string])[];
}

/** Which scrapes were successful, as Prometheus itself asks for it. */
export const upQuery = "up";

/** Whether a line that was read is an answer of Prometheus. */
export function isPromqlAnswer(value: unknown): value is PromqlAnswer {
  if (!isLoose<PromqlAnswer & { series: object; error: string; hint: string }>(value)) return false;
  const { query, fromMs, toMs, stepMs, series, error, hint } = value;
  if (!isString(query) || !isNumber(fromMs) || !isNumber(toMs) || !isInteger(stepMs) || stepMs <= 0) return false;
  return error === undefined ? isListOf(isSeries, series) : isString(error) && isOptional(isString, hint);
}

function isSeries(value: unknown): boolean {
  if (!isLoose<PromqlSeries>(value)) return false;
  const { labels, points }: Loose<PromqlSeries> = value;
  return isLoose<Record<string, string>>(labels) && Object.values(labels).every(isString) && isListOf(isPoint, points);
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isString(value[1]);
}

/** A value as Prometheus writes it, as a number. */
export function sampleValue(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}
