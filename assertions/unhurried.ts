import { machineWaits, worstWait, type MachineWait } from "../src/analysis/machine-waits.ts";
import { latencyMs, type Operation } from "../src/recording/operation.ts";
import type { Recording } from "../src/recording/recording.ts";
import { healthLimitMs, type HealthSample } from "../src/recording/samples.ts";
import { formatDuration } from "../src/units/duration.ts";
import type { Evidence, Verdict } from "./verdict.ts";

/**
 * What a time bound that was missed on a busy machine says: etcd is judged, not the machine. Where processes of the run waited
 * long for a CPU it is judged once more, as if they had not: what holds then was missed by the machine, for all that is known,
 * and is inconclusive; what is missed even so stays a fail. Only for assertions that say of themselves that they are about time.
 *
 * @param bad what the machine may be the cause of; of what stands under a `not` that is a pass
 */
export function unlessBusy(recording: Recording, verdict: Verdict, judge: (recording: Recording, waits: readonly MachineWait[]) => Verdict, bad: "fail" | "pass" = "fail"): Verdict {
  if (verdict.outcome !== bad) return verdict;
  const waits = machineWaits(recording);
  if (waits.length === 0) return verdict;
  const again = judge(unhurried(recording, waits), waits);
  if (again.outcome === bad) return verdict;
  const touching = waits.filter((wait) => verdict.evidence.some(({ atMs, endMs = atMs }) => atMs < wait.endMs && endMs >= wait.startMs));
  const [worst] = touching.sort((a, b) => b.share - a.share);
  if (worst === undefined) return verdict;
  const seen = `${worst.process} waited for a CPU in ${Math.round(worst.share * 100)} % of the time in which it wanted one`;
  const reason = `${verdict.reason ?? verdict.observed}; but ${seen}, and without such waits it may ${bad === "fail" ? "hold" : "not be so"}: so busy a machine cannot tell`;
  return { ...verdict, outcome: "inconclusive", reason, evidence: [...verdict.evidence, ...evidenceOf(touching.filter((wait) => wait.process === worst.process))] };
}

const evidenceMax = 3;

function evidenceOf(worstFirst: readonly MachineWait[]): Evidence[] {
  return worstFirst.slice(0, evidenceMax).map(({ process, startMs, endMs, share }) => ({
    kind: "window", atMs: startMs, endMs, text: `${process} waited for a CPU in ${Math.round(share * 100)} % of the time in which it wanted one, in ${formatDuration(endMs - startMs)}`,
  }));
}

/**
 * The recording as it might have been had nobody waited for a CPU: where processes waited, answers took less by the share of
 * whoever waited most, what has an unknown outcome was answered where waits were the larger part of its time, and what was not
 * sent was not due. A member that did not say in time whether it is healthy is healthy, in the same way. What certainly failed, or
 * says of itself that it is not healthy, is left as it is. It is kinder to etcd than the truth.
 */
export function unhurried(recording: Recording, waits: readonly MachineWait[]): Recording {
  const waitedIn = (startMs: number, endMs: number, of = waits): number => worstWait(of, { startMs, endMs: Math.max(endMs, startMs + 1) })?.share ?? 0;
  // Members are asked for their health past the proxy, and not by the load.
  const ofMembers = waits.filter(({ process }) => recording.info.members.some(({ name }) => name === process));
  return {
    ...recording,
    operations: recording.operations.map((operation) => hastened(operation, waitedIn(operation.intendedNs / 1e6, operation.returnNs / 1e6))),
    health: recording.health.map((sample) => answered(sample, waitedIn(sample.atMs - sample.tookMs, sample.atMs, ofMembers))),
    events: recording.events.map((event) => (event.type === "missed" ? { ...event, requests: event.requests.filter(({ atMs }) => waitedIn(atMs, atMs + 1) === 0) } : event)),
  };
}

/** Timers fire up to a millisecond early. */
const timerEarlyMs = 1;

function answered({ reason, ...sample }: HealthSample, share: number): HealthSample {
  const inVain = !sample.healthy && sample.tookMs >= healthLimitMs - timerEarlyMs;
  return inVain && share >= shareOfUnknownMin ? { ...sample, healthy: true } : { ...sample, ...(reason === undefined ? {} : { reason }) };
}

/** A time-out of which less was waited for a CPU has another cause, for all that is known. */
const shareOfUnknownMin = 0.5;

function hastened(operation: Operation, share: number): Operation {
  if (share === 0 || operation.outcome === "fail" || (operation.outcome === "info" && share < shareOfUnknownMin)) return operation;
  const tookMs = latencyMs(operation) * (1 - share);
  return { ...operation, returnNs: operation.intendedNs + tookMs * 1e6, outcome: "ok" };
}
