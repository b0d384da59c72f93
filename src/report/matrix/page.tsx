import { rowsOf, type Matrix, type MatrixCell, type MatrixRow } from "../../nightly/matrix.ts";
import { attemptsOf, standingOf } from "../../nightly/standing.ts";
import { pageText } from "../html/document.tsx";
import type { Limits } from "../html/limits.ts";
import { Section, Table } from "../html/sections/parts.tsx";
import { ManyRunsPage } from "../nightly/frame.tsx";
import { Conditions, Told } from "../nightly/parts.tsx";
import { reportOf, Signs } from "../nightly/signs.tsx";
import { attemptWords, nightlyRules, turnName } from "../nightly/words.ts";
import { clip, counted } from "../text.ts";
import { cellCount, headOf, matrixRules, matrixSentence, readingWords, whyUnplayed } from "./words.ts";

/** `matrix.html`: scenarios by versions of etcd. Lies in the folder of all runs. */
export function renderMatrixHtml(matrix: Matrix): string {
  return pageText((limits) => <Page matrix={matrix} limits={limits} />);
}

function Page({ matrix, limits }: { matrix: Matrix; limits: Limits }) {
  const rows = rowsOf(matrix);
  const told = matrix.turns.filter(({ end }) => end.kind === "played" && standingOf(end) !== "pass");
  return (
    <ManyRunsPage name="Matrix" runs={matrix} sentence={matrixSentence(matrix)} skipTo={{ id: "matrix", words: "Skip to the table" }}>
      <Section id="matrix" title="Scenarios by etcd" lead="What each scenario came to on each etcd, and how many of its runs passed; it leads to their reports.">
        <Table label="Scenarios by etcd" form="compact">
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              {matrix.columns.map((column) => {
                const { asked, version } = headOf(column, matrix);
                return (
                  <th scope="col">
                    {clip(asked, limits.text)}
                    <br />
                    <span class="quiet">{clip(version, limits.text)}</span>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, limits.assertions).map((row) => (
              <Row row={row} limits={limits} />
            ))}
          </tbody>
        </Table>
        {rows.length > limits.assertions ? <p class="notice">{counted(rows.length - limits.assertions, "more scenario")} would make this page too large; their runs are listed in index.html.</p> : null}
      </Section>
      <Told turns={told} limits={limits} rest="have reports of their own, to which the table leads" />
      <Conditions runs={matrix} rules={[...matrixRules, ...nightlyRules]} />
    </ManyRunsPage>
  );
}

function Row({ row: { scenario, cells }, limits }: { row: MatrixRow; limits: Limits }) {
  return (
    <tr>
      <th scope="row">{clip(scenario, limits.text)}</th>
      {cells.map((cell) => (
        <Cell cell={cell} limits={limits} />
      ))}
    </tr>
  );
}

function Cell({ cell, limits }: { cell: MatrixCell; limits: Limits }) {
  const { turns, reading } = cell;
  const { tone } = readingWords[reading];
  const attempts = turns.flatMap((turn) => attemptsOf(turn).map((attempt) => ({ turn, attempt })));
  const [only] = attempts;
  const folder = attempts.length === 1 ? only?.attempt.folder : undefined;
  return (
    <td class={tone}>
      {only === undefined || folder === undefined ? (
        <Badge cell={cell} />
      ) : (
        <a href={reportOf(folder)} aria-label={`${turnName(only.turn)}: ${readingWords[reading].word}, ${attemptWords(only.attempt)}`}>
          <Badge cell={cell} />
        </a>
      )}{" "}
      <span class="nowrap">{cellCount(cell)}</span> <span class="quiet">{clip(whyUnplayed(cell), limits.text)}</span>
      {attempts.length > 1 ? <div>{turns.slice(0, limits.assertions).map((turn) => <Signs turn={turn} />)}</div> : null}
    </td>
  );
}

function Badge({ cell: { reading } }: { cell: MatrixCell }) {
  const { glyph, word, tone } = readingWords[reading];
  return (
    <span class={`badge ${tone ?? "quiet"}`}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}
