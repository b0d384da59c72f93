import { quantilesOf } from "../../analysis/latency.ts";
import { latencyMs, type Operation } from "../../recording/operation.ts";
import type { PhaseWindow, Recording } from "../../recording/recording.ts";
import { phaseAt } from "./phase-figures.ts";

/** Operations of one of several workloads. */
export interface WorkloadFigures {
  readonly kind: string;
  readonly clients: number;
  readonly all: Figures;
  /** Of each phase, by intended start; those in which it did nothing are left out. */
  readonly phases: readonly (Figures & { readonly phase: PhaseWindow })[];
}

/** Latencies are those of the ok operations. */
interface Figures {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

class Tally {
  readonly outcomes = { ok: 0, fail: 0, info: 0 };
  readonly latenciesMs: number[] = [];

  add(operation: Operation): void {
    this.outcomes[operation.outcome] += 1;
    if (operation.outcome === "ok") this.latenciesMs.push(latencyMs(operation));
  }

  get figures(): Figures {
    const [p50Ms, p99Ms] = quantilesOf(this.latenciesMs, [0.5, 0.99]);
    return { ...this.outcomes, p50Ms, p99Ms };
  }
}

/** Figures of each workload where there were several, told apart by their clients; the reads at the end are nobody's. */
export function workloadFigures({ info: { workloads = [] }, operations }: Pick<Recording, "info" | "operations">, phases: readonly PhaseWindow[]): WorkloadFigures[] {
  if (workloads.length < 2) return [];
  const tallies = workloads.map((workload) => ({ ...workload, all: new Tally(), phases: new Map(phases.map((phase) => [phase, new Tally()])) }));
  for (const operation of operations) {
    const tally = tallies.find(({ firstClient, clients }) => operation.client >= firstClient && operation.client < firstClient + clients);
    if (tally === undefined || operation.final === true) continue;
    tally.all.add(operation);
    const phase = phaseAt(phases, operation.intendedNs / 1e6);
    if (phase !== undefined) tally.phases.get(phase)?.add(operation);
  }
  return tallies.map(({ kind, clients, all, phases: each }) => ({
    kind,
    clients,
    all: all.figures,
    phases: [...each].map(([phase, tally]) => ({ phase, ...tally.figures })).filter(({ ok, fail, info }) => ok + fail + info > 0),
  }));
}
