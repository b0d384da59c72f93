import type { Operation } from "../recording/operation.ts";
import type { Recording } from "../recording/recording.ts";
import { remembered } from "../remembered.ts";
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

/**
 * How long something took and when it was over, or why there is no such time. `never`: it was looked for all the time and did not
 * come; otherwise nobody can tell. `text` says for the reader what was seen.
 */
export type Took = { readonly ms: number; readonly atMs: number; readonly text: string } | { readonly ms: undefined; readonly never: boolean; readonly text: string };

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
   * The p99 of what was due in a second is at most twice that of the baseline: the beginning of the first such second after the
   * longest time without one, known to a quarter of a second. Where it never was more it is 0. What was not ok, or never
   * sent, took for ever.
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
 * a Status that names no leader or a newer term. It and a new leader may come while the fault is put on, before it is proven:
 * that took no time. The baseline is that of `baselineWindow`, the same for all faults.
 */
export const recoveryTimes = remembered((recording: Recording): readonly FaultRecovery[] => {
  const faults = faultWindows(recording);
  const after = timesAfter(recording);
  return faults.map((fault) => {
    const others = faults.filter((other) => other !== fault);
    const effect = fault.effectiveMs === undefined ? undefined : stretchFrom(recording, fault.effectiveMs, others);
    const healing = fault.healingMs === undefined ? undefined : stretchFrom(recording, fault.healingMs, others);
    return {
      fault,
      afterEffect: effect && { ...after(effect, fault.requestedMs), detected: firstSign(recording, effect, fault.requestedMs) },
      afterHealing: healing && after(healing, healing.startMs),
    };
  });
});

/** From a moment to the first request of another fault after it, or to the end of the timeline. */
function stretchFrom({ phases }: Recording, fromMs: number, others: readonly FaultWindow[]): Stretch {
  const endsMs = others.map(({ requestedMs }) => requestedMs).filter((requestedMs) => requestedMs > fromMs);
  return { startMs: fromMs, endMs: Math.max(fromMs, Math.min(phases.at(-1)?.endMs ?? fromMs, ...endsMs)) };
}

/** What did not come, and up to when it was looked for. */
function never(what: string, { endMs }: Stretch): Took {
  return { ms: undefined, never: true, text: `${what} up to ${formatDuration(endMs)}` };
}

function timesAfter(recording: Recording): (stretch: Stretch, struckMs: number) => RecoveryTimes {
  const leaders = leaderships(recording);
  const calm = calmness(recording);
  return (stretch, struckMs) => {
    const { startMs, endMs } = stretch;
    const leader = leaders.find(({ firstSeenMs }) => contains({ startMs: struckMs, endMs }, firstSeenMs));
    const { begun, ackedMs } = writesBegunIn(stretch, recording.operations);
    return {
      fromMs: startMs,
      untilMs: endMs,
      newLeader: leader === undefined ? never("no new leader was seen", stretch) : { ms: Math.max(0, leader.firstSeenMs - startMs), atMs: leader.firstSeenMs, text: leader.text },
      firstAckedWrite:
        begun === 0 ? { ms: undefined, never: false, text: `no write was begun up to ${formatDuration(endMs)}` }
        : ackedMs > endMs ? never(`none of ${begun} writes was acknowledged`, stretch)
        : { ms: ackedMs - startMs, atMs: ackedMs, text: "the first write begun after it was acknowledged" },
      p99WithinTwiceBaseline: calm(stretch),
    };
  };
}

/** How many writes were begun in a stretch, and when the first of them was acknowledged: Infinity where none was. */
function writesBegunIn(stretch: Stretch, operations: readonly Operation[]): { readonly begun: number; readonly ackedMs: number } {
  let [begun, ackedMs] = [0, Infinity];
  for (const operation of operations) {
    if (!contains(stretch, operation.invokeNs / 1e6) || !isWrite(operation) || operation.final === true) continue;
    begun += 1;
    if (operation.outcome === "ok") ackedMs = Math.min(ackedMs, operation.returnNs / 1e6);
  }
  return { begun, ackedMs };
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
  if (before?.ms === undefined || before.count < countMin) return () => ({ ms: undefined, never: false, text: "there were too few operations before the first fault to compare with" });
  if (before.ms === Infinity) return () => ({ ms: undefined, never: false, text: "not even 99 % of operations were ok before the first fault" });
  const limitMs = calmFactor * before.ms;
  const wanted = `a p99 of ${formatDuration(limitMs)}, twice that before the first fault`;
  return (stretch) => {
    const { startMs, endMs } = stretch;
    const seconds = Array.from({ length: Math.max(0, Math.floor((endMs - startMs - binMs) / stepMs) + 1) }, (_, index) => {
      const second = { startMs: startMs + index * stepMs, endMs: startMs + index * stepMs + binMs };
      return { ...second, ...times.quantileIn(second, calmQuantile) };
    }).filter(({ count }) => count >= countMin);
    const last = seconds.at(-1);
    if (last === undefined) return { ms: undefined, never: false, text: `there was no second with enough operations up to ${formatDuration(endMs)}` };
    const longest = longestRun(seconds, ({ ms = 0 }) => ms > limitMs);
    if (longest === undefined) return { ms: 0, atMs: startMs, text: `it was never above ${wanted}` };
    if (longest.endMs === last.endMs) return never(`it was still above ${wanted},`, stretch);
    const calmMs = longest.endMs - binMs + stepMs;
    return { ms: calmMs - startMs, atMs: calmMs, text: `in the second from then on it was at most ${wanted}` };
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
