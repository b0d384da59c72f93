import type { Nightly } from "../../nightly/nightly.ts";
import { byScenario, standingOf, type ScenarioTurns } from "../../nightly/standing.ts";
import { pageText } from "../html/document.tsx";
import type { Limits } from "../html/limits.ts";
import { Section, Table } from "../html/sections/parts.tsx";
import { clip } from "../text.ts";
import { ManyRunsPage } from "./frame.tsx";
import { Conditions, Told } from "./parts.tsx";
import { Signs } from "./signs.tsx";
import { nightlyRules, nightlySentence, standingWords } from "./words.ts";

/** `nightly.html`: scenarios and their runs, each a sign that leads to its report. Lies in the folder of all runs. */
export function renderNightlyHtml(nightly: Nightly): string {
  return pageText((limits) => <Page nightly={nightly} limits={limits} />);
}

function Page({ nightly, limits }: { nightly: Nightly; limits: Limits }) {
  const scenarios = byScenario(nightly.turns);
  const told = scenarios.flatMap(({ turns }) => turns.filter(({ end }) => standingOf(end) !== "pass"));
  return (
    <ManyRunsPage name="Nightly" runs={nightly} sentence={nightlySentence(nightly)} skipTo={{ id: "scenarios", words: "Skip to the scenarios" }}>
      <Section id="scenarios" title="Scenarios" lead="A sign for each run, which leads to its report; those in brackets are repetitions of the one before.">
        <Table label="Scenarios" form="compact">
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
      <Told turns={told} limits={limits} rest="in nightly.json" />
      <Conditions runs={nightly} rules={nightlyRules} />
    </ManyRunsPage>
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
