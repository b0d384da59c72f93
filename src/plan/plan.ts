import type { Capability } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Fault } from "../faults/fault.ts";
import { seededRandom } from "../random.ts";
import type { Phase, Scenario, TimedFault, WeightedFault } from "../scenario/scenario.ts";

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
  /** `<phase>/<number>-<kind>`, unique in the run; numbers count from 1 within the phase, and `2.3` is the third turn of one that comes again. */
  readonly id: string;
  readonly phase: string;
  /** The fault's own words: `partition leader, blocking`. */
  readonly title: string;
  readonly injectAtMs: number;
  readonly healAtMs: number;
  readonly fault: Fault;
  /** It moves to the new leader whenever the leader changes. */
  readonly follows: boolean;
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

/** Resolves a scenario's timeline, and draws what is left to chance. Pure; targets stay symbols until they are injected. */
export function makePlan(scenario: Scenario, { seed, lacking }: PlanOptions): Plan {
  const phases = plannedPhases(scenario.phases);
  const faults = scenario.phases.flatMap((phase) => plannedFaults(phase, phases, seed));
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

function plannedFaults({ name, faults }: Phase, phases: readonly PlannedPhase[], seed: number): PlannedFault[] {
  return faults.flatMap((timed, index) => {
    const turns = turnsOf(timed, name, phases);
    return turns.map(({ injectAtMs, healAtMs }, turn) => {
      const number = timed.everyMs === undefined ? `${index + 1}` : `${index + 1}.${turn + 1}`;
      const fault = draw(timed.choices, seed, `${name}/${number}`);
      const title = timed.follows ? `${fault.title}, following the leader` : fault.title;
      return { id: `${name}/${number}-${fault.kind}`, phase: name, title, injectAtMs, healAtMs, fault, follows: timed.follows };
    });
  });
}

/** When it is injected and healed: once, or every so often for as long as a whole turn fits in. */
function turnsOf({ atMs, forMs, until, everyMs }: TimedFault, name: string, phases: readonly PlannedPhase[]): Pick<PlannedFault, "injectAtMs" | "healAtMs">[] {
  const phase = phases.find((each) => each.name === name);
  const firstMs = (phase?.startMs ?? 0) + atMs;
  const endMs = phases.find((each) => each.name === until)?.startMs ?? phase?.endMs ?? firstMs;
  const lengthMs = forMs ?? endMs - firstMs;
  const count = everyMs === undefined ? 1 : Math.floor((endMs - lengthMs - firstMs) / everyMs) + 1;
  return Array.from({ length: count }, (_, turn) => {
    const injectAtMs = firstMs + turn * (everyMs ?? 0);
    return { injectAtMs, healAtMs: injectAtMs + lengthMs };
  });
}

/** One of the faults, each as likely as its weight says; each place of the timeline draws by itself. */
function draw(choices: readonly WeightedFault[], seed: number, place: string): Fault {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let rest = choices.length === 1 ? 0 : seededRandom(seed, `choice/${place}`).float() * total;
  const drawn = choices.find(({ weight }) => (rest -= weight) < 0) ?? choices.at(-1);
  if (drawn === undefined) throw new HarnessError("internal", `there is no fault to choose from at ${place}`);
  return drawn.fault;
}
