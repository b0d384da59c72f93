import type { Clock } from "../clock.ts";
import type { Member, Throttleable } from "../cluster/member.ts";
import { readProcess, type ProcessReading } from "./process-metrics.ts";

/** What came of asking a member for all that it can do. */
export interface Effort {
  /** CPU seconds that its process used a second, by its own account. */
  readonly cpu: number;
  readonly answersPerSecond: number;
}

/** An effort, and how far it was hindered. */
export interface HinderedEffort extends Effort {
  /** 0 to 1, as the kernel tells. */
  readonly heldBack: number;
}

/** Asks for work, and the kernel meanwhile how much of it was kept from being done. */
export async function askHindered(member: Member & Throttleable, clock: Clock, durationMs: number, signal?: AbortSignal): Promise<HinderedEffort | undefined> {
  // One that ends meanwhile has no state to look at, and gives no answers either.
  const [effort, heldBack] = await Promise.all([askForWork(member, clock, durationMs, signal), member.heldBack(durationMs).catch(() => 0)]);
  return effort === undefined ? undefined : { ...effort, heldBack };
}

const defaultAskersCount = 4;
const answerLimitMs = 2_000;
const retryMs = 20;

/**
 * Asks a member for its metrics, some askers at once and each without a pause: rendering them
 * takes a millisecond or two of CPU, so that it uses what it is given. Only this shows how much
 * that is, since a member with nothing to do uses next to nothing.
 * @returns undefined where it answered less than twice, or with another process in between
 */
export async function askForWork(member: Member, clock: Clock, durationMs: number, signal?: AbortSignal, askersCount = defaultAskersCount): Promise<Effort | undefined> {
  // A first answer by itself: those of many askers come together, and tell nothing of the time between.
  const first = await readProcess(member, clock, answerLimitMs, signal);
  const readings = first === undefined ? [] : [first];
  const endMs = clock.nowMs() + durationMs;
  const ask = async (): Promise<void> => {
    while (clock.nowMs() < endMs) {
      signal?.throwIfAborted();
      const reading = await readProcess(member, clock, answerLimitMs, signal);
      if (reading === undefined) await clock.sleep(retryMs);
      else readings.push(reading);
    }
  };
  await Promise.all(Array.from({ length: askersCount }, ask));
  signal?.throwIfAborted();
  return effortOf(readings);
}

/** Pure. From the first answer to the last. */
export function effortOf(readings: readonly ProcessReading[]): Effort | undefined {
  const [first, ...later] = [...readings].sort((a, b) => a.atMs - b.atMs);
  const last = later.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs || first.startSeconds !== last.startSeconds) return undefined;
  const seconds = (last.atMs - first.atMs) / 1_000;
  return { cpu: (last.cpuSeconds - first.cpuSeconds) / seconds, answersPerSecond: later.length / seconds };
}
