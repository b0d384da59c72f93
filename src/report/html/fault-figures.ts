import type { FaultWindow } from "../../analysis/fault-windows.ts";
import type { FaultRecovery } from "../../analysis/recovery-times.ts";
import { stretchFigures, type StretchFigures } from "../../analysis/stretch-figures.ts";
import type { TimeWindow } from "../../analysis/windows.ts";
import type { Operation } from "../../recording/operation.ts";

/** What clients got before a fault, during it and after it, and what followed on it. */
export interface FaultFigures {
  readonly fault: FaultWindow;
  readonly recovery: FaultRecovery;
  readonly parts: readonly FaultPart[];
}

export interface FaultPart {
  readonly when: "before" | "during" | "after";
  readonly startMs: number;
  readonly endMs: number;
  readonly figures: StretchFigures;
}

/**
 * Before: from when the one before was healed, or from the beginning, to the request. During: from the request to the beginning of
 * the healing. After: from the healing to the next request or the end. Others that overlap it are in its figures.
 *
 * @param most of so many faults, the first ones
 */
export function faultFigures(operations: readonly Operation[], recoveries: readonly FaultRecovery[], run: TimeWindow, most: number): FaultFigures[] {
  const all = recoveries.map(({ fault }) => fault);
  const shown = recoveries.slice(0, most).map((recovery) => ({ recovery, stretches: partsOf(recovery.fault, all, run) }));
  const figures = stretchFigures(operations, shown.flatMap(({ stretches }) => stretches)).values();
  return shown.map(({ recovery, stretches }) => ({
    fault: recovery.fault,
    recovery,
    parts: stretches.flatMap((part) => {
      const { value } = figures.next();
      return value === undefined ? [] : [{ ...part, figures: value }];
    }),
  }));
}

function partsOf(fault: FaultWindow, all: readonly FaultWindow[], run: TimeWindow): Omit<FaultPart, "figures">[] {
  const { requestedMs, healingMs, healedMs } = fault;
  const earlier = all.flatMap(({ healedMs: healed = Infinity }) => (healed <= requestedMs ? [healed] : []));
  const later = all.flatMap(({ requestedMs: requested }) => (requested > requestedMs ? [requested] : []));
  const beganMs = earlier.reduce((latest, healed) => Math.max(latest, healed), run.startMs);
  const liftedMs = Math.max(requestedMs, healingMs ?? healedMs ?? run.endMs);
  const nextMs = later.reduce((next, requested) => (requested > liftedMs ? Math.min(next, requested) : next), run.endMs);
  const parts = [
    { when: "before", startMs: beganMs, endMs: requestedMs },
    { when: "during", startMs: requestedMs, endMs: liftedMs },
    { when: "after", startMs: liftedMs, endMs: nextMs },
  ] as const;
  return parts.filter(({ startMs, endMs }) => startMs < endMs);
}
