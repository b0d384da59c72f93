import { readFile } from "node:fs/promises";
import type { Clock } from "../../clock.ts";

/** Whether a process is frozen: the state letter of /proc/PID/stat, which stands behind the name in parentheses, is T. */
export async function isFrozen(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).at(0) === "T";
}

/** Between looks at whether it is frozen; no divisor of a duty cycle's period. */
const lookMs = 7;

/** In which part of a while, 0 to 1, it is frozen. */
export async function frozenShare(pid: () => number, clock: Clock, whileMs: number): Promise<number> {
  const endMs = clock.nowMs() + whileMs;
  const looks: boolean[] = [];
  while (clock.nowMs() < endMs) {
    looks.push(await isFrozen(pid()));
    await clock.sleep(lookMs);
  }
  return looks.filter(Boolean).length / Math.max(1, looks.length);
}
