import type { FigureName } from "../../../analysis/key-figures.ts";
import type { Entry } from "../../../ledger/entry.ts";
import { noiseBand, type NoiseBand } from "../../../ledger/noise-band.ts";
import { seriesOf, type Series } from "../../../ledger/series.ts";
import { sinceGreen, type SinceGreen, type Suspicion } from "../../../ledger/since-green.ts";

/** A commit as `git log` tells it. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
}

/** All that the page over all runs is drawn from. */
export interface IndexInput {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many lines of the history could not be read. */
  readonly damaged: number;
  /** Other pages in the same folder or below it, as paths from there. */
  readonly pages: readonly string[];
  /** The commits of a suspicion, newest first, where the history of the harness has them. */
  readonly commitsOf: (suspicion: Suspicion) => readonly Commit[] | undefined;
}

/** How much the page shows. What is left out is said. */
export interface IndexLimits {
  readonly series: number;
  /** Of one series. */
  readonly runs: number;
  readonly rows: number;
}

const usual: IndexLimits = { series: 150, runs: 30, rows: 400 };

/** The usual limits, or a part of them where the page would become too large. */
export function indexLimits(scale: number): IndexLimits {
  const part = (limit: number): number => Math.max(1, Math.floor(limit * scale));
  return { series: part(usual.series), runs: part(usual.runs), rows: part(usual.rows) };
}

/** How one figure went over the runs of a series. */
export interface Trend {
  readonly name: FigureName;
  /** One for each run that is shown, undefined where it is not known. */
  readonly values: readonly (number | undefined)[];
  /** By the passed runs before the latest one that has the figure. */
  readonly band: NoiseBand | undefined;
  readonly latest: number | undefined;
}

export interface SeriesView extends Series {
  readonly latest: Entry;
  /** The last ones, oldest first. */
  readonly shown: readonly Entry[];
  readonly trends: readonly Trend[];
  readonly since: SinceGreen | undefined;
  readonly commits: readonly Commit[] | undefined;
}

/** What runs with a fault are watched by, and those without one. */
const trendNames: readonly (readonly FigureName[])[] = [["first-write", "availability"], ["put-p99-during", "put-p99-before"], ["longest-unavailability"]];

/** Series that do not pass come first, the rest by name. */
export function seriesViews({ entries, commitsOf }: Pick<IndexInput, "entries" | "commitsOf">, limits: IndexLimits): { readonly series: readonly SeriesView[]; readonly left: number } {
  const all = seriesOf(entries);
  const views = all.flatMap((series): SeriesView[] => {
    const latest = series.entries.at(-1);
    if (latest === undefined) return [];
    const elsewhere = all.flatMap((other) => (other !== series && other.scenario === series.scenario ? other.entries : []));
    const since = sinceGreen(series.entries, elsewhere);
    const trends = trendNames.map((names) => trendOf(series.entries, names, limits.runs));
    return [{ ...series, latest, shown: series.entries.slice(-limits.runs), trends, since, commits: since?.suspicion && commitsOf(since.suspicion) }];
  });
  const order = { fail: 0, inconclusive: 1, pass: 2 } as const;
  const sorted = views.sort((a, b) => order[a.latest.outcome] - order[b.latest.outcome]);
  return { series: sorted.slice(0, limits.series), left: Math.max(0, sorted.length - limits.series) };
}

/** The first of the figures that any of the runs has. */
function trendOf(entries: readonly Entry[], names: readonly FigureName[], runs: number): Trend {
  const shown = entries.slice(-runs);
  const name = names.find((each) => shown.some(({ figures }) => figures?.[each] !== undefined)) ?? names[0] ?? "availability";
  const values = shown.map(({ figures }) => figures?.[name]);
  const lastAt = entries.findLastIndex(({ figures }) => figures?.[name] !== undefined);
  const last = entries[lastAt];
  return { name, values, latest: last?.figures?.[name], band: last && noiseBand(last, entries.slice(0, lastAt), name) };
}
