import type { FaultWindow } from "../../analysis/fault-windows.ts";
import type { Leadership, RoleLane } from "../../analysis/leadership.ts";
import { excerptsAround } from "../../analysis/log-excerpts.ts";
import type { Stretch } from "../../analysis/coverage.ts";
import type { LogLine } from "../../recording/log-line.ts";
import type { PhaseWindow, Recording } from "../../recording/recording.ts";
import { formatDuration } from "../../units/duration.ts";
import { counted, seconds } from "../text.ts";
import type { LinkedEvidence, NumberedAssertion } from "./evidence.ts";
import { phaseAt } from "./phase-figures.ts";
import { sinceFault } from "./story.ts";

/** What one asks first of a red run, of its first violation: which assertion, when, during which fault, what did the members say. */
export interface Broke {
  readonly violation: NumberedAssertion;
  /** How many more are violated. */
  readonly others: number;
  /** What it points at first; absent where it points at nothing. */
  readonly moment?: Moment;
}

export interface Moment {
  readonly shown: LinkedEvidence;
  /** Where in the timeline: `partition, 1.2 s into partition`. */
  readonly phase: PhaseWindow | undefined;
  readonly faults: readonly FaultWindow[];
  /** How long after the faults in force, or after the last one. */
  readonly since: string | undefined;
  /** Who led then, in words. */
  readonly leader: string;
  readonly lines: readonly LogLine[];
}

const linesMax = 4;
const around = { beforeMs: 500, afterMs: 1_500 } as const;

/** Undefined where nothing is violated. @param assertions violations first */
export function whatBroke(recording: Recording, assertions: readonly NumberedAssertion[], faults: readonly FaultWindow[], leaderships: readonly Leadership[], roles: readonly RoleLane[]): Broke | undefined {
  const violations = assertions.filter(({ assertion }) => assertion.verdict.outcome === "fail");
  // What nobody expected is what makes the run red.
  const violation = violations.find(({ assertion }) => assertion.expected !== true) ?? violations[0];
  if (violation === undefined) return undefined;
  const shown = firstTelling(violation);
  const broke = { violation, others: violations.length - 1 };
  if (shown === undefined) return broke;
  const stretch = { startMs: shown.evidence.atMs, endMs: shown.evidence.endMs ?? shown.evidence.atMs };
  return {
    ...broke,
    moment: {
      shown,
      phase: phaseAt(recording.phases, stretch.startMs),
      faults: faults.filter((fault) => inForce(fault, stretch)),
      since: sinceFault(stretch.startMs, faults),
      leader: leaderDuring(stretch, leaderships, roles),
      lines: linesNear(recording, stretch, shown.evidence.member),
    },
  };
}

/** The illegal operation of a counterexample, where the verdict has one; else what the assertion points at first. */
function firstTelling({ assertion, evidence }: NumberedAssertion): LinkedEvidence | undefined {
  const { counterexample } = assertion.verdict;
  const illegal = counterexample?.operations.find(({ name }) => name === counterexample.illegal);
  return evidence.find(({ evidence: { atMs } }) => illegal !== undefined && Math.abs(atMs - illegal.invoke / 1e6) < 1e-6) ?? evidence[0];
}

function inForce({ requestedMs, healedMs = Infinity }: FaultWindow, { startMs, endMs }: Stretch): boolean {
  return requestedMs <= endMs && healedMs >= startMs;
}

/** Whoever said of itself that it led, and the leaders that were first seen meanwhile. */
function leaderDuring({ startMs, endMs }: Stretch, leaderships: readonly Leadership[], roles: readonly RoleLane[]): string {
  const roleThen = roles.flatMap(({ member, stretches }) => stretches.filter((each) => each.startMs <= startMs && each.endMs > startMs).map((each) => ({ ...each, member })));
  const leads = roleThen.filter(({ role }) => role === "leader").map(({ member, term }) => `${member} leads at term ${term ?? "unknown"}`);
  const stale = roleThen.filter(({ role }) => role === "stale-leader").map(({ member, term }) => `${member} believes that it still leads at term ${term ?? "unknown"}`);
  const without = roleThen.filter(({ role }) => role === "no-leader").length;
  const after = leaderships.filter(({ firstSeenMs }) => firstSeenMs > startMs && firstSeenMs <= endMs);
  const seen = roleThen.filter(({ role }) => role !== "unseen").length;
  const before = leaderships.findLast(({ firstSeenMs }) => firstSeenMs <= startMs);
  const last = before === undefined ? "no leader was seen before" : `the last one seen was ${before.leader} at term ${before.term}`;
  const then = leads.length > 0 ? leads : [seen === 0 ? `no member answers; ${last}` : `none leads; ${last}`];
  const changes = after.slice(0, 2).map(({ leader, term, firstSeenMs }) => `then ${leader} at term ${term}, from ${seconds(firstSeenMs)} s`);
  return [...then, ...stale, ...(without > 0 ? [`${counted(without, "member knows", "members know")} no leader`] : []), ...changes].join("; ");
}

/** The most telling lines of all members, those of the member in question first; in order of time. */
function linesNear(recording: Recording, { startMs, endMs }: Stretch, member: string | undefined): LogLine[] {
  const within = { ...around, afterMs: Math.max(around.afterMs, endMs - startMs) };
  const found = excerptsAround(recording, [startMs], { ...within, mostLines: 200 });
  const telling = found.filter((each) => each.telling);
  const own = telling.find(({ line }) => line.member === member);
  const chosen = own === undefined ? telling : [own, ...telling.filter((each) => each !== own)];
  const apart = chosen.filter(({ line }, index) => chosen.findIndex((other) => sameWords(other.line, line)) === index);
  const rest = found.filter((each) => !each.telling && each.tag === "warning");
  return [...apart, ...rest].slice(0, linesMax).map(({ line }) => line).sort((a, b) => a.atMs - b.atMs);
}

function sameWords(one: LogLine, other: LogLine): boolean {
  return one.member === other.member && one.msg === other.msg;
}

/** `6.010 s`, `5.000–13.000 s (8 s)`. */
export function momentText({ evidence: { atMs, endMs } }: LinkedEvidence): string {
  return endMs === undefined || endMs - atMs < 1 ? `${seconds(atMs)} s` : `${seconds(atMs)}–${seconds(endMs)} s (${formatDuration(endMs - atMs)})`;
}
