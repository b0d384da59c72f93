import { keyFigures } from "../../../analysis/key-figures.ts";
import type { Entry } from "../../../ledger/entry.ts";
import { figureText } from "../../figure-text.ts";
import type { Trend } from "./index-view.ts";

const width = 250;
const height = 56;
const pad = 5;
/** For the least and the most at the left. */
const labels = 44;
/** Of a mark. */
const half = 2.6;

/** How one figure went: a mark for each run, by its outcome, over the band in which it usually lies. A run without it leaves a gap, and one value alone is no trend. */
export function TrendChart({ trend: { name, values, band, latest }, shown }: { trend: Trend; shown: readonly Entry[] }) {
  const known = values.filter((value) => value !== undefined);
  const { title, better } = keyFigures[name];
  const place = band === undefined || latest === undefined ? undefined : latest > band.high ? "above" : latest < band.low ? "below" : "within";
  const bad = place === (better === "lower" ? "above" : "below");
  return (
    <div class="trend">
      <h4>{title}</h4>
      <p>
        <strong>{figureText(name, latest)}</strong>{" "}
        {band === undefined ? (
          <span class="quiet">{latest === undefined ? "not known of any run" : "latest; no band yet"}</span>
        ) : (
          <span class={bad ? "out" : "quiet"}>
            {place === "within" ? "within" : place === "above" ? "▲ above" : "▼ below"} {figureText(name, band.low)} to {figureText(name, band.high)}
          </span>
        )}
      </p>
      {known.length < 2 ? null : <Chart name={name} values={values} band={band} known={known} shown={shown} title={title} />}
    </div>
  );
}

function Chart({ name, values, band, known, shown, title }: Pick<Trend, "name" | "values" | "band"> & { known: readonly number[]; shown: readonly Entry[]; title: string }) {
  // Times and counts are drawn from zero on, so that small differences look small.
  const low = keyFigures[name].unit === "share" ? Math.min(...known, band?.low ?? Infinity) : 0;
  const high = Math.max(...known, band?.high ?? -Infinity);
  const x = (index: number): number => labels + pad + (values.length === 1 ? 0.5 : index / (values.length - 1)) * (width - labels - 2 * pad);
  const y = (value: number): number => (high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad));
  const marks = { pass: "", fail: "", inconclusive: "" };
  for (const [index, value] of values.entries()) {
    const outcome = shown[index]?.outcome;
    if (value !== undefined && outcome !== undefined) marks[outcome] += markPaths[outcome](x(index), y(value));
  }
  const usual = band === undefined ? "" : `; usually ${figureText(name, band.low)} to ${figureText(name, band.high)} by ${band.runs} passed runs`;
  return (
    <svg class="trend" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title} of ${known.length} runs: ${figureText(name, Math.min(...known))} to ${figureText(name, Math.max(...known))}${usual}`}>
      {band === undefined ? null : <rect class="band" x={labels} width={width - labels} y={round(y(band.high))} height={round(Math.max(1, y(band.low) - y(band.high)))} />}
      {band === undefined ? null : <path class="middle" d={`M${labels} ${round(y(band.middle))}H${width}`} />}
      {(low === high ? [high] : [high, low]).map((value) => (
        <text class="tick" x={labels - 6} y={round(y(value) + 3.5)} aria-hidden="true">
          {figureText(name, value)}
        </text>
      ))}
      {marks.pass === "" ? null : <path class="run pass" d={marks.pass} />}
      {marks.inconclusive === "" ? null : <path class="run inconclusive" d={marks.inconclusive} />}
      {marks.fail === "" ? null : <path class="run fail" d={marks.fail} />}
    </svg>
  );
}

/** A disc passed, a cross failed, a square could not tell. */
const markPaths = {
  pass: (x: number, y: number) => `M${round(x - half)} ${round(y)}a${half} ${half} 0 1 0 ${2 * half} 0a${half} ${half} 0 1 0 ${-2 * half} 0`,
  fail: (x: number, y: number) => `M${round(x - half)} ${round(y - half)}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`,
  inconclusive: (x: number, y: number) => `M${round(x - half)} ${round(y - half)}h${2 * half}v${2 * half}h${-2 * half}z`,
} as const;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
