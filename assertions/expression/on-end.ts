import { formatDuration } from "../../src/units/duration.ts";
import type { Part } from "../members.ts";
import type { Outcome } from "../verdict.ts";
import { doubtAbout, edges, type Look, type Seen } from "./seen.ts";

/**
 * Whether it held for so long on end, somewhere in the window. What was seen holds until the next
 * look; what could not be told, or was not seen, may have held or not.
 */
export function longestHeld(seen: Seen, forMs: number): Part {
  const { who, window, looks } = seen;
  const stretches = stretchesOf(seen);
  const held = longest(stretches, (outcome) => outcome === "pass");
  const possible = longest(stretches, (outcome) => outcome !== "fail");
  const observed = held.lastedMs === 0 ? "held never" : `held for ${formatDuration(held.lastedMs)} on end`;
  const base = { who, observed, badness: -held.lastedMs, evidence: edges(held.looks.length === 0 ? looks : held.looks) };
  const lengthMs = window.endMs - window.startMs;
  if (lengthMs < forMs) return { ...base, outcome: "inconclusive", reason: `${window.name} lasted ${formatDuration(lengthMs)} only` };
  if (held.lastedMs >= forMs) return { ...base, outcome: "pass" };
  const doubt = doubtAbout(seen);
  if (doubt === undefined || (window.complete && possible.lastedMs < forMs)) {
    return { ...base, outcome: "fail", reason: `it ${observed} in ${window.name}, not for ${formatDuration(forMs)}` };
  }
  return { ...base, outcome: "inconclusive", reason: doubt };
}

interface Held {
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: Outcome;
  /** None where nothing was seen. */
  readonly look?: Look;
}

/** The whole window, one stretch for each look and for each gap. */
function stretchesOf({ looks, gaps, window }: Seen): Held[] {
  const starts = [...looks.map(({ startMs }) => startMs), window.endMs];
  const isGap = (startMs: number, endMs: number): boolean => gaps.some((gap) => gap.startMs < endMs && gap.endMs > startMs);
  const beforeMs = starts[0] ?? window.endMs;
  const unseenAtFirst = isGap(window.startMs, beforeMs);
  const first: Held[] = unseenAtFirst ? [{ startMs: window.startMs, endMs: beforeMs, outcome: "inconclusive" }] : [];
  const seen = looks.flatMap((look, index): Held[] => {
    const { outcome } = look.part;
    const startMs = index === 0 && !unseenAtFirst ? window.startMs : look.startMs;
    const nextMs = starts[index + 1] ?? window.endMs;
    if (!isGap(look.endMs, nextMs)) return [{ startMs, endMs: nextMs, outcome, look }];
    return [{ startMs, endMs: look.endMs, outcome, look }, { startMs: look.endMs, endMs: nextMs, outcome: "inconclusive" }];
  });
  return [...first, ...seen];
}

function longest(stretches: readonly Held[], counts: (outcome: Outcome) => boolean): { readonly lastedMs: number; readonly looks: readonly Look[] } {
  let best: { readonly lastedMs: number; readonly looks: readonly Look[] } = { lastedMs: 0, looks: [] };
  let sinceMs: number | undefined;
  let looks: Look[] = [];
  for (const { startMs, endMs, outcome, look } of stretches) {
    if (!counts(outcome)) {
      sinceMs = undefined;
      looks = [];
      continue;
    }
    sinceMs ??= startMs;
    if (look !== undefined) looks = [...looks, look];
    if (endMs - sinceMs > best.lastedMs) best = { lastedMs: endMs - sinceMs, looks };
  }
  return best;
}
