import type { EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf, standingOf } from "../../nightly/standing.ts";
import { formatDuration } from "../../units/duration.ts";
import type { Limits } from "../html/limits.ts";
import { Command, Section } from "../html/sections/parts.tsx";
import { clip, counted } from "../text.ts";
import { findingsOfTurn, standingWords, turnName, turnText } from "./words.ts";

/** What did not pass, with the reasons and the commands that run it again. @param rest where those are that are too many */
export function Told({ turns, limits, rest }: { turns: readonly EndedTurn[]; limits: Limits; rest: string }) {
  if (turns.length === 0) return null;
  return (
    <Section id="told" title="What did not pass, and why">
      {turns.slice(0, limits.assertions).map((turn) => (
        <ToldTurn turn={turn} limits={limits} />
      ))}
      {turns.length > limits.assertions ? <p class="notice">{counted(turns.length - limits.assertions, "more run")} {rest}.</p> : null}
    </Section>
  );
}

function ToldTurn({ turn, limits }: { turn: EndedTurn; limits: Limits }) {
  const standing = standingWords[standingOf(turn.end)];
  const replays = [...new Set(attemptsOf(turn).flatMap(({ replay }) => replay ?? []))];
  return (
    <div class={standing.tone}>
      <h3>
        <span aria-hidden="true">{standing.glyph}</span> {standing.word}: {clip(turnName(turn), limits.text)}
      </h3>
      <p>{clip(turnText(turn), 2 * limits.text)}</p>
      <ul class="bulleted">
        {findingsOfTurn(turn)
          .slice(0, 10)
          .map(({ title, line, text }) => (
            <li>
              {clip(title, limits.text)}
              {line === undefined ? null : <span class="quiet"> (line {line})</span>}: {clip(text, limits.text)}
            </li>
          ))}
      </ul>
      {replays.map((replay) => (
        <p>
          <Command text={clip(replay, limits.text)} />
        </p>
      ))}
    </div>
  );
}

/** How many runs were played how, and the rules by which they are to be read. */
export function Conditions({ runs: { jobs, timeLimitMs, retries, repeat, seed }, rules }: { runs: Pick<Nightly, "jobs" | "timeLimitMs" | "retries" | "repeat" | "seed">; rules: readonly string[] }) {
  return (
    <Section id="conditions" title="How it was run, and how to read it">
      <ul class="bulleted">
        {rules.map((rule) => (
          <li>{rule}</li>
        ))}
        <li>
          Seed {seed} and those that follow; {counted(repeat, "run")} of each scenario, {counted(retries, "retry", "retries")}
          {timeLimitMs === undefined ? "" : `, within ${formatDuration(timeLimitMs)}`}.
        </li>
        <li>
          Side by side: {jobs.first} at first, since {jobs.because}.
        </li>
        {jobs.changes.map(({ afterMs, jobs: many, because }) => (
          <li>
            {many} from {formatDuration(Math.round(afterMs / 1_000) * 1_000)} on, since {because}.
          </li>
        ))}
      </ul>
    </Section>
  );
}
