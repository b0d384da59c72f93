import { latencyMs, type Operation } from "../recording/operation.ts";
import { missedBinMs, type WorkloadStats, type WorkloadSummary } from "./stats.ts";

type Counts = Pick<WorkloadStats, "ok" | "fail" | "info" | "missed">;

/** Requests at equal distances in [from, to) that were due and are given up. */
export interface GivenUp {
  readonly member: string;
  readonly count: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** The first and the last client of its workload, where there are several. */
  readonly clients?: [number, number];
}

/** Whose requests they are, and how many were due in each bin. */
interface MissedBins extends Pick<GivenUp, "member" | "clients"> {
  readonly bins: Map<number, number>;
}

/** Counts operations, in all and since it was last asked. */
export class Tally {
  readonly #total = noCounts();
  #recent = noCounts();
  #latenciesMs: number[] = [];
  #missedAt = new Map<string, MissedBins>();
  readonly #kinds: ReadonlyMap<string, Counted>;

  /** @param kinds those of the workloads, which are told apart where there are several */
  constructor(kinds: readonly string[] = []) {
    this.#kinds = new Map(kinds.length > 1 ? kinds.map((kind) => [kind, { ok: 0, fail: 0, info: 0 }]) : []);
  }

  /** @param kind that of its workload */
  operation(operation: Operation, kind = ""): void {
    const ofKind = this.#kinds.get(kind);
    if (ofKind !== undefined) ofKind[operation.outcome] += 1;
    this.#total[operation.outcome] += 1;
    this.#recent[operation.outcome] += 1;
    if (operation.outcome === "ok") this.#latenciesMs.push(latencyMs(operation));
  }

  missed({ count, fromNs, toNs, ...whose }: GivenUp): void {
    this.#total.missed += count;
    this.#recent.missed += count;
    const name = JSON.stringify(whose);
    const { bins } = this.#missedAt.get(name) ?? { bins: new Map<number, number>() };
    this.#missedAt.set(name, { ...whose, bins });
    for (let index = 0; index < count; index += 1) {
      const dueMs = (fromNs + (index * (toNs - fromNs)) / count) / 1e6;
      const atMs = Math.floor(dueMs / missedBinMs) * missedBinMs;
      bins.set(atMs, (bins.get(atMs) ?? 0) + 1);
    }
  }

  total(): Pick<WorkloadSummary, keyof Counts> {
    return { ...this.#total };
  }

  /** What came since the last call. */
  takeRecent(): Omit<WorkloadStats, "opsInFlight" | "behindMs"> {
    const sorted = this.#latenciesMs.sort((a, b) => a - b);
    const missedAt = [...this.#missedAt.values()].flatMap(({ bins, ...whose }) => [...bins].map(([atMs, count]) => ({ ...whose, atMs, count })));
    const kinds = [...this.#kinds].map(([kind, counts]) => ({ kind, ...counts }));
    const recent = { ...this.#recent, missedAt, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), ...(kinds.length === 0 ? {} : { kinds }) };
    for (const counts of this.#kinds.values()) Object.assign(counts, { ok: 0, fail: 0, info: 0 });
    this.#recent = noCounts();
    this.#latenciesMs = [];
    this.#missedAt = new Map();
    return recent;
  }
}

/** How operations of one workload ended. */
type Counted = { -readonly [Key in "ok" | "fail" | "info"]: number };

function noCounts(): { -readonly [Key in keyof Counts]: number } {
  return { ok: 0, fail: 0, info: 0, missed: 0 };
}

/** The smallest value that at least this share of the values does not exceed (nearest rank). */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
