import Table from "cli-table3";
import picocolors from "picocolors";
import type { Outcome } from "../../../assertions/verdict.ts";
import type { EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf, byScenario, standingOf } from "../../nightly/standing.ts";
import { formatDuration } from "../../units/duration.ts";
import { blankFrame } from "../terminal.ts";
import { oneLine, printable } from "../text.ts";
import { nightlyOutcome, nightlySentence, standingWords, turnText } from "./words.ts";

export interface ManyRunsTerminalOptions {
  readonly reportPath: string;
  readonly columns: number;
  readonly colour: boolean;
}

const columnsMax = 140;

/** What a nightly prints when it is over: a row for each scenario, those to look at first, and how to run them again. */
export function renderNightlyTerminal(nightly: Nightly, { reportPath, columns, colour }: ManyRunsTerminalOptions): string {
  const colours = picocolors.createColors(colour);
  const painted = paints(colour);
  const table = new Table({ chars: blankFrame, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } });
  for (const { scenario, standing, turns } of byScenario(nightly.turns)) {
    const { glyph, word, tone } = standingWords[standing];
    const passed = turns.filter(({ end }) => standingOf(end) === "pass").length;
    const tookMs = turns.flatMap(attemptsOf).reduce((sum, attempt) => sum + attempt.tookMs, 0);
    table.push([painted(tone, `${glyph} ${word}`), printable(scenario), turns.length === 1 ? "" : `${passed} of ${turns.length} passed`, tookMs === 0 ? "" : formatDuration(Math.round(tookMs / 1_000) * 1_000)]);
  }
  const told = toldLines(nightly.turns.filter(({ end }) => standingOf(end) !== "pass"), { columns, colour });
  return [
    table.toString().split("\n").map((line) => line.trimEnd()).join("\n"),
    "",
    ...told,
    ...(told.length === 0 ? [] : [""]),
    colours.bold(painted(nightlyOutcome(nightly), nightlySentence(nightly))),
    `${colours.dim("report")}  ${printable(reportPath)}`,
    "",
  ].join("\n");
}

/** What a text is painted with by its tone; dim without one. */
export function paints(colour: boolean): (tone: Outcome | undefined, text: string) => string {
  const colours = picocolors.createColors(colour);
  const paint = { fail: colours.red, inconclusive: colours.yellow, pass: colours.green } as const;
  return (tone, text) => (tone === undefined ? colours.dim(text) : paint[tone](text));
}

/** Why each of these turns is what it is, and how to run it again. */
export function toldLines(turns: readonly EndedTurn[], { columns, colour }: Pick<ManyRunsTerminalOptions, "columns" | "colour">): string[] {
  const { dim } = picocolors.createColors(colour);
  const painted = paints(colour);
  const width = Math.max(40, Math.min(columns, columnsMax));
  return turns.flatMap((turn) => [
    `${painted(standingWords[standingOf(turn.end)].tone, printable(turn.scenario))} ${turn.etcd === undefined ? "" : `on etcd ${printable(turn.etcd)} `}seed ${turn.seed}: ${oneLine(turnText(turn), 4 * width)}`,
    ...[...new Set(attemptsOf(turn).flatMap(({ replay }) => replay ?? []))].map((replay) => `  ${dim("replay")}  ${printable(replay)}`),
  ]);
}
