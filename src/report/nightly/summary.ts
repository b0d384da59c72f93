import type { EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf, byScenario, standingOf, type ScenarioTurns } from "../../nightly/standing.ts";
import { formatDuration } from "../../units/duration.ts";
import { fenced, markdown } from "../markdown.ts";
import { shortened } from "../../recording/operation-brief.ts";
import { fitting, stepSummaryBytesMax } from "../github/step-summary.ts";
import { counted } from "../text.ts";
import { findingsOfTurn, nightlyOutcome, nightlyRules, nightlySentence, standingWords, turnName, turnText } from "./words.ts";

/** A nightly has hundreds of runs at most, and its page has them all. */
const rowsMax = 200;
/** Of a table's cell: what is longer is told below. */
const whyMax = 160;
const roomForRest = 20_000;

/** `nightly.md`: what a CI job puts in its step summary. */
export function renderNightlySummary(nightly: Nightly): string {
  const { turns, jobs } = nightly;
  const scenarios = byScenario(turns);
  const told = scenarios.flatMap((each) => each.turns.filter(({ end }) => standingOf(end) !== "pass" && end.kind === "played"));
  const sign = { pass: "✅", fail: "❌", inconclusive: "❔" }[nightlyOutcome(nightly)];
  const head = [
    `## ${sign} Nightly: ${markdown(nightlySentence(nightly))}`,
    ``,
    `| | Scenario | Passed | Time | |`,
    `|:--|:--|--:|--:|:--|`,
    ...scenarios.slice(0, rowsMax).map(row),
    ``,
    ...(scenarios.length > rowsMax ? [`${counted(scenarios.length - rowsMax, "more scenario")} in nightly.html.`, ``] : []),
  ].join("\n");
  return withDetails(head, told, "nightly.html", [
    ...nightlyRules.map((rule) => `- ${rule}`),
    `- Side by side: ${jobs.first} at first (${markdown(jobs.because)})${jobs.changes.length === 0 ? "." : ":"}`,
    ...jobs.changes.slice(0, 20).map(({ afterMs, jobs: many, because }) => `  - ${many} after ${formatDuration(Math.round(afterMs / 1_000) * 1_000)}: ${markdown(because)}`),
  ]);
}

/** A summary's head, below it as many of the runs that did not pass as there is room for, and how to read it. @param page where all of them are */
export function withDetails(head: string, told: readonly EndedTurn[], page: string, reading: readonly string[]): string {
  const shown = fitting(told.map((turn) => turnDetails(turn).join("\n")), stepSummaryBytesMax - roomForRest - Buffer.byteLength(head));
  const left = told.length - shown.length;
  return [
    head,
    ...shown,
    ...(left > 0 ? [`${counted(left, "more run")} did not pass: see ${page}.`, ``] : []),
    `<details><summary>How to read it</summary>`,
    ``,
    ...reading,
    ``,
    `</details>`,
    ``,
  ].join("\n");
}

function row({ scenario, standing, turns }: ScenarioTurns): string {
  const { sign, word } = standingWords[standing];
  const passed = turns.filter(({ end }) => standingOf(end) === "pass").length;
  const tookMs = turns.flatMap(attemptsOf).reduce((sum, attempt) => sum + attempt.tookMs, 0);
  const [worst] = turns.filter(({ end }) => standingOf(end) === standing);
  const why = worst === undefined || standing === "pass" ? "" : turnText(worst);
  return `| ${sign} ${word} | ${markdown(scenario)} | ${passed} of ${turns.length} | ${tookMs === 0 ? "—" : formatDuration(Math.round(tookMs / 1_000) * 1_000)} | ${markdown(shortened(why, whyMax))} |`;
}

/** Of one that did not pass, folded away. */
function turnDetails(turn: EndedTurn): string[] {
  const { sign } = standingWords[standingOf(turn.end)];
  const attempts = attemptsOf(turn);
  const findings = findingsOfTurn(turn);
  const [replay] = attempts.flatMap((attempt) => attempt.replay ?? []);
  return [
    `<details><summary>${sign} ${markdown(turnName(turn))}</summary>`,
    ``,
    markdown(turnText(turn)),
    ``,
    ...findings.slice(0, 10).map(({ outcome, title, line, text }) => `- ${standingWords[outcome].sign} ${markdown(title)}${line === undefined ? "" : ` (line ${line})`}: ${markdown(text)}`),
    ...(findings.length === 0 ? [] : [``]),
    ...(replay === undefined ? [] : [fenced(replay), ``]),
    `</details>`,
    ``,
  ];
}
