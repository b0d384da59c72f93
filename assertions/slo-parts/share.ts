import type { Stretch } from "../../src/analysis/coverage.ts";
import { formatDuration } from "../../src/units/duration.ts";
import type { Objective } from "../slo-objectives.ts";
import type { Evidence, Outcome } from "../verdict.ts";
import type { SeenWindow } from "../window.ts";
import { amount, counted, figure, perCent } from "../words.ts";
import { budgetText, burnRate, goodShare, slack } from "./budget.ts";
import type { Count, Ledger } from "./ledger.ts";

/** A service level indicator: what is counted, and how it is called. */
export interface Indicator {
  readonly ledger: Ledger;
  /** What one of them is: `operation`, `serializable read`. */
  readonly noun: string;
  /** What a good one is: `ok`, `answered within 100 ms`. */
  readonly good: string;
  /** What bad ones are, after their number: `did not end ok`. */
  readonly bad: string;
  /** More of what was bad, such as `, 20 of them never sent`. */
  readonly detail?: ((stretch: Stretch) => string) | undefined;
  /** Why there may be none at all. */
  readonly none: (window: SeenWindow) => string;
}

/** Over which stretches the objective has to hold. */
export type ShareWindow = { readonly type: "fixed" } | { readonly type: "per-phase" } | { readonly type: "sliding"; readonly lengthMs: number };

/** Both windows burn faster than the factor: by the long one it matters, by the short one it still goes on. */
export interface BurnBound {
  readonly longMs: number;
  readonly shortMs: number;
  readonly atMost: number;
}

/** A part of a window with its name. */
export type NamedStretch = Stretch & { readonly name: string };

const evidenceMax = 5;

/** Judges the share that was good, of all of the window, of each phase in it, or of its worst stretch of a length. */
export function judgeShare(indicator: Indicator, window: SeenWindow, objective: number, over: ShareWindow, phases: readonly NamedStretch[]): Objective {
  const { noun, good, ledger } = indicator;
  const bound = `at least ${perCent(objective)} ${good}${overText(over)}`;
  const whole = ledger.count(window);
  const share = goodShare(whole);
  if (share === undefined) return { outcome: "inconclusive", observed: `no ${noun}s`, bound, reason: indicator.none(window), evidence: [] };
  const judged = stretchesOf(ledger, window, over, phases);
  if (typeof judged === "string") return { outcome: "inconclusive", observed: observedText(indicator, whole, window), bound, reason: judged, evidence: [] };
  const found = judged.map((stretch): Held => ({ stretch, share: goodShare(ledger.count(stretch)), isOver: over.type === "sliding" || window.complete || stretch.endMs < window.endMs }));
  const isBroken = ({ stretch, isOver }: Held): boolean => isOver && (goodShare(ledger.count(stretch)) ?? 1) < objective - slack;
  // What is over and broken stays so, however bad another part is that may yet become better.
  const [bad] = found.filter((each) => each.share !== undefined).sort((one, other) => Number(isBroken(other)) - Number(isBroken(one)) || (one.share ?? 1) - (other.share ?? 1));
  if (bad === undefined) return { outcome: "inconclusive", observed: `no ${noun}s`, bound, reason: indicator.none(window), evidence: [] };
  const count = ledger.count(bad.stretch);
  const where = over.type === "fixed" ? "" : ` in ${bad.stretch.name}`;
  const rest = over.type === "per-phase" && found.length > 1 ? ` (worst of ${found.length} phases)` : "";
  const observed = `${observedText(indicator, count, bad.stretch)}${where}${rest}${budgetText(count, objective)}`;
  const evidence = evidenceIn(indicator, bad.stretch, window);
  if (isBroken(bad)) {
    return { outcome: "fail", observed, bound, reason: `${counted(count.bad, noun)} of ${amount(count.good + count.bad)} in ${bad.stretch.name} ${indicator.bad}${indicator.detail?.(bad.stretch) ?? ""}`, evidence };
  }
  const empty = over.type === "per-phase" ? found.find((each) => each.share === undefined) : undefined;
  const unknown = !window.complete ? `${window.name} was not seen to its end` : empty && indicator.none({ ...window, ...empty.stretch });
  return unknown === undefined ? { outcome: "pass", observed, bound, evidence } : { outcome: "inconclusive", observed, bound, reason: unknown, evidence };
}

/** A stretch with its share, which may yet change where it was cut short. */
interface Held {
  readonly stretch: NamedStretch;
  readonly share: number | undefined;
  readonly isOver: boolean;
}

/** Judges how fast the error budget was spent: whether at any moment both windows that ended then spent it too fast. */
export function judgeBurn(indicator: Indicator, window: SeenWindow, objective: number, { longMs, shortMs, atMost }: BurnBound): Objective {
  const { ledger, noun } = indicator;
  const bound = `burn rate at most ${figure(atMost)} over ${formatDuration(longMs)} and over ${formatDuration(shortMs)}, for ${perCent(objective)} ${indicator.good}`;
  const nothing = (reason: string): Objective => ({ outcome: "inconclusive", observed: `no ${noun}s`, bound, reason, evidence: [] });
  if (goodShare(ledger.count(window)) === undefined) return nothing(indicator.none(window));
  if (window.endMs - window.startMs < longMs) return nothing(`${window.name} is shorter than the ${formatDuration(longMs)} that the burn rate is of`);
  let top: { readonly atMs: number; readonly long: number; readonly short: number } | undefined;
  for (const atMs of ledger.moments(window.startMs + longMs, window.endMs, [longMs, shortMs])) {
    const [long = 0, short = 0] = [longMs, shortMs].map((lengthMs) => burnRate(ledger.count({ startMs: atMs - lengthMs, endMs: atMs }), objective));
    if (top === undefined || Math.min(long, short) > Math.min(top.long, top.short)) top = { atMs, long, short };
  }
  if (top === undefined) return nothing(indicator.none(window));
  const observed = `burn rate up to ${figure(top.long)} over ${formatDuration(longMs)} and ${figure(top.short)} over ${formatDuration(shortMs)}`;
  const tooFast = top.long > atMost && top.short > atMost;
  const stretch = { startMs: top.atMs - longMs, endMs: top.atMs, name: `the ${formatDuration(longMs)} up to ${formatDuration(top.atMs)}` };
  const outcome: Outcome = tooFast ? "fail" : window.complete ? "pass" : "inconclusive";
  const reason = tooFast ? `the error budget was spent ${figure(top.long)} times too fast in ${stretch.name}, and still ${figure(top.short)} times in their last ${formatDuration(shortMs)}` : `${window.name} was not seen to its end`;
  return { outcome, observed, bound, ...(outcome === "pass" ? {} : { reason }), evidence: evidenceIn(indicator, stretch, window) };
}

function overText(over: ShareWindow): string {
  if (over.type === "fixed") return "";
  return over.type === "per-phase" ? " in each phase" : ` in any ${formatDuration(over.lengthMs)}`;
}

function observedText({ noun, good, detail }: Indicator, count: Count, stretch: Stretch): string {
  return `${perCent(goodShare(count) ?? 1)} ${good} of ${counted(count.good + count.bad, noun)}${detail?.(stretch) ?? ""}`;
}

/** The stretches that are to hold, or why there are none. */
function stretchesOf(ledger: Ledger, window: SeenWindow, over: ShareWindow, phases: readonly NamedStretch[]): readonly NamedStretch[] | string {
  switch (over.type) {
    case "fixed":
      return [window];
    case "per-phase":
      return phases
        .map(({ name, startMs, endMs }) => ({ name, startMs: Math.max(startMs, window.startMs), endMs: Math.min(endMs, window.endMs) }))
        .filter(({ startMs, endMs }) => startMs < endMs);
    case "sliding": {
      const { lengthMs } = over;
      if (window.endMs - window.startMs < lengthMs) return `${window.name} is shorter than the ${formatDuration(lengthMs)} that are to be looked at`;
      // What lies in a stretch changes only where one enters or leaves it.
      return ledger.moments(window.startMs + lengthMs, window.endMs, [lengthMs]).map((endMs) => ({ name: `the ${formatDuration(lengthMs)} up to ${formatDuration(endMs)}`, startMs: endMs - lengthMs, endMs }));
    }
  }
}

function evidenceIn({ ledger, noun, good }: Indicator, stretch: NamedStretch, window: SeenWindow): Evidence[] {
  const bad = ledger.in(stretch).filter((entry) => !entry.good).flatMap(({ evidence }) => evidence?.() ?? []);
  if (bad.length > 0) return bad.slice(0, evidenceMax);
  const { good: all } = ledger.count(window);
  return [{ kind: "window", atMs: window.startMs, endMs: window.endMs, text: `${counted(all, noun)} in ${window.name} ${all === 1 ? "was" : "were"} ${good}` }];
}
