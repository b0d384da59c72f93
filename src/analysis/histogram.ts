/** One bucket of a cumulative histogram: how many values were at most `le`. */
export interface Bucket {
  /** Upper bound; Infinity for the last. */
  readonly le: number;
  readonly count: number;
}

export interface HistogramQuantile {
  readonly value: number;
  /** The quantile is beyond the highest finite bound, which `value` is then: it is larger than that. */
  readonly isLowerBound: boolean;
  /** The bucket that it falls in; all that is certain is that it lies in there. */
  readonly aboveLe: number;
  readonly le: number;
  /** Number of values in all. */
  readonly total: number;
}

/**
 * Estimates a quantile (0 to 1) as Prometheus' `histogram_quantile` does: by linear interpolation in
 * the bucket where it falls, the first of which begins at 0. Buckets may come in any order; a count that is below
 * that of a smaller bound, as in a scrape that is not one moment's, is raised to it.
 * Undefined where there are no values. Without a bucket of +Inf the highest one is taken for it.
 *
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function histogramQuantile(buckets: readonly Bucket[], q: number): HistogramQuantile | undefined {
  const sorted = rising(buckets);
  const total = sorted.at(-1)?.count ?? 0;
  if (total <= 0) return undefined;
  const rank = Math.min(Math.max(q, 0), 1) * total;
  const index = sorted.findIndex(({ count }) => count > 0 && count >= rank);
  const bucket = sorted[index];
  if (bucket === undefined) return undefined;
  const { le: aboveLe, count: countBelow } = sorted[index - 1] ?? { le: Math.min(0, bucket.le), count: 0 };
  if (bucket.le === Infinity) return { value: aboveLe, isLowerBound: true, aboveLe, le: Infinity, total };
  const value = aboveLe + (bucket.le - aboveLe) * ((rank - countBelow) / (bucket.count - countBelow));
  return { value, isLowerBound: false, aboveLe, le: bucket.le, total };
}

/** By bound, with counts that never fall. */
function rising(buckets: readonly Bucket[]): Bucket[] {
  let highest = 0;
  return [...buckets]
    .sort((a, b) => a.le - b.le)
    .map(({ le, count }) => {
      highest = Math.max(highest, count);
      return { le, count: highest };
    });
}

/** The bound in a series' `le` label; undefined where it is none. */
export function bucketBound(le: string | undefined): number | undefined {
  if (le === "+Inf") return Infinity;
  const bound = Number(le);
  return le === undefined || le === "" || Number.isNaN(bound) ? undefined : bound;
}

/** Adds up buckets of the same bound: of several series, or of several members. */
export function mergeBuckets(buckets: Iterable<Bucket>): Bucket[] {
  const counts = new Map<number, number>();
  for (const { le, count } of buckets) counts.set(le, (counts.get(le) ?? 0) + count);
  return [...counts].map(([le, count]) => ({ le, count }));
}
