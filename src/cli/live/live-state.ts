import type { MemberView } from "../../observe/index.ts";
import type { FaultEvent, RunEvent } from "../../recording/events.ts";
import type { WorkloadStats } from "../../workloads/stats.ts";

export interface FaultInForce {
  readonly title: string;
  readonly targets: readonly string[];
  readonly state: "injecting" | "effective" | "without effect" | "healing";
}

/** What a stretch of time was like for clients: a cell of the availability strip. */
export type Availability = "acknowledged" | "partly" | "none" | "idle";

/** What the live view shows; kept up by events and statistics, read at each frame. */
export class LiveState {
  phase: string | undefined;
  readonly faults = new Map<string, FaultInForce>();
  readonly strip: Availability[] = [];
  readonly totals = { ok: 0, fail: 0, info: 0, missed: 0 };
  latest: WorkloadStats | undefined;
  members: readonly MemberView[] = [];

  onEvent(event: RunEvent): void {
    if (event.type === "phase") this.phase = event.state === "started" ? event.phase : undefined;
    if (event.type === "fault") this.#onFault(event);
  }

  onStats(stats: WorkloadStats): void {
    this.latest = stats;
    for (const outcome of ["ok", "fail", "info", "missed"] as const) this.totals[outcome] += stats[outcome];
    this.strip.push(availabilityOf(stats));
  }

  #onFault(event: FaultEvent): void {
    const known = this.faults.get(event.fault);
    switch (event.state) {
      case "requested":
        this.faults.set(event.fault, { title: event.title, targets: event.targets, state: "injecting" });
        return;
      case "effective":
      case "ineffective":
        if (known?.state === "injecting") this.faults.set(event.fault, { ...known, state: event.state === "effective" ? "effective" : "without effect" });
        return;
      case "healing":
        if (known !== undefined) this.faults.set(event.fault, { ...known, state: "healing" });
        return;
      case "healed":
      case "unhealed":
      case "failed":
        this.faults.delete(event.fault);
    }
  }
}

function availabilityOf({ ok, fail, info, missed, opsInFlight }: WorkloadStats): Availability {
  if (ok === 0) return fail + info + missed + opsInFlight === 0 ? "idle" : "none";
  return fail + info + missed > 0 ? "partly" : "acknowledged";
}
