import type { Comparison, FigureRow } from "../../../compare/comparison.ts";
import { keyFigures } from "../../../analysis/key-figures.ts";
import { basisText, comparedRows, comparedTally, comparedWords, type ComparedRow } from "../../comparison/words.ts";
import { clip, counted } from "../../text.ts";
import { Document, runsAssets, scaledPageText } from "../document.tsx";
import { Section, Table } from "../sections/parts.tsx";

const textMax = 300;

/** `compare --html`: two sets of runs side by side, in one page. */
export function renderComparisonHtml(comparison: Comparison): string {
  return scaledPageText(() => <Page comparison={comparison} />);
}

function Page({ comparison }: { comparison: Comparison }) {
  const { a, b, warnings } = comparison;
  const rows = comparedRows(comparison);
  return (
    <Document title={`B against A: ${comparedTally(rows)}`} skipTo={{ id: "figures", words: "Skip to the figures" }} assets={runsAssets}>
      <header>
        <p class="eyebrow">
          <strong>etcd-chaos</strong> comparison
        </p>
        <h1 class="plain">B against A: {comparedTally(rows)}</h1>
        <dl class="facts">
          <About name="A" side={a} />
          <About name="B" side={b} />
        </dl>
        {warnings.map((warning) => (
          <p class="notice">! {clip(warning, 2 * textMax)}</p>
        ))}
      </header>
      <Section id="figures" title="Figures" lead={basisText(comparison)}>
        <Table label="Figures of both sides">
          <thead>
            <tr>
              {["Verdict", "Figure", "A", "B", "Change"].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row row={row} figure={comparison.figures[index - comparison.outcomes.length]} />
            ))}
          </tbody>
        </Table>
      </Section>
    </Document>
  );
}

function About({ name, side: { label, runs, about } }: { name: string; side: Comparison["a"] }) {
  return (
    <div class="wide">
      <dt>{name}</dt>
      <dd>
        <code>{clip(label, textMax)}</code>, {counted(runs, "run")}: {clip(about, textMax)}
      </dd>
    </div>
  );
}

function Row({ row: { title, a, b, change, verdict, because }, figure }: { row: ComparedRow; figure: FigureRow | undefined }) {
  const { glyph, word } = comparedWords[verdict];
  return (
    <tr class={verdict}>
      <td class="badge">
        <span aria-hidden="true">{glyph}</span> {word}
      </td>
      <th scope="row">
        {title}
        <p class="quiet">{because}</p>
      </th>
      <td>{a}</td>
      <td>{b}</td>
      <td>
        {change}
        {figure === undefined ? null : <ChangeBar figure={figure} />}
      </td>
    </tr>
  );
}

const half = 70;
const height = 16;

/** The interval of the change as a bar, left of the middle where B has less; twice as much, or none, is at the edge. */
function ChangeBar({ figure: { name, change } }: { figure: FigureRow }) {
  if (change?.interval === undefined || (change.kind === "absolute" && keyFigures[name].unit !== "share")) return null;
  const x = (value: number): number => half + Math.round(Math.max(-1, Math.min(1, value)) * (half - 6));
  const [low, high] = [x(change.interval.low), x(change.interval.high)];
  return (
    <svg class="change" viewBox={`0 0 ${2 * half} ${height}`} width={2 * half} height={height} aria-hidden="true">
      <path class="zero" d={`M${half} 0V${height}`} />
      <rect class="span" x={low} y={height / 2 - 2} width={Math.max(1, high - low)} height={4} />
      <circle class="point" cx={x(change.by)} cy={height / 2} r={3.5} />
    </svg>
  );
}
