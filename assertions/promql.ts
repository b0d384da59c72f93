import { z } from "zod";

import { queryTrouble } from "../src/promql/syntax.ts";
import { upQuery, type PromqlAnswer } from "../src/recording/promql.ts";
import type { Recording } from "../src/recording/recording.ts";
import { defineAssertion } from "./assertion.ts";
import { boundNames, boundsText, contradiction } from "./bounds.ts";
import { verdictOf } from "./members.ts";
import { formatOf, judgeSeries, momentsIn, seriesText, unscraped } from "./promql-series.ts";
import { boundsOf, thresholds } from "./thresholds.ts";
import type { Verdict } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { excerpt } from "./words.ts";

const query = z
  .string()
  .check(({ value, issues }) => {
    const trouble = queryTrouble(value);
    if (trouble === undefined) return;
    const { start, end, message, hint } = trouble;
    issues.push({ code: "custom", message: `cannot be asked: ${message}`, params: { within: { start, end }, hint }, path: [], input: value });
  })
  .meta({ description: "What Prometheus is asked, in PromQL. Series have the labels member, job and instance beside their own." });

const options = z
  .strictObject({
    query,
    when: z.enum(["always", "eventually", "at-end"]).default("always").meta({ description: "At every moment, at one at least, or at the last one; of each series." }),
    ...thresholds,
    ...windowShape,
  })
  .check(({ value, issues }) => {
    const impossible = contradiction(boundsOf(value));
    if (boundNames.every((name) => value[name] === undefined)) issues.push({ code: "custom", message: `needs one of ${boundNames.join(", ")}`, path: [], input: value });
    else if (impossible !== undefined) issues.push({ code: "custom", message: impossible, path: [], input: value });
  });

type Options = z.output<typeof options>;

/** Prometheus scrapes the members while the run lasts, and is asked when the timeline is over. */
export const promql = defineAssertion({
  kind: "promql",
  summary: "What a PromQL query comes to, asked of a real Prometheus that scrapes the members.",
  options,
  title: (given) => `PromQL ${excerpt(given.query.replace(/\s+/g, " ").trim(), 120)} ${windowTitle(given)}`,
  phases: windowPhases,
  isWindowed: true,
  promql: (given) => given.query,
  judge: (recording, given) => judgeWindow(recording, given, boundText(given), (window) => judge(recording, given, window)),
});

function judge(recording: Recording, given: Options, window: SeenWindow): Verdict {
  const bound = boundText(given);
  const open = (reason: string): Verdict => ({ outcome: "inconclusive", observed: "nothing", bound, reason, evidence: [] });
  const answer = answerTo(recording, given.query);
  if ("reason" in answer) return open(answer.reason);
  const up = answerTo({ promql: recording.promql.filter((each) => each.query !== upQuery || (each.fromMs === answer.fromMs && each.stepMs === answer.stepMs)) }, upQuery);
  if ("reason" in up) return open(`which scrapes were successful is not known: ${up.reason}`);
  const moments = momentsIn(answer, window);
  if (moments.length === 0) return open(`no moment of ${window.name} was asked for: it scrapes every ${answer.stepMs} ms`);
  const wanted = new Set(moments);
  const seen = answer.series.filter(({ points }) => points.some(([atMs]) => wanted.has(atMs)));
  if (seen.length === 0) return open(`Prometheus had nothing for this query in ${window.name}: ${answer.series.length === 0 ? "nor in the rest of the run; is a name or a label misspelt?" : "only at other times"}`);
  const blind = unscraped(recording, up, moments);
  const bounds = boundsOf(given);
  const parts = seen.map((series) => judgeSeries(recording, series, { ...given, bounds, format: formatOf(given), window, moments, blind, stepMs: answer.stepMs }));
  return verdictOf(parts.map((part, index) => ({ ...part, who: seriesText(seen[index]?.labels ?? {}) })), "each", bound, "series");
}

type Answered = Extract<PromqlAnswer, { series: unknown }>;

function answerTo({ promql: answers }: Pick<Recording, "promql">, asked: string): Answered | { readonly reason: string } {
  const answer = answers.find((each) => each.query === asked);
  if (answer === undefined) return { reason: "this query was not asked while it ran" };
  if ("series" in answer) return answer;
  return { reason: answer.hint === undefined ? answer.error : `${answer.error}. ${answer.hint}` };
}

function boundText(given: Options): string {
  const when = { always: "always", eventually: "eventually", "at-end": "at the end" }[given.when];
  return `${when} ${boundsText(boundsOf(given), formatOf(given))}`;
}
