import type { MetricsSample } from "./samples.ts";

/** A point of a series: a value from this scrape on, until the next point or the next failed scrape. */
export interface MetricPoint {
  readonly atMs: number;
  /** Undefined: this scrape no longer has the series. */
  readonly value: number | undefined;
}

/** One time series of one member. Scrapes have a point where the value changed, and after a scrape that failed. */
export interface MetricSeries {
  readonly member: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly MetricPoint[];
}

export interface Scrape {
  readonly atMs: number;
  readonly ok: boolean;
}

/** All metrics of a run, indexed by name. */
export interface MetricStore {
  /** Series with this name, of one member or of all; empty when never seen. */
  series(name: string, member?: string): readonly MetricSeries[];
  /** Every scrape of a member in order, failed ones too: tells "unchanged" from "not seen". */
  scrapes(member: string): readonly Scrape[];
  readonly names: readonly string[];
}

/**
 * Indexes scrapes, which come in order of time for each member. What a sample does not name is
 * unchanged, or gone where the sample is full. Until a member's first full sample, and from a
 * failed scrape to the next full one, samples of changes alone tell of what they name only.
 */
export function buildMetricStore(samples: Iterable<MetricsSample>): MetricStore {
  const members = new Map<string, MemberSeries>();
  for (const sample of samples) {
    const member = members.get(sample.member) ?? new MemberSeries(sample.member);
    members.set(sample.member, member);
    member.take(sample);
  }
  const byName = new Map<string, MetricSeries[]>();
  for (const series of [...members.values()].flatMap((member) => member.series)) {
    const others = byName.get(series.name);
    if (others === undefined) byName.set(series.name, [series]);
    else others.push(series);
  }
  return {
    series: (name, member) => (byName.get(name) ?? []).filter((series) => member === undefined || series.member === member),
    scrapes: (member) => members.get(member)?.scrapes ?? [],
    names: [...byName.keys()].sort(),
  };
}

interface OpenSeries extends MetricSeries {
  readonly points: MetricPoint[];
}

/** The series of one member while they grow. */
class MemberSeries {
  readonly scrapes: Scrape[] = [];
  readonly #member: string;
  readonly #byKey = new Map<string, OpenSeries>();

  constructor(member: string) {
    this.#member = member;
  }

  get series(): MetricSeries[] {
    return [...this.#byKey.values()];
  }

  take(sample: MetricsSample): void {
    const { atMs } = sample;
    const afterFailure = this.scrapes.at(-1)?.ok !== true;
    this.scrapes.push({ atMs, ok: "values" in sample });
    if (!("values" in sample)) return;
    for (const [key, value] of Object.entries(sample.values)) {
      const { points } = this.#open(key);
      if (afterFailure || points.at(-1)?.value !== value) points.push({ atMs, value });
    }
    if (sample.full) this.#endAllBut(sample.values, atMs);
  }

  #open(key: string): OpenSeries {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const opened = { member: this.#member, ...parseSeriesKey(key), points: [] };
    this.#byKey.set(key, opened);
    return opened;
  }

  #endAllBut(values: Readonly<Record<string, number>>, atMs: number): void {
    for (const [key, { points }] of this.#byKey) {
      if (!Object.hasOwn(values, key) && points.at(-1)?.value !== undefined) points.push({ atMs, value: undefined });
    }
  }
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads `name{label="value",…}`, where values have the exposition format's escapes: `\\`, `\"` and `\n`. */
export function parseSeriesKey(key: string): Pick<MetricSeries, "name" | "labels"> {
  const brace = key.indexOf("{");
  if (brace < 0) return { name: key, labels: {} };
  const labels = Array.from(key.slice(brace).matchAll(label), ([, name = "", value = ""]) => [name, unescape(value)] as const);
  return { name: key.slice(0, brace), labels: Object.fromEntries(labels) };
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
