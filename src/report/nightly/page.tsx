import type { Attempt, EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf, byScenario, standingOf, type ScenarioTurns } from "../../nightly/standing.ts";
import { formatDuration } from "../../units/duration.ts";
import { Document, pageText } from "../html/document.tsx";
import type { Limits } from "../html/limits.ts";
import { BackToAllRuns, Headline, Section, Table } from "../html/sections/parts.tsx";
import { outcomeWords } from "../outcome-words.ts";
import { clip, counted } from "../text.ts";
import { attemptWords, findingsOfTurn, nightlyOutcome, nightlyRules, nightlySentence, standingWords, turnText } from "./words.ts";

/** `nightly.html`: scenarios and their runs, each a sign that leads to its report. Lies in the folder of all runs. */
export function renderNightlyHtml(nightly: Nightly): string {
  return pageText((limits) => <Page nightly={nightly} limits={limits} />);
}

function Page({ nightly, limits }: { nightly: Nightly; limits: Limits }) {
  const outcome = nightlyOutcome(nightly);
  const { glyph, word } = outcomeWords[outcome];
  const scenarios = byScenario(nightly.turns);
  const told = scenarios.flatMap(({ turns }) => turns.filter(({ end }) => standingOf(end) !== "pass"));
  return (
    <Document title={`${glyph} Nightly: ${word}`} skipTo={{ id: "scenarios", words: "Skip to the scenarios" }}>
      <header class={outcome}>
        <BackToAllRuns href="index.html" />
        <p class="eyebrow">
          <strong>Nightly</strong> {nightly.startedAt.slice(0, 16).replace("T", " ")} UTC
        </p>
        <Headline outcome={outcome} sentence={nightlySentence(nightly)} />
      </header>
      <Section id="scenarios" title="Scenarios" lead="A sign for each run, which leads to its report; those in brackets are repetitions of the one before.">
        <Table label="Scenarios">
          <thead>
            <tr>
              <th scope="col">Verdict</th>
              <th scope="col">Scenario</th>
              <th scope="col">Runs</th>
              <th scope="col" class="number">
                Passed
              </th>
            </tr>
          </thead>
          <tbody>
            {scenarios.map((each) => (
              <Row each={each} limits={limits} />
            ))}
          </tbody>
        </Table>
      </Section>
      {told.length === 0 ? null : (
        <Section id="told" title="What did not pass, and why">
          {told.slice(0, limits.assertions).map((turn) => (
            <Told turn={turn} limits={limits} />
          ))}
          {told.length > limits.assertions ? <p class="notice">{counted(told.length - limits.assertions, "more run")} in nightly.json.</p> : null}
        </Section>
      )}
      <Conditions nightly={nightly} />
    </Document>
  );
}

function Row({ each: { scenario, standing, turns }, limits }: { each: ScenarioTurns; limits: Limits }) {
  const { glyph, word, tone } = standingWords[standing];
  return (
    <tr class={tone}>
      <td>
        <span class={`badge ${tone ?? "quiet"}`}>
          <span aria-hidden="true">{glyph}</span> {word}
        </span>
      </td>
      <th scope="row">{clip(scenario, limits.text)}</th>
      <td>{turns.slice(0, limits.assertions).map((turn) => <Signs turn={turn} />)}</td>
      <td class="number">
        {turns.filter(({ end }) => standingOf(end) === "pass").length} of {turns.length}
      </td>
    </tr>
  );
}

/** The runs of one seed. */
function Signs({ turn }: { turn: EndedTurn }) {
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
  const words = `${turn.scenario}, seed ${turn.seed}: ${attemptWords(attempt)}`;
  const sign = (
    <span class={`badge ${tone ?? ""}`} title={words}>
      {glyph}
    </span>
  );
  return attempt.folder === undefined ? sign : <a href={reportOf(attempt.folder)} aria-label={words}>{sign}</a>;
}

function reportOf(folder: string): string {
  return `${folder.split("/").map(encodeURIComponent).join("/")}/report.html`;
}

function Told({ turn, limits }: { turn: EndedTurn; limits: Limits }) {
  const standing = standingWords[standingOf(turn.end)];
  const replays = [...new Set(attemptsOf(turn).flatMap(({ replay }) => replay ?? []))];
  return (
    <div class={standing.tone}>
      <h3>
        <span aria-hidden="true">{standing.glyph}</span> {standing.word}: {clip(turn.scenario, limits.text)}, seed {turn.seed}
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
          <code class="command">{clip(replay, limits.text)}</code>
        </p>
      ))}
    </div>
  );
}

function Conditions({ nightly: { jobs, timeLimitMs, retries, repeat, seed } }: { nightly: Nightly }) {
  return (
    <Section id="conditions" title="How it was run, and how to read it">
      <ul class="bulleted">
        {nightlyRules.map((rule) => (
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
