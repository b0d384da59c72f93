import { meantIn } from "../src/analysis/meant.ts";
import { missedRequests, missedShares, type MissedShare } from "../src/analysis/missed.ts";
import type { Operation } from "../src/recording/operation.ts";
import type { Recording } from "../src/recording/recording.ts";
import { defineAssertion } from "./assertion.ts";
import { answeredWithin, availability } from "./slo-parts/answers.ts";
import { freshReads } from "./slo-parts/freshness.ts";
import { objectiveNames, shareIn, shareNames, sloOptions, type SloOptions } from "./slo-parts/options.ts";
import { judgeRecoveryTimes } from "./slo-parts/recovery.ts";
import { judgeBurn, judgeShare, type Indicator, type ShareWindow } from "./slo-parts/share.ts";
import { watchDelay } from "./slo-parts/watch-delay.ts";
import { judgeLatency, judgeRecovery, judgeUnavailability, type Objective } from "./slo-objectives.ts";
import type { Shared } from "./shared.ts";
import { worst, type Verdict } from "./verdict.ts";
import { judgeWindow, windowPhases, windowTitle, type SeenWindow } from "./window.ts";

/** Several objectives make one verdict: the worst of them. */
export const slo = defineAssertion({
  kind: "slo",
  summary: "What clients got: availability, latency, fresh reads, prompt watches, error budgets, the longest time without writes, the time to recover.",
  options: sloOptions,
  title: (given) => `${objectivesTitle(given)}${opTitle(given)} ${windowTitle(given)}`,
  phases: windowPhases,
  operations: ({ op }) => [op],
  needs: (given) => [
    ...(given["watch-delay"] === undefined ? [] : [{ option: "watch-delay", of: "watchers" as const }]),
    ...(given["fresh-reads"] === undefined ? [] : [{ option: "fresh-reads", of: "serializable reads" as const }]),
  ],
  isWindowed: true,
  isTimeBound: () => true,
  judge(recording, given, shared) {
    const bound = objectivesOf(given, nothingRecorded(recording), emptyWindow, shared).map((objective) => objective.bound).join("; ");
    return judgeWindow(recording, given, bound, (window) => verdictOf(objectivesOf(given, recording, window, shared), bound));
  },
});

const emptyWindow: SeenWindow = { name: "", startMs: 0, endMs: 0, complete: true };

/** Bounds do not depend on what was seen. */
function nothingRecorded(recording: Recording): Recording {
  return { ...recording, operations: [], events: [], watches: [], statuses: [], logs: [] };
}

function objectivesOf(given: SloOptions, recording: Recording, window: SeenWindow, shared: Shared): Objective[] {
  const { operations, events } = recording;
  const isKind = ({ op }: Operation): boolean => given.op === "any" || op === given.op;
  const meant = meantIn(operations, window).filter(isKind);
  const shares = missedShares(missedRequests(events), operations, isKind);
  const objectives = sharesOf(given, recording, isKind, meant, shares).flatMap(([indicator, share]) => judgedShares(given, indicator, share, recording, window));
  if (given.latency !== undefined) objectives.push(judgeLatency(meant, window, given.latency));
  if (given["longest-unavailability"] !== undefined) objectives.push(judgeUnavailability(operations, window, given["longest-unavailability"]));
  if (given["recovery-within"] !== undefined) objectives.push(judgeRecovery(meant, shares.flatMap(({ missed, share }) => (share > 0 ? missed : [])), window, given["recovery-within"]));
  if (given["after-effect"] !== undefined) objectives.push(judgeRecoveryTimes(recording, window, "effect", given["after-effect"], shared));
  if (given["after-healing"] !== undefined) objectives.push(judgeRecoveryTimes(recording, window, "healing", given["after-healing"], shared));
  return objectives;
}

/**
 * Each share that is asked for, with its objective. Reads are behind writes of any kind, and watches are told of all. All
 * stretches that are looked at, those of burn rates too, lie in the window: of what clients asked, only `meant` counts.
 */
function sharesOf(given: SloOptions, recording: Recording, isKind: (operation: Operation) => boolean, meant: readonly Operation[], shares: readonly MissedShare[]): [Indicator, number][] {
  const { availability: ok, answered, "fresh-reads": fresh, "watch-delay": told } = given;
  return [
    ...(ok === undefined ? [] : [[availability(meant, shares), ok] satisfies [Indicator, number]]),
    ...(answered === undefined ? [] : [[answeredWithin(meant, shares, answered.within), answered.share] satisfies [Indicator, number]]),
    ...(fresh === undefined ? [] : [[freshReads(recording, isKind, fresh.revisions === undefined ? { withinMs: fresh.within ?? 0 } : { revisions: fresh.revisions }), fresh.share] satisfies [Indicator, number]]),
    ...(told === undefined ? [] : [[watchDelay(recording, told.within), told.share] satisfies [Indicator, number]]),
  ];
}

function judgedShares(given: SloOptions, indicator: Indicator, objective: number, { phases }: Recording, window: SeenWindow): Objective[] {
  const burns = [given["burn-rate"] ?? []].flat().map(({ long, short, "at-most": atMost }) => ({ longMs: long, shortMs: short, atMost }));
  return [judgeShare(indicator, window, objective, shareWindowOf(given), phases), ...burns.map((burn) => judgeBurn(indicator, window, objective, burn))];
}

function shareWindowOf({ window }: SloOptions): ShareWindow {
  return typeof window === "string" ? { type: window } : { type: "sliding", lengthMs: window.sliding };
}

const evidenceMax = 10;

function verdictOf(objectives: readonly Objective[], bound: string): Verdict {
  const outcome = worst(objectives.map((objective) => objective.outcome));
  const telling = objectives.filter((objective) => objective.outcome === outcome);
  const rest = objectives.filter((objective) => objective.outcome !== outcome);
  const share = Math.max(1, Math.floor(evidenceMax / objectives.length));
  return {
    outcome,
    observed: objectives.map(({ observed }) => observed).join("; "),
    bound,
    ...(outcome === "pass" ? {} : { reason: telling.map(({ reason, observed }) => reason ?? observed).join("; ") }),
    evidence: [...telling, ...rest].flatMap(({ evidence }) => evidence.slice(0, share)),
  };
}

function objectivesTitle(given: SloOptions): string {
  const named = objectiveNames.filter((name) => given[name] !== undefined).map((name) => titles[name] ?? name.replace("-within", "").replaceAll("-", " "));
  const burns = given["burn-rate"] === undefined ? [] : [`burn rate of ${shareNames.filter((name) => shareIn(given[name]) !== undefined).map((name) => titles[name] ?? name.replaceAll("-", " ")).join(" and ")}`];
  return [...named, ...burns].join(", ");
}

const titles: Readonly<Partial<Record<(typeof objectiveNames)[number], string>>> = {
  answered: "answers in time",
  "after-effect": "recovery after each fault",
  "after-healing": "recovery after each healing",
};

/** Watches are told of all writes, and faults are nobody's operations. */
const ofOperations = new Set<string>(["availability", "answered", "latency", "longest-unavailability", "recovery-within"] satisfies (typeof objectiveNames)[number][]);

function opTitle(given: SloOptions): string {
  const { op } = given;
  if (!objectiveNames.some((name) => given[name] !== undefined && ofOperations.has(name))) return "";
  if (op === "any") return " of operations";
  return op.includes("-") ? ` of ${op} operations` : ` of ${op}s`;
}
