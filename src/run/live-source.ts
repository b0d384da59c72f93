import type { Clock } from "../clock.ts";
import type { MemberView } from "../observe/index.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../recording/events.ts";
import type { WorkloadStats } from "../workloads/stats.ts";

/** What can be seen of a run while it goes on: for the live view and the harness's own metrics. */
export interface LiveSource {
  readonly plan: Plan;
  readonly clock: Clock;
  /** The run's clock at the timeline's start. */
  readonly timelineStartMs: number;
  members(): readonly MemberView[];
  onEvent(listener: (event: RunEvent) => void): void;
  onStats(listener: (stats: WorkloadStats) => void): void;
}

/** Follows a run; nothing it does may disturb it. */
export interface LiveWatcher {
  /** What is being set up or taken down now. */
  step(text: string): void;
  /** Called once, when the timeline is about to start. */
  start(source: LiveSource): void;
  /** Called once, when the timeline is over. */
  stop(): void;
}
