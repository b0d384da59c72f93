import { waitFor, type Clock } from "../clock.ts";
import type { Member } from "../cluster/member.ts";
import { metricsPage } from "./metrics-page.ts";

/** What a member's process says of itself in its metrics. */
export interface ProcessReading {
  /** When it was read, on the run's clock. */
  readonly atMs: number;
  /** When the process began, in seconds since 1970: what tells it from the one before. */
  readonly startSeconds: number;
  /** CPU time that it has used since. */
  readonly cpuSeconds: number;
}

/** Reads them; undefined where there is no answer within the limit. */
export async function readProcess(member: Member, clock: Clock, limitMs = 1_000, ended?: AbortSignal): Promise<ProcessReading | undefined> {
  const text = await metricsPage(member, { limitMs, ...(ended === undefined ? {} : { signal: ended }) });
  if (text === undefined) return undefined;
  const [startSeconds, cpuSeconds] = [valueOf(text, startTime), valueOf(text, cpuTime)];
  return startSeconds === undefined || cpuSeconds === undefined ? undefined : { atMs: clock.nowMs(), startSeconds, cpuSeconds };
}

/** Asks again until it answers; undefined when it does not for ten seconds. */
export function untilProcessAnswers(member: Member, clock: Clock, signal?: AbortSignal): Promise<ProcessReading | undefined> {
  return waitFor(clock, () => readProcess(member, clock), { limitMs: 10_000, ...(signal === undefined ? {} : { signal }) });
}

const startTime = /^process_start_time_seconds (\S+)$/m;
const cpuTime = /^process_cpu_seconds_total (\S+)$/m;

function valueOf(text: string, pattern: RegExp): number | undefined {
  const value = pattern.exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}
