import { formatDuration, parseDurationMs } from "../units/duration.ts";
import { wholeRun } from "./document-schema.ts";
import { allAssertions, type Outline, type OutlinePhase } from "./outline.ts";
import type { Place } from "./yaml-tree.ts";

export interface Trouble {
  readonly place: Place;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Assertions whose window holds no time, so that no recording could ever decide them.
 * `during` and `after` mean the same in every kind that has them.
 */
export function emptyWindows(outline: Outline): Trouble[] {
  const { phases } = outline;
  return allAssertions(outline).flatMap(({ place }) => {
    const during = place.children.get("during");
    const chosen = chosenPhases(during?.value ?? wholeRun, phases);
    if (chosen === undefined) return [];
    if (during !== undefined && chosen.last < chosen.first) return [backwards(during)];
    const after = place.children.get("after");
    const lengthMs = sum(phases.slice(chosen.first, chosen.last + 1));
    const skippedMs = typeof after?.value === "string" ? (parseDurationMs(after.value) ?? 0) : 0;
    if (after === undefined || lengthMs === undefined || skippedMs < lengthMs) return [];
    return [{ place: after, message: `nothing is left of the ${formatDuration(lengthMs)} that this assertion is about` }];
  });
}

/** Indices of the first and the last phase; undefined where one is unknown, which is told elsewhere. */
function chosenPhases(during: unknown, phases: readonly OutlinePhase[]): { readonly first: number; readonly last: number } | undefined {
  if (during === wholeRun) return { first: 0, last: phases.length - 1 };
  const names: readonly unknown[] = Array.isArray(during) ? during : [during];
  const [first = -1, last = first] = names.map((name) => phases.findIndex((phase) => phase.name === name));
  return names.length > 2 || first < 0 || last < 0 ? undefined : { first, last };
}

function backwards(during: Place): Trouble {
  const [last, first] = [...during.children.values()].map(({ value }) => String(value));
  return { place: during, message: `"${last}" comes after "${first}"`, hint: `Write [${first}, ${last}].` };
}

function sum(phases: readonly OutlinePhase[]): number | undefined {
  return phases.reduce<number | undefined>((total, { durationMs }) => (total === undefined || durationMs === undefined ? undefined : total + durationMs), 0);
}
