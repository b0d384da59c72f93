import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { recordedPrefixes } from "../recorded-metrics.ts";
import type { MetricsSample } from "../recording/samples.ts";
import type { Http } from "./http.ts";
import { ExpositionParser, type ExpositionSample } from "./prometheus-text.ts";

export interface MetricsObserver {
  readonly member: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly record: (sample: MetricsSample) => void;
}

const timeLimitMs = 1000;
/** etcd has about 1300 of them; much more means that something is wrong, and nobody wants it recorded. */
const seriesMax = 10_000;
/** A full sample once in a while bounds what one damaged line of the recording can cost. */
const fullEveryMs = 30_000;
const startTime = "process_start_time_seconds";

/**
 * A task that scrapes a member's `/metrics` once and records what changed since its last run.
 *
 * JSON has no NaN and no infinities: a series with such a value counts as absent. The sample is full
 * when there are other series than before, when the member was started anew, and when the scrape before failed.
 */
export function metricsTask({ member, http, clock, record }: MetricsObserver): () => Promise<void> {
  const parser = new ExpositionParser((name) => recordedPrefixes.some((prefix) => name.startsWith(prefix)));
  let previous: readonly ExpositionSample[] | undefined;
  let fullMs = 0;
  return async () => {
    try {
      const current = await scrape(http, parser);
      const atMs = clock.nowMs();
      const changed = previous !== undefined && atMs - fullMs < fullEveryMs ? changesSince(previous, current) : undefined;
      if (changed === undefined) fullMs = atMs;
      record({ atMs, member, full: changed === undefined, values: valuesOf(changed ?? current) });
      previous = current;
    } catch (thrown) {
      previous = undefined;
      record({ atMs: clock.nowMs(), member, error: messageOf(thrown) });
    }
  };
}

async function scrape(http: Http, parser: ExpositionParser): Promise<readonly ExpositionSample[]> {
  const { status, body } = await http({ method: "GET", path: "/metrics", timeLimitMs });
  if (status !== 200) throw new Error(`/metrics answered with status ${status}`);
  const samples = parser.parse(body).filter(({ value }) => Number.isFinite(value));
  if (samples.length === 0) throw new Error("/metrics has no metric of etcd");
  if (samples.length > seriesMax) throw new Error(`/metrics has ${samples.length} series, more than ${seriesMax}`);
  return samples;
}

/** Undefined when changes alone cannot tell what is: other series than before, or a new process. */
function changesSince(
  previous: readonly ExpositionSample[],
  current: readonly ExpositionSample[],
): readonly ExpositionSample[] | undefined {
  if (previous.length !== current.length) return undefined;
  const changes: ExpositionSample[] = [];
  for (const [index, sample] of current.entries()) {
    const before = previous[index];
    if (before === sample) continue;
    if (before?.key !== sample.key) return undefined;
    if (before.value === sample.value) continue;
    if (sample.key === startTime) return undefined;
    changes.push(sample);
  }
  return changes;
}

function valuesOf(samples: readonly ExpositionSample[]): Record<string, number> {
  return Object.fromEntries(samples.map(({ key, value }) => [key, value]));
}
