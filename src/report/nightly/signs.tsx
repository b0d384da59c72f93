import type { Attempt, EndedTurn } from "../../nightly/nightly.ts";
import { attemptsOf, standingOf } from "../../nightly/standing.ts";
import { attemptWords, standingWords, turnName, turnText } from "./words.ts";

/** The runs of one turn: a sign for each that leads to its report, repetitions in brackets. */
export function Signs({ turn }: { turn: EndedTurn }) {
  const [first, ...again] = attemptsOf(turn);
  if (first === undefined) return <span title={turnText(turn)}>{standingWords[standingOf(turn.end)].glyph} </span>;
  return (
    <span class="nowrap">
      <Sign turn={turn} attempt={first} />
      {again.length === 0 ? null : <> ({again.map((attempt) => <Sign turn={turn} attempt={attempt} />)})</>}{" "}
    </span>
  );
}

function Sign({ turn, attempt }: { turn: EndedTurn; attempt: Attempt }) {
  const { glyph, tone } = standingWords[attempt.outcome];
  const words = `${turnName(turn)}: ${attemptWords(attempt)}`;
  const sign = (
    <span class={`badge ${tone ?? ""}`} title={words}>
      {glyph}
    </span>
  );
  return attempt.folder === undefined ? sign : <a href={reportOf(attempt.folder)} aria-label={words}>{sign}</a>;
}

/** The report of a run, from the folder of all runs. */
export function reportOf(folder: string): string {
  return `${folder.split("/").map(encodeURIComponent).join("/")}/report.html`;
}
