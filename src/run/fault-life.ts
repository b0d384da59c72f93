import { isAbort, waitFor, type Clock, timeLimit } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError, messageOf } from "../errors.ts";
import type { ActiveFault, Finding } from "../faults/fault.ts";
import { resolveTarget, type ResolvedTarget } from "../faults/target.ts";
import type { ObservedLeadership } from "../observe/leadership.ts";
import type { PlannedFault } from "../plan/plan.ts";
import type { Random } from "../random.ts";
import type { RunEvent } from "../recording/events.ts";
import type { TimeLimits } from "../watchdog/watchdog.ts";
import { bounded } from "./bounded.ts";

export interface FaultStage {
  readonly cluster: RunningCluster;
  readonly clock: Clock;
  /** The run's clock at the timeline's start: planned times count from it. */
  readonly timelineStartMs: number;
  readonly random: Random;
  readonly leadership: () => ObservedLeadership;
  readonly record: (event: RunEvent) => void;
  /** Aborted when the run is: faults are then healed at once. */
  readonly signal: AbortSignal;
  /** Told of every fault by when it is to be over, so that somebody outside ends it where we hang. */
  readonly limits: TimeLimits;
  /** How long healing and its proof may take. */
  readonly healingLimitMs: number;
}

/** How long a target such as `leader` may stand for nobody before the fault counts as failed. */
const targetLimitMs = 5_000;

/**
 * One fault from its planned injection to its proven healing. Everything that happens is
 * recorded; nothing is thrown, so that one fault's trouble never keeps another from healing.
 * One that follows the leader lives again on each new one, under an id of its own: `…~2`.
 */
export async function liveFault(planned: PlannedFault, stage: FaultStage): Promise<void> {
  const { clock, leadership, signal, timelineStartMs } = stage;
  await clock.sleep(timelineStartMs + planned.injectAtMs - clock.nowMs(), signal).catch(() => undefined);
  const hit = await lifeOf(planned, stage);
  if (!planned.follows) return;
  let last = hit;
  const next = (): string | undefined => (leadership().leader === last ? undefined : leadership().leader);
  for (let turn = 2; last !== undefined; turn++) {
    const moved = await waitFor(clock, next, { limitMs: restMs(planned, stage), everyMs: followEveryMs, signal }).catch(() => undefined);
    // What there is no time left to prove would only count against it.
    if (moved === undefined || restMs(planned, stage) < followMinMs) return;
    last = await lifeOf({ ...planned, id: `${planned.id}~${turn}` }, stage);
  }
}

const followEveryMs = 50;
const followMinMs = 2_000;

/** A fault whose proof does not heed the signal in so long is healed without. */
const graceMs = 2_000;
/** Healing waits for members to start, and for a cluster to agree; what takes longer than this never ends. */
const partLimitMs = 180_000;

/** Until it is to be healed. */
function restMs({ healAtMs }: PlannedFault, { clock, timelineStartMs }: FaultStage): number {
  return timelineStartMs + healAtMs - clock.nowMs();
}

/** @returns the first member that it hit; undefined when it came to nothing */
async function lifeOf(planned: PlannedFault, stage: FaultStage): Promise<string | undefined> {
  const { clock, healingLimitMs, limits, record, signal } = stage;
  const stamp = { type: "fault", fault: planned.id, kind: planned.fault.kind } as const;
  // Looking for an effect must not put off the healing.
  const untilHealing = timeLimit(Math.max(1, Math.round(restMs(planned, stage))));
  const over = (): void => limits.done(planned.id);
  try {
    signal.throwIfAborted();
    const target = await findTarget(planned, stage);
    const { title, phase } = planned;
    record({ ...stamp, atMs: clock.nowMs(), state: "requested", phase, title, targets: [...target.members], because: target.because });
    const targets = membersNamed(target.members, stage.cluster);
    limits.within(planned.id, restMs(planned, stage) + healingLimitMs);
    const injecting = planned.fault.inject({ cluster: stage.cluster, targets, clock, signal: AbortSignal.any([signal, untilHealing]) });
    const active = await bounded(injecting, { clock, limitMs: restMs(planned, stage) + partLimitMs, what: "injecting it" }).catch((error: unknown) => {
      // One that comes after all must not stay. What was refused was undone.
      injecting.then((late) => late.heal(), () => undefined).then(over).catch(() => undefined);
      throw error;
    });
    try {
      await keep(active, planned, stage, stamp, target.members, untilHealing);
    } finally {
      // One that nobody could lift lives no longer than its time.
      if (await healFault(active, stage, stamp)) over();
    }
    return target.members[0];
  } catch (error) {
    // That the run was ended while it waited is no trouble of the fault's.
    if (!isAbort(error, signal)) record({ ...stamp, atMs: clock.nowMs(), state: "failed", error: isAbort(error, untilHealing) ? "it was to be healed before it was put on" : messageOf(error) });
    return undefined;
  }
}

type Stamp = Pick<RunEvent & { type: "fault" }, "type" | "fault" | "kind">;

/** Proves the fault while it is in force, and keeps it until its planned end, or until the leader that it follows is another. */
async function keep(active: ActiveFault, planned: PlannedFault, stage: FaultStage, stamp: Stamp, [hit]: readonly string[], untilHealing: AbortSignal): Promise<void> {
  const { clock, leadership, record, signal } = stage;
  try {
    const finding = await bounded(active.effect(), { clock, limitMs: restMs(planned, stage) + graceMs, what: "it", signal, graceMs });
    record({ ...stamp, atMs: finding.sinceMs, state: bites(finding) ? "effective" : "ineffective", proofs: [...finding.proofs] });
  } catch (error) {
    if (signal.aborted) return;
    record({ ...stamp, atMs: clock.nowMs(), state: "ineffective", proofs: [{ source: "harness", text: isAbort(error, untilHealing) ? "nothing had shown it when it was to be healed" : `proving it failed: ${messageOf(error)}`, holds: false }] });
  }
  const limitMs = restMs(planned, stage);
  const moved = (): true | undefined => (leadership().leader === undefined || leadership().leader === hit ? undefined : true);
  const ended = planned.follows ? waitFor(clock, moved, { limitMs, everyMs: followEveryMs, signal }) : clock.sleep(limitMs, signal);
  await ended.catch(() => undefined);
}

const healAttempts = 3;
/** What refused a moment ago, such as a busy engine, may do it now. */
const healRetryMs = 250;

/** After the planned end of a fault no part of it goes on for longer, unless we hang: an injection, attempts to heal, a proof, and a minute for all else. */
export const longestHealingMs = (1 + healAttempts + 1) * partLimitMs + 60_000;

/** @returns false where it could not be lifted; whether that is proven is another matter */
async function healFault(active: ActiveFault, { clock, record }: FaultStage, stamp: Stamp): Promise<boolean> {
  record({ ...stamp, atMs: clock.nowMs(), state: "healing" });
  for (let attempt = 1; ; attempt++) {
    try {
      await bounded(active.heal(), { clock, limitMs: partLimitMs, what: "it" });
      break;
    } catch (error) {
      if (attempt < healAttempts) {
        await clock.sleep(healRetryMs);
        continue;
      }
      record({ ...stamp, atMs: clock.nowMs(), state: "unhealed", proofs: [{ source: "harness", text: `healing failed ${attempt} times: ${messageOf(error)}`, holds: false }] });
      return false;
    }
  }
  try {
    const finding = await bounded(active.healed(), { clock, limitMs: partLimitMs, what: "it" });
    record({ ...stamp, atMs: finding.sinceMs, state: bites(finding) ? "healed" : "unhealed", proofs: [...finding.proofs] });
  } catch (error) {
    record({ ...stamp, atMs: clock.nowMs(), state: "unhealed", proofs: [{ source: "harness", text: `proving that it healed failed: ${messageOf(error)}`, holds: false }] });
  }
  return true;
}

/** No proof is no evidence. */
function bites({ proofs }: Finding): boolean {
  return proofs.length > 0 && proofs.every(({ holds }) => holds);
}

async function findTarget(planned: PlannedFault, { cluster, clock, leadership, random, signal }: FaultStage): Promise<ResolvedTarget> {
  const names = cluster.members.map(({ name }) => name);
  const { target } = planned.fault;
  const resolve = (): ResolvedTarget | undefined => resolveTarget(target, names, leadership(), random);
  const found = await waitFor(clock, resolve, { limitMs: targetLimitMs, everyMs: 50, signal });
  if (found === undefined) throw new HarnessError("fault", `no member stood for the target ${target} within ${targetLimitMs / 1000} s`);
  return found;
}

function membersNamed(names: readonly string[], { members }: RunningCluster): Member[] {
  return members.filter(({ name }) => names.includes(name));
}
