import { formatDuration } from "../../units/duration.ts";
import { outcomeOfSearch, sentenceOfSearch, type Explored, type ExploredFinding } from "../explore/explored.ts";
import { outcomeWords } from "../outcome-words.ts";
import { clip, count, counted } from "../text.ts";
import { Document, pageText } from "./document.tsx";
import { LanePatterns } from "./lanes/mark.tsx";
import type { Limits } from "./limits.ts";
import { CounterexamplePart } from "./sections/counterexample.tsx";
import { LanesLegend } from "./sections/counterexamples.tsx";
import { BackToAllRuns, Command, Headline, NumberHeads, Section, Table } from "./sections/parts.tsx";

/** The page of a search: what was seen broken, by which scenario, and what was covered. It lies in `explore/<search>/` of the folder of all runs. */
export function renderExploredHtml(explored: Explored): string {
  return pageText((limits) => <Page explored={explored} limits={limits} />);
}

const findingsMax = 30;
const namesMax = 60;

function Page({ explored, limits }: { explored: Explored; limits: Limits }) {
  const outcome = outcomeOfSearch(explored);
  const { glyph, word } = outcomeWords[outcome];
  const { findings, runs, id } = explored;
  return (
    <Document title={`${glyph} search of etcd ${explored.etcd}: ${word}`} skipTo={{ id: "findings", words: "Skip to the findings" }}>
      <header class={outcome}>
        <BackToAllRuns href="../../index.html" />
        <p class="eyebrow">
          <strong>Search</strong> by chance, {id}
        </p>
        <Headline outcome={outcome} sentence={clip(sentenceOfSearch(explored), 1_000)} />
        <Facts explored={explored} />
      </header>
      <Section id="findings" title="Findings" lead="Each promise that was seen broken, in each way in which it was; the scenario is the smallest that is known to show it.">
        {findings.length === 0 ? <p>{runs.pass + runs.inconclusive === 0 ? "No run was judged to its end." : "Nothing was found."}</p> : <Overview findings={findings.slice(0, findingsMax)} limits={limits} />}
        {findings.length > findingsMax ? <p class="notice">{counted(findings.length - findingsMax, "further finding")} left out.</p> : null}
        <LanePatterns />
        {findings.some(({ counterexample }) => counterexample !== undefined) ? <LanesLegend /> : null}
        {findings.slice(0, findingsMax).map((finding) => (
          <FindingPart finding={finding} limits={limits} />
        ))}
      </Section>
      <Section id="coverage" title="Coverage" lead="What the runs have covered, as far as etcd and the faults' own proofs tell; the rarest first. Whatever covers most that is new is run next.">
        <CoverageTable coverage={explored.coverage} limits={limits} />
      </Section>
      {explored.troubles.length === 0 ? null : (
        <Section id="troubles" title="Runs without a verdict">
          <ul>
            {explored.troubles.slice(0, 20).map((trouble) => (
              <li>{clip(trouble, limits.text)}</li>
            ))}
          </ul>
        </Section>
      )}
    </Document>
  );
}

function Facts({ explored: { seed, runtime, etcd, tookMs, sideBySide, runs, reducing, endedBy, replay } }: { explored: Explored }) {
  const facts: readonly (readonly [string, string])[] = [
    ["etcd", etcd],
    ["Runtime", runtime],
    ["Seed", String(seed)],
    ["Took", `${formatDuration(tookMs)}, ended by ${endedBy}`],
    ["Side by side", String(sideBySide)],
    ["Runs", `${runs.pass} passed, ${runs.fail} failed, ${runs.inconclusive} inconclusive, ${runs.broken} without a verdict`],
    ["More runs", `${count(reducing)} to make findings smaller`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div class="wide">
        <dt>Again</dt>
        <dd>
          <Command text={replay} />
        </dd>
      </div>
    </dl>
  );
}

function Overview({ findings, limits }: { findings: readonly ExploredFinding[]; limits: Limits }) {
  return (
    <Table label="Findings">
      <thead>
        <tr>
          <th scope="col">Promise</th>
          <th scope="col">How it was broken</th>
          <th scope="col">Made smaller</th>
          <NumberHeads heads={["First in run", "After", "Again in"]} />
        </tr>
      </thead>
      <tbody>
        {findings.map(({ number, guarantee, shape, became, run, afterMs, again }) => (
          <tr>
            <th scope="row">
              <a href={`#finding-${number}`}>{clip(guarantee, limits.text)}</a>
            </th>
            <td>{clip(shape, limits.text)}</td>
            <td>{became}</td>
            <td class="number">{count(run)}</td>
            <td class="number">{formatDuration(afterMs)}</td>
            <td class="number">{counted(again, "run")}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function FindingPart({ finding: { number, guarantee, sentence, scenario, report, counterexample }, limits }: { finding: ExploredFinding; limits: Limits }) {
  const title = `${number}. ${guarantee}`;
  return (
    <div id={`finding-${number}`}>
      {counterexample === undefined ? (
        <>
          <h3>{clip(title, limits.text)}</h3>
          <p>{clip(sentence, 2 * limits.text)}</p>
        </>
      ) : (
        <CounterexamplePart id={`c${number}`} title={title} counterexample={counterexample} faults={[]} limits={limits} targetOf={() => undefined} />
      )}
      <p>
        <a href={scenario.path}>{scenario.path}</a>, {counted(scenario.entries, "entry", "entries")} in its timeline ({scenario.entriesBefore} when it was found)
        {report === undefined ? null : (
          <>
            {"; "}
            <a href={report}>the report of a run that shows it</a>
          </>
        )}
      </p>
      <pre tabIndex={0}>{clip(scenario.text, limits.input)}</pre>
      <p>
        <Command text={scenario.command} />
      </p>
    </div>
  );
}

function CoverageTable({ coverage, limits }: { coverage: Explored["coverage"]; limits: Limits }) {
  return (
    <Table label="Coverage" form="compact">
      <thead>
        <tr>
          <th scope="col">What</th>
          <NumberHeads heads={["Covered"]} />
          <th scope="col">In how many runs each, the rarest first</th>
        </tr>
      </thead>
      <tbody>
        {coverage.map(({ of, covered }) => (
          <tr>
            <th scope="row">{of}</th>
            <td class="number">{count(covered.length)}</td>
            <td>
              {covered.slice(0, namesMax).map(({ name, count: times }) => `${clip(name, limits.text)} (${times})`).join(" · ")}
              {covered.length > namesMax ? ` · and ${count(covered.length - namesMax)} more` : ""}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
