import type { Plan } from "../plan/plan.ts";
import { seededRandom } from "../random.ts";
import { liveFault, type FaultStage } from "./fault-life.ts";

/**
 * Plays a plan on a running cluster: phases by the clock, each fault at its time. Returns when
 * the last phase is over, or the signal aborts, and every fault is healed.
 */
export async function playTimeline(plan: Plan, stage: Omit<FaultStage, "random">): Promise<void> {
  const { clock, record, signal, timelineStartMs } = stage;
  const lives: Promise<void>[] = [];
  for (const { name, endMs } of plan.phases) {
    if (signal.aborted) break;
    record({ type: "phase", atMs: clock.nowMs(), phase: name, state: "started" });
    for (const planned of plan.faults.filter(({ phase }) => phase === name)) {
      lives.push(liveFault(planned, { ...stage, random: seededRandom(plan.seed, `fault/${planned.id}`) }));
    }
    await clock.sleep(timelineStartMs + endMs - clock.nowMs(), signal).catch(() => undefined);
    record({ type: "phase", atMs: clock.nowMs(), phase: name, state: "ended" });
  }
  await Promise.all(lives);
}
