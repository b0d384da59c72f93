import type { Recording } from "../recording/recording.ts";
import type { TimeWindow } from "./windows.ts";

/** A stretch of time. */
export type Stretch = Pick<TimeWindow, "startMs" | "endMs">;

/** Stretches of a window, longer than `toleranceMs`, in which nothing was observed. Times are in ascending order. */
export function blindSpots(observedMs: readonly number[], { startMs, endMs }: Stretch, toleranceMs: number): Stretch[] {
  const edges = [startMs, ...observedMs.filter((atMs) => atMs > startMs && atMs < endMs), endMs];
  return edges.flatMap((edgeMs, index) => {
    const nextMs = edges[index + 1];
    return nextMs !== undefined && nextMs - edgeMs > toleranceMs ? [{ startMs: edgeMs, endMs: nextMs }] : [];
  });
}

/** Stretches in ascending order, those as one that overlap or touch. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const apart: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of stretches) {
    const last = apart.at(-1);
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else apart.push({ startMs, endMs });
  }
  return apart;
}

/** What is left of stretches when others are cut out of them. */
export function without(stretches: readonly Stretch[], cuts: readonly Stretch[]): Stretch[] {
  return cuts.reduce<readonly Stretch[]>(
    (left, cut) =>
      left.flatMap(({ startMs, endMs }) =>
        [
          { startMs, endMs: Math.min(endMs, cut.startMs) },
          { startMs: Math.max(startMs, cut.endMs), endMs },
        ].filter((piece) => piece.startMs < piece.endMs),
      ),
    stretches,
  ).map(({ startMs, endMs }) => ({ startMs, endMs }));
}

const stops: ReadonlySet<string> = new Set(["killed", "exited", "stopped", "paused"]);

/** When a member's process did not run, so that it can have done nothing: from its stop to its next start. */
export function standstills({ events }: Recording, member: string): Stretch[] {
  const stretches: Stretch[] = [];
  let stoppedMs: number | undefined;
  for (const event of events) {
    if (event.type !== "member" || event.member !== member) continue;
    if (stops.has(event.state)) {
      stoppedMs ??= event.atMs;
    } else if (stoppedMs !== undefined && event.state !== "replaced") {
      stretches.push({ startMs: stoppedMs, endMs: event.atMs });
      stoppedMs = undefined;
    }
  }
  return stoppedMs === undefined ? stretches : [...stretches, { startMs: stoppedMs, endMs: Infinity }];
}
