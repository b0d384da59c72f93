import type { Evidence } from "../../../assertions/verdict.ts";
import type { Outage } from "../../analysis/availability.ts";
import type { FaultWindow } from "../../analysis/fault-windows.ts";
import type { RoleLane } from "../../analysis/leadership.ts";
import type { JudgedAssumption, Results } from "../../judge/results.ts";
import type { MemberEvent } from "../../recording/events.ts";
import type { PhaseWindow, Recording } from "../../recording/recording.ts";
import { gravestFirst, worstFirst } from "../outcome-words.ts";
import { whatBroke, type Broke } from "./broke.ts";
import { drawnCounterexamples, type DrawnCounterexample } from "./drawn-counterexamples.ts";
import { evidenceMaxEach, linkEvidence, type NumberedAssertion } from "./evidence.ts";
import type { Limits } from "./limits.ts";
import { logRows, type LogRows } from "./log-rows.ts";
import type { Seen } from "./seen.ts";
import { tellStory, type Story, type StoryEntry } from "./story.ts";

/** Everything the page shows, worked out once; the components only draw it. Every list in it is bounded. */
export interface ReportView extends Omit<Seen, "outages"> {
  readonly limits: Limits;
  readonly results: Results;
  readonly scenarioText: string;
  readonly planText: string;
  /** Where the page over all runs is; absent where there is none. */
  readonly allRuns: string | undefined;
  readonly phases: readonly PhaseWindow[];
  /** Those that there is room for in the drawing. */
  readonly faultsDrawn: readonly FaultWindow[];
  readonly rolesLeft: number;
  readonly memberEvents: readonly MemberEvent[];
  /** Stretches without an acknowledged write that are long enough to be listed. */
  readonly outages: readonly Outage[];
  /** How many there are of those, shown or not. */
  readonly outagesTotal: number;
  readonly outageMinMs: number;
  readonly story: Story;
  readonly assertions: readonly NumberedAssertion[];
  /** Of the assertions above those that a history breaks, as many as there is room for. */
  readonly counterexamples: readonly DrawnCounterexample[];
  /** Counterexamples for which there was no room. */
  readonly counterexamplesLeft: number;
  /** The first violation, where anything is violated. */
  readonly broke: Broke | undefined;
  readonly assumptionsShown: readonly JudgedAssumption[];
  readonly logs: LogRows;
}

/** Shorter stretches without an acknowledged write are usual between two writes of a slow load. */
const outageMinMs = 250;

/** Works out the page from what was seen and its results, within limits. */
export function viewOf(seen: Seen, results: Results, scenarioText: string, planText: string, limits: Limits, allRuns?: string): ReportView {
  const { recording, run, faults, leaderships } = seen;
  const listed = seen.outages.filter(lasting(outageMinMs));
  const outages = longest(listed, limits.drawn);
  const story = tellStory(recording, faults, leaderships, outages, limits.storyEntries);
  const sorted = gravestFirst(results.assertions).slice(0, limits.assertions);
  const logs = logRows(recording, logEvidence(sorted), story.entries.filter(nearLogs(run)).map(({ atMs }) => atMs), limits);
  const roles = seen.roles.map(({ member, stretches }) => ({ member, stretches: longest(stretches, limits.drawn) }));
  const phases = recording.phases.slice(0, limits.phases);
  const assertions = linkEvidence(sorted, story.entries, logs.rows, limits);
  const drawn = drawnCounterexamples(assertions);
  const isShown = ({ phase }: { readonly phase: PhaseWindow }): boolean => phases.includes(phase);
  return {
    ...seen,
    limits,
    results,
    scenarioText,
    planText,
    allRuns,
    phases,
    faultsDrawn: faults.slice(0, limits.faults),
    faultFigures: seen.faultFigures.slice(0, limits.faults),
    roles,
    rolesLeft: total(seen.roles) - total(roles),
    memberEvents: memberEventsIn(recording, run).slice(0, limits.drawn),
    outages,
    outagesTotal: listed.length,
    outageMinMs,
    story,
    assertions,
    counterexamples: drawn.slice(0, limits.counterexamples),
    counterexamplesLeft: Math.max(0, drawn.length - limits.counterexamples),
    broke: whatBroke(recording, assertions, faults, leaderships, seen.roles),
    assumptionsShown: worstFirst(results.assumptions, ({ outcome }) => outcome).slice(0, limits.faults),
    figures: seen.figures.filter(isShown),
    memberShares: seen.memberShares.map(({ member, phases: cells }) => ({ member, phases: cells.slice(0, phases.length) })),
    workloads: seen.workloads.map((workload) => ({ ...workload, phases: workload.phases.filter(isShown) })),
    missedByPhase: seen.missedByPhase.filter(isShown),
    logs,
  };
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** The longest, in order of time. */
function longest<Each extends Stretch>(stretches: readonly Each[], most: number): Each[] {
  return [...stretches]
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, most)
    .sort((a, b) => a.startMs - b.startMs);
}

function lasting(leastMs: number) {
  return ({ startMs, endMs }: Stretch) => endMs - startMs >= leastMs;
}

function total(lanes: readonly RoleLane[]): number {
  return lanes.reduce((sum, { stretches }) => sum + stretches.length, 0);
}

function memberEventsIn({ events }: Recording, { startMs, endMs }: Stretch): MemberEvent[] {
  return events.filter((event) => event.type === "member").filter(({ atMs }) => atMs >= startMs && atMs <= endMs);
}

/** Log lines that verdicts rest on. */
function logEvidence(assertions: Results["assertions"]): Evidence[] {
  return assertions.flatMap(({ verdict }) => verdict.evidence.filter(({ kind }) => kind === "log").slice(0, evidenceMaxEach));
}

/** Entries of the story around which lines are worth reading; while members start, they write very much. */
function nearLogs({ startMs, endMs }: Stretch) {
  const kinds: ReadonlySet<StoryEntry["kind"]> = new Set(["fault", "leader", "outage", "member"]);
  return ({ kind, atMs }: StoryEntry) => kinds.has(kind) && atMs >= startMs && atMs <= endMs;
}
