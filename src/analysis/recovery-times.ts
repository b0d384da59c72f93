import type { Recording } from "../recording/recording.ts";
import { formatDuration } from "../units/duration.ts";
import { AnswerTimes } from "./answer-times.ts";
import { isWrite } from "./availability.ts";
import { baselineWindow } from "./baseline.ts";
import { contains } from "./windows.ts";
import type { Stretch } from "./coverage.ts";
import { firstSign } from "./detection.ts";
import { faultWindows, type FaultWindow } from "./fault-windows.ts";
import { leaderships } from "./leadership.ts";
import { missedRequests } from "./missed.ts";

/** How long something took, or why that is not known or it never came. `text` is a sentence's part for the reader. */
export type Took = { readonly ms: number; readonly atMs: number; readonly text: string } | { readonly ms: undefined; readonly text: string };

/** What followed on a moment, as far as the next fault: what comes after that may be due to it. */
export interface RecoveryTimes {
  /** The moment, on the run's clock, and how far was looked. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** A pair of leader and term that was not seen before; often there is none, since the leader stays. */
  readonly newLeader: Took;
  /** The return of the first write that was begun after the moment and acknowledged. */
  readonly firstAckedWrite: Took;
  /**
   * The p99 of what was due in a second is at most twice that of the baseline, and stays so: the end of the longest time in
   * which it was not. Where it never was more it is 0. What was not ok, or never sent, took for ever.
   */
  readonly p99WithinTwiceBaseline: Took;
}

/** One fault and what followed on it. */
export interface FaultRecovery {
  readonly fault: FaultWindow;
  /** From the moment since which the fault is proven to have been in force; undefined where that was not proven. */
  readonly afterEffect: (RecoveryTimes & { readonly detected: Took }) | undefined;
  /** From the moment in which the harness began to lift the fault; undefined where it never did. */
  readonly afterHealing: RecoveryTimes | undefined;
}

/**
 * How soon clients and members got over each fault, in order of the faults. Times are of the run's clock, counted from two
 * moments: the fault's effect (`effectiveMs`, since when its proofs show it) and its healing (`healingMs`, in which the
 * harness begins to lift it; the proof that it is gone may come later than the recovery).
 *
 * `detected` is the first sign that a member noticed: a telling log line of a kind that there was none of in the baseline, or
 * a Status that names no leader or a newer term. The baseline is that of `baselineWindow`, the same for all faults.
 */
export function recoveryTimes(recording: Recording): FaultRecovery[] {
  const faults = faultWindows(recording);
  const after = timesAfter(recording);
  return faults.map((fault) => {
    const others = faults.filter((other) => other !== fault);
    const effect = fault.effectiveMs === undefined ? undefined : stretchFrom(recording, fault.effectiveMs, others);
    const healing = fault.healingMs === undefined ? undefined : stretchFrom(recording, fault.healingMs, others);
    return {
      fault,
      afterEffect: effect && { ...after(effect), detected: firstSign(recording, effect) },
      afterHealing: healing && after(healing),
    };
  });
}

/** From a moment to the first request of another fault after it, or to the end of the timeline. */
function stretchFrom({ phases }: Recording, fromMs: number, others: readonly FaultWindow[]): Stretch {
  const endsMs = others.map(({ requestedMs }) => requestedMs).filter((requestedMs) => requestedMs > fromMs);
  return { startMs: fromMs, endMs: Math.max(fromMs, Math.min(phases.at(-1)?.endMs ?? fromMs, ...endsMs)) };
}

/** What was not seen, and up to when. */
function never(what: string, { endMs }: Stretch): Took {
  return { ms: undefined, text: `${what} up to ${formatDuration(endMs)}` };
}

function timesAfter(recording: Recording): (stretch: Stretch) => RecoveryTimes {
  const leaders = leaderships(recording);
  const writes = recording.operations.filter((operation) => isWrite(operation) && operation.final !== true);
  const calm = calmness(recording);
  return (stretch) => {
    const { startMs, endMs } = stretch;
    const leader = leaders.find(({ firstSeenMs }) => contains(stretch, firstSeenMs));
    const begun = writes.filter(({ invokeNs }) => contains(stretch, invokeNs / 1e6));
    const ackedMs = begun.reduce((firstMs, { outcome, returnNs }) => (outcome === "ok" ? Math.min(firstMs, returnNs / 1e6) : firstMs), Infinity);
    return {
      fromMs: startMs,
      untilMs: endMs,
      newLeader: leader === undefined ? never("no new leader was seen", stretch) : { ms: leader.firstSeenMs - startMs, atMs: leader.firstSeenMs, text: leader.text },
      firstAckedWrite:
        begun.length === 0 ? never("no write was begun", stretch)
        : ackedMs > endMs ? never(`none of ${begun.length} writes was acknowledged`, stretch)
        : { ms: ackedMs - startMs, atMs: ackedMs, text: "the first write begun after it was acknowledged" },
      p99WithinTwiceBaseline: calm(stretch),
    };
  };
}

const calmQuantile = 0.99;
const calmFactor = 2;
/** Seconds begin so often, so that a recovery is known to a quarter of one. */
const binMs = 1_000;
const stepMs = 250;
/** A second with fewer says nothing of a p99, and a baseline neither. */
const countMin = 20;

function calmness(recording: Recording): (stretch: Stretch) => Took {
  const times = new AnswerTimes(recording.operations, missedRequests(recording.events));
  const baseline = baselineWindow(recording);
  const before = baseline && times.quantileIn(baseline, calmQuantile);
  if (before?.ms === undefined || before.count < countMin) return () => ({ ms: undefined, text: "there were too few operations before the first fault to compare with" });
  if (before.ms === Infinity) return () => ({ ms: undefined, text: "not even 99 % of operations were ok before the first fault" });
  const limitMs = calmFactor * before.ms;
  const wanted = `a p99 of ${formatDuration(limitMs)}, twice that before the first fault`;
  return (stretch) => {
    const { startMs, endMs } = stretch;
    const seconds = Array.from({ length: Math.max(0, Math.floor((endMs - startMs - binMs) / stepMs) + 1) }, (_, index) => {
      const second = { startMs: startMs + index * stepMs, endMs: startMs + index * stepMs + binMs };
      return { ...second, ...times.quantileIn(second, calmQuantile) };
    }).filter(({ count }) => count >= countMin);
    const last = seconds.at(-1);
    if (last === undefined) return never("there was no second with enough operations", stretch);
    const longest = longestRun(seconds, ({ ms = 0 }) => ms > limitMs);
    if (longest === undefined) return { ms: 0, atMs: startMs, text: `it was never above ${wanted}` };
    if (longest.endMs === last.endMs) return never(`it was still above ${wanted},`, stretch);
    return { ms: longest.endMs - startMs, atMs: longest.endMs, text: `from then on it was at most ${wanted}` };
  };
}

/** Of seconds that overlap: the longest time from the beginning of one to the end of another with only such between. */
function longestRun<Second extends Stretch>(seconds: readonly Second[], is: (second: Second) => boolean): Stretch | undefined {
  let longest: Stretch | undefined;
  let current: Stretch | undefined;
  for (const second of seconds) {
    if (!is(second)) {
      current = undefined;
      continue;
    }
    current = { startMs: current?.startMs ?? second.startMs, endMs: second.endMs };
    if (longest === undefined || current.endMs - current.startMs >= longest.endMs - longest.startMs) longest = current;
  }
  return longest;
}
