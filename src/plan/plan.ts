import type { Capability } from "../cluster/member.ts";
import type { Fault } from "../faults/fault.ts";
import type { Phase, Scenario } from "../scenario/scenario.ts";

/** A scenario with every time resolved. Times are milliseconds from the timeline's start. */
export interface Plan {
  readonly scenario: Scenario;
  /** Decides everything that is random in the run. */
  readonly seed: number;
  readonly durationMs: number;
  readonly phases: readonly PlannedPhase[];
  /** In the order of their injection. */
  readonly faults: readonly PlannedFault[];
  /** Faults that cannot be had here. A plan that has any is not to be run. */
  readonly unavailable: readonly UnavailableFault[];
}

export interface PlannedPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface PlannedFault {
  /** `<phase>/<number>-<kind>`, unique in the run; numbers count from 1 within the phase. */
  readonly id: string;
  readonly phase: string;
  /** The fault's own words: `partition leader, blocking`. */
  readonly title: string;
  readonly injectAtMs: number;
  readonly healAtMs: number;
  readonly fault: Fault;
}

export interface UnavailableFault {
  /** The fault's id. */
  readonly fault: string;
  /** One sentence. */
  readonly because: string;
}

export interface PlanOptions {
  readonly seed: number;
  /** For each capability of a member why the runtime cannot give it; undefined where it can. */
  readonly lacking: Readonly<Record<Capability, string | undefined>>;
}

/** Resolves a scenario's timeline. Pure; targets stay symbols until they are injected. */
export function makePlan(scenario: Scenario, { seed, lacking }: PlanOptions): Plan {
  const phases = plannedPhases(scenario.phases);
  const faults = scenario.phases.flatMap((phase, index) => plannedFaults(phase, phases[index]?.startMs ?? 0));
  return {
    scenario,
    seed,
    durationMs: phases.at(-1)?.endMs ?? 0,
    phases,
    faults: faults.sort((a, b) => a.injectAtMs - b.injectAtMs),
    unavailable: faults.flatMap(({ id, fault }) => {
      const because = fault.needs.map((need) => lacking[need]).find((reason) => reason !== undefined);
      return because === undefined ? [] : [{ fault: id, because }];
    }),
  };
}

function plannedPhases(phases: readonly Phase[]): PlannedPhase[] {
  let startMs = 0;
  return phases.map(({ name, durationMs }) => {
    const planned = { name, startMs, endMs: startMs + durationMs };
    startMs = planned.endMs;
    return planned;
  });
}

function plannedFaults({ name, durationMs, faults }: Phase, startMs: number): PlannedFault[] {
  return faults.map(({ fault, atMs, forMs }, index) => ({
    id: `${name}/${index + 1}-${fault.kind}`,
    phase: name,
    title: fault.title,
    injectAtMs: startMs + atMs,
    healAtMs: startMs + (forMs === undefined ? durationMs : atMs + forMs),
    fault,
  }));
}
