import { recoveryTimes, type RecoveryTimes, type Took } from "../../src/analysis/recovery-times.ts";
import { contains } from "../../src/analysis/windows.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import type { Shared } from "../shared.ts";
import type { Objective } from "../slo-objectives.ts";
import { worst, type Evidence, type Outcome } from "../verdict.ts";
import type { SeenWindow } from "../window.ts";

/** How long each may take at most, in milliseconds; what is not said is not judged. */
export interface RecoveryBounds {
  readonly detected?: number | undefined;
  readonly "new-leader"?: number | undefined;
  readonly "acknowledged-write"?: number | undefined;
  readonly "usual-latency"?: number | undefined;
}

type Name = keyof RecoveryBounds;
const names = ["detected", "new-leader", "acknowledged-write", "usual-latency"] as const satisfies readonly Name[];
const words: Readonly<Record<Name, string>> = { detected: "detected", "new-leader": "a new leader", "acknowledged-write": "a write acknowledged", "usual-latency": "p99 within twice that before" };
const saidByMembers: ReadonlySet<Name> = new Set(["detected", "new-leader"]);
const moments = { effect: "took effect", healing: "was healed" } as const;

/** Judges how soon all was well again, for each fault that took effect, or was healed, in a window. */
export function judgeRecoveryTimes(recording: Recording, window: SeenWindow, after: keyof typeof moments, bounds: RecoveryBounds, shared: Shared): Objective {
  const asked = names.flatMap((name) => (bounds[name] === undefined ? [] : [[name, bounds[name]] as const]));
  const bound = asked.map(([name, limitMs]) => `${words[name]} within ${formatDuration(limitMs)}`).join(", ");
  const text = `${bound} of ${after === "effect" ? "each fault's effect" : "each fault's healing"}`;
  const faults = recoveryTimes(recording).flatMap(({ fault, afterEffect, afterHealing }) => {
    const times = after === "effect" ? afterEffect : afterHealing;
    return times !== undefined && contains(window, times.fromMs) ? [{ fault, times, detected: afterEffect?.detected }] : [];
  });
  if (faults.length === 0) return { outcome: "inconclusive", observed: "no fault", bound: text, reason: `no fault ${moments[after]} in ${window.name}`, evidence: [] };
  const members = recording.info.members.map((member) => member.name);
  const parts = faults.flatMap(({ fault, times, detected }) =>
    asked.map(([name, limitMs]) => {
      const took = tookOf(name, times, detected);
      // What clients waited is shorter already, where it is judged as if nobody had waited for a CPU; what members say is not.
      const unwaited = took.ms === undefined || !saidByMembers.has(name) ? 1 : shared.unwaited({ startMs: times.fromMs, endMs: took.atMs }, members);
      return partOf(fault.title, name, took, limitMs / unwaited, times);
    }),
  );
  const outcome = worst(parts.map((part) => part.outcome));
  const telling = parts.filter((part) => part.outcome === outcome).map((part) => part.text);
  return { outcome, observed: parts.map((part) => part.text).join("; "), bound: text, ...(outcome === "pass" ? {} : { reason: telling.join("; ") }), evidence: parts.flatMap(({ evidence }) => evidence) };
}

interface Part {
  readonly outcome: Outcome;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

const unknown: Took = { ms: undefined, never: false, text: "the fault is not known to have taken effect" };

function tookOf(name: Name, times: RecoveryTimes, detected: Took | undefined): Took {
  switch (name) {
    case "detected":
      return detected ?? unknown;
    case "new-leader":
      return times.newLeader;
    case "acknowledged-write":
      return times.firstAckedWrite;
    case "usual-latency":
      return times.p99WithinTwiceBaseline;
  }
}

/** What never came fails only where it was looked for as long as it may take. */
function partOf(title: string, name: Name, took: Took, limitMs: number, { fromMs, untilMs }: RecoveryTimes): Part {
  const seen = { kind: "window", atMs: fromMs, endMs: untilMs } as const;
  if (took.ms !== undefined) {
    const text = `${title}: ${words[name]} after ${formatDuration(took.ms)}`;
    return { outcome: took.ms <= limitMs ? "pass" : "fail", text, evidence: [{ kind: "window", atMs: fromMs, endMs: took.atMs, text: `${text}: ${took.text}` }] };
  }
  const outcome = took.never && untilMs - fromMs >= limitMs ? "fail" : "inconclusive";
  return { outcome, text: `${title}: ${took.text}`, evidence: [{ ...seen, text: took.text }] };
}
