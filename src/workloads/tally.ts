import { latencyMs, type Operation } from "../recording/operation.ts";
import type { WorkloadStats, WorkloadSummary } from "./stats.ts";

type Counts = Pick<WorkloadStats, "ok" | "fail" | "info" | "missed">;

/** Counts operations, in all and since it was last asked. */
export class Tally {
  readonly #total = noCounts();
  #recent = noCounts();
  #latenciesMs: number[] = [];

  operation(operation: Operation): void {
    this.#total[operation.outcome] += 1;
    this.#recent[operation.outcome] += 1;
    if (operation.outcome === "ok") this.#latenciesMs.push(latencyMs(operation));
  }

  missed(count: number): void {
    this.#total.missed += count;
    this.#recent.missed += count;
  }

  total(): Pick<WorkloadSummary, keyof Counts> {
    return { ...this.#total };
  }

  /** What came since the last call. */
  takeRecent(): Omit<WorkloadStats, "opsInFlight" | "behindMs"> {
    const sorted = this.#latenciesMs.sort((a, b) => a - b);
    const recent = { ...this.#recent, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
    this.#recent = noCounts();
    this.#latenciesMs = [];
    return recent;
  }
}

function noCounts(): { -readonly [Key in keyof Counts]: number } {
  return { ok: 0, fail: 0, info: 0, missed: 0 };
}

/** The smallest value that at least this share of the values does not exceed (nearest rank). */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
