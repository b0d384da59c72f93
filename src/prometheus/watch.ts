import { waitFor, type Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { withLabel } from "../promql/matcher.ts";
import { upQuery, type PromqlAnswer, type PromqlSeries } from "../recording/promql.ts";
import { BadQuery, PrometheusApi } from "./api.ts";
import { askOverRun, momentsOf, type RunRange } from "./over-run.ts";
import { runLabelName, targetsOf, type TargetList } from "./targets.ts";

/** How often a Prometheus of our own scrapes. */
export const scrapeEveryMs = 500;
/** A value may be so old and still be that of a moment: of a member that is gone nothing is left after it. */
export const lookbackMs = 2_000;

/** The configuration of a Prometheus of our own: it scrapes what stands in the list. */
export function scrapeConfig(targets: TargetList): object {
  return {
    global: { scrape_interval: `${scrapeEveryMs}ms`, scrape_timeout: `${scrapeEveryMs}ms` },
    scrape_configs: [{ job_name: "etcd-chaos", http_sd_configs: [{ url: targets.url, refresh_interval: "1s" }] }],
  };
}

export interface WatchedRun {
  readonly runId: string;
  readonly clock: Clock;
  readonly targets: TargetList;
  /** False for one that others use too: it is asked for this run's series alone. */
  readonly own: boolean;
}

/** Updates of what is to be scraped go through two tickers of five seconds in Prometheus, and its refresh may be rarer still. */
const scrapedLimitMs = 30_000;

/** More is not what keeps a clock in time. */
const movedMaxMs = 200;

/** One run, as a Prometheus sees it. Disposing takes its members off the list. */
export class PrometheusWatch implements Disposable {
  readonly #api: PrometheusApi;
  readonly #run: WatchedRun;
  /** By how much the wall clock was ahead of the run's. */
  readonly #wallAheadMs: number;
  #stepMs = scrapeEveryMs;
  #trouble: { readonly error: string; readonly hint?: string } | undefined;

  constructor(api: PrometheusApi, run: WatchedRun) {
    this.#api = api;
    this.#run = run;
    this.#wallAheadMs = run.clock.wallMs() - run.clock.nowMs();
  }

  /**
   * Has Prometheus check each query, whose types the grammar alone does not tell.
   * @throws HarnessError `scenario-invalid`
   */
  async check(queries: readonly string[]): Promise<void> {
    for (const query of queries) {
      await this.#api.check(query).catch((cause: unknown) => {
        if (cause instanceof BadQuery) throw new HarnessError("scenario-invalid", `Prometheus refuses the query ${query}: ${cause.message}`, { cause });
        throw cause;
      });
    }
  }

  /**
   * Announces the members and waits until all are scraped.
   * @returns why not all of them are, where it is so
   */
  async scrape(members: readonly { readonly name: string; readonly directUrl: string }[], signal: AbortSignal): Promise<string | undefined> {
    const { runId, clock, targets, own } = this.#run;
    targets.announce(targetsOf(runId, members, targets.own));
    let up: string[] = [];
    const scraped = await waitFor(clock, async () => {
      const ours = (await this.#api.targets()).filter(({ labels }) => labels[runLabelName] === runId && members.some(({ name }) => name === labels["member"]));
      up = ours.filter(({ health }) => health === "up").map(({ labels }) => labels["member"] ?? "");
      this.#stepMs = Math.max(scrapeEveryMs, ...ours.map(({ scrapeInterval }) => intervalMs(scrapeInterval)));
      return up.length === members.length ? true : undefined;
    }, { limitMs: scrapedLimitMs, everyMs: 100, signal });
    if (scraped) return undefined;
    const missing = members.map(({ name }) => name).filter((name) => !up.includes(name));
    const why = `Prometheus had not scraped ${missing.join(", ")} ${scrapedLimitMs / 1_000} s after it was told to`;
    if (up.length === 0) this.#trouble = own ? { error: why } : { error: why, hint: `It has to scrape what is listed at ${targets.url}: http_sd_configs: [{url: ${targets.url}, refresh_interval: 1s}].` };
    return why;
  }

  /** What it says to each query, and which scrapes were successful, over a stretch of the run's clock. Never rejects: a query that failed has its error. */
  async ask(queries: readonly string[], fromMs: number, toMs: number): Promise<PromqlAnswer[]> {
    const { clock } = this.#run;
    const wallAheadMs = clock.wallMs() - clock.nowMs();
    const movedMs = Math.round(wallAheadMs - this.#wallAheadMs);
    if (Math.abs(movedMs) > movedMaxMs) this.#trouble ??= { error: `the wall clock was moved by ${movedMs} ms while it ran, so that Prometheus' times cannot be told` };
    const answers: PromqlAnswer[] = [];
    for (const query of new Set([upQuery, ...queries])) {
      const range = momentsOf(fromMs, toMs, this.#stepMs);
      answers.push({ query, ...range, ...(this.#trouble ?? (await this.#series(query, { ...range, wallAheadMs }))) });
    }
    return answers;
  }

  async #series(query: string, range: RunRange): ReturnType<typeof askOverRun> {
    const { runId, own } = this.#run;
    const answer = await askOverRun(this.#api, own ? query : withLabel(query, runLabelName, runId), range);
    return "error" in answer ? answer : { series: answer.series.map(({ labels, points }) => ({ labels: withoutRun(labels), points })) };
  }

  [Symbol.dispose](): void {
    this.#run.targets.announce([]);
  }
}

/** All of a recording is of one run. */
function withoutRun(labels: PromqlSeries["labels"]): PromqlSeries["labels"] {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== runLabelName));
}

/** `1m30s`, `500ms`, as Prometheus writes a duration. */
function intervalMs(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
}
