import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../../clock.ts";
import type { OnThisMachine } from "../../cluster/member.ts";
import type { CpuTimes, MachineSample } from "../../recording/machine.ts";
import { everyTick } from "../cadence.ts";
import { grownSince, readThreadTimes, type ThreadTimes } from "./cpu-times.ts";
import { readStalls, stalledSince } from "./stalls.ts";

/** A process to watch, by the name that it has in the recording. */
export interface WatchedProcess extends OnThisMachine {
  readonly name: string;
  /** Processes that it started are not part of it. */
  readonly alone?: boolean;
}

export interface MachineObserver {
  readonly processes: readonly WatchedProcess[];
  readonly clock: Clock;
  readonly record: (sample: MachineSample) => void;
}

const everyMs = 1_000;
/** What Node's own histogram takes its samples by; half of it is in every value. */
const loopResolutionMs = 10;

/**
 * Watches once a second, until disposed, how long processes of the run waited for a CPU, and what else the kernel tells of how
 * busy the machine is: what a slow answer may be due to other than etcd. What cannot be read is left out; nothing is thrown.
 */
export function watchMachine({ processes, clock, record }: MachineObserver): AsyncDisposable {
  const stopping = new AbortController();
  const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loop.enable();
  const meters = processes.map((each) => ({ name: each.name, meter: new Meter(each) }));
  let lastMs: number | undefined;
  let lastStalls = {};
  const running = everyTick({ clock, everyMs, signal: stopping.signal }, async () => {
    await Promise.all(meters.map(({ meter }) => meter.find()));
    const atMs = clock.nowMs();
    const stalls = readStalls();
    const known = meters.flatMap(({ name, meter }) => {
      const grown = meter.grown();
      return grown === undefined ? [] : [[name, rounded(grown)] as const];
    });
    if (lastMs !== undefined) {
      record({ atMs, overMs: atMs - lastMs, processes: Object.fromEntries(known), loopLateMs: Math.max(0, loop.max / 1e6 - loopResolutionMs), ...stalledSince(lastStalls, stalls) });
    }
    loop.reset();
    [lastMs, lastStalls] = [atMs, stalls];
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
      loop.disable();
    },
  };
}

/** Reads one process again and again; asks for its number only where it has none that lives. */
class Meter {
  readonly #process: WatchedProcess;
  #pid: number | undefined;
  #before: ThreadTimes | undefined;

  constructor(process: WatchedProcess) {
    this.#process = process;
  }

  async find(): Promise<void> {
    this.#pid ??= await Promise.resolve(this.#process.processId()).catch(() => undefined);
  }

  /** What was counted since the last call; undefined where there was no such process then or there is none now. */
  grown(): CpuTimes | undefined {
    const now = this.#pid === undefined ? undefined : readThreadTimes(this.#pid, this.#process.alone);
    const lives = now !== undefined && now.size > 0;
    if (!lives) this.#pid = undefined;
    const before = this.#before;
    this.#before = lives ? now : undefined;
    return before === undefined || !lives ? undefined : grownSince(before, now);
  }
}

function rounded({ ranMs, waitedMs }: CpuTimes): CpuTimes {
  return { ranMs: Math.round(ranMs * 1_000) / 1_000, waitedMs: Math.round(waitedMs * 1_000) / 1_000 };
}
