import { bisector } from "d3-array";

import type { Recording } from "../recording/recording.ts";
import type { Stretch } from "./coverage.ts";
import { faultWindows } from "./fault-windows.ts";

/** A process that waited for a CPU much longer than it ran, in one sample of the machine. */
export interface MachineWait extends Stretch {
  /** `etcd-2`, `load`, `proxy`. */
  readonly process: string;
  /** Of the time in which its threads wanted a CPU, the part in which they had to wait for one, from 0 to 1. */
  readonly share: number;
}

/**
 * From which share on waiting counts, and how long has to be waited in a second at least, added up over threads: what hardly
 * wanted to run is no sign of a busy machine. Measured on two CPUs, of the scenario `steady` (200 operations a second):
 *
 * | the run beside | share of members | waited in a second | p95 |
 * |---|---|---|---|
 * | a load of 11, before which it was preferred | 0.71 to 0.84 | 0.35 s to 0.57 s | 9 ms |
 * | the same, half as much preferred | 0.79 to 0.91 | 0.45 s to 1.1 s | 20 ms |
 * | the same, as one among equals | 0.92 to 0.95 | 1.0 s to 1.7 s | 241 ms |
 * | eight busy processes more | 0.97 to 0.99 | 4 s to 6 s | 1.0 s to 1.2 s |
 *
 * What is left of the p95 without that share is 2 ms to 36 ms in all of them, so that the share tells how much of a latency
 * the machine explains.
 */
export const waitShareMin = 0.9;
const waitedMinMsPerSecond = 500;

/** Faults of ours that keep a process from running: what its threads waited then tells nothing of the machine. */
const ownDoing: ReadonlySet<string> = new Set(["cpu-starvation", "pause", "memory-pressure"]);

/**
 * When processes through which every answer goes had to wait for a CPU: members, the load and the proxy. The harness itself is
 * left out, since no answer waits for it, and so are members while a fault of ours holds them back.
 */
export function machineWaits(recording: Recording): MachineWait[] {
  const held = faultWindows(recording).filter(({ kind }) => ownDoing.has(kind));
  const isHeld = (process: string, { startMs, endMs }: Stretch): boolean => held.some(({ targets, requestedMs, healedMs = Infinity }) => targets.includes(process) && requestedMs < endMs && healedMs > startMs);
  return recording.machine.flatMap(({ atMs, overMs, processes }) => {
    const stretch = { startMs: atMs - overMs, endMs: atMs };
    return Object.entries(processes).flatMap(([process, { ranMs, waitedMs }]): MachineWait[] => {
      const share = waitedMs / (ranMs + waitedMs);
      const counts = process !== "harness" && share >= waitShareMin && waitedMs >= (waitedMinMsPerSecond * overMs) / 1_000;
      return counts && !isHeld(process, stretch) ? [{ ...stretch, process, share }] : [];
    });
  });
}

const waitAt = bisector((wait: MachineWait) => wait.endMs);

/** How busy the machine was in a stretch of time, as what waited most then: its mean share of all the stretch. Waits are in order of time. */
export function worstWait(waits: readonly MachineWait[], { startMs, endMs }: Stretch): Pick<MachineWait, "process" | "share"> | undefined {
  const sums = new Map<string, number>();
  for (let index = waitAt.right(waits, startMs); index < waits.length; index += 1) {
    const { process, share, ...wait } = waits[index] ?? { process: "", share: 0, startMs: endMs, endMs };
    if (wait.startMs >= endMs) break;
    const overlapMs = Math.min(endMs, wait.endMs) - Math.max(startMs, wait.startMs);
    if (overlapMs > 0) sums.set(process, (sums.get(process) ?? 0) + share * overlapMs);
  }
  const [worst] = [...sums].map(([process, sum]) => ({ process, share: Math.min(1, sum / (endMs - startMs)) })).sort((a, b) => b.share - a.share);
  return worst;
}
