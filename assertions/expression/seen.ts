import type { Stretch } from "../../src/analysis/coverage.ts";
import { formatDuration } from "../../src/units/duration.ts";
import type { Part } from "../members.ts";
import type { SeenWindow } from "../window.ts";

/** One look: what the comparison came to in a moment or a second. */
export interface Look extends Stretch {
  readonly part: Part;
}

/** All looks of one member, or of the cluster. */
export interface Seen {
  readonly looks: readonly Look[];
  readonly gaps: readonly Stretch[];
  readonly noun: string;
  readonly who: string;
  readonly window: SeenWindow;
}

/** Why something may have gone unseen. */
export function doubtAbout({ looks, gaps: [gap], window }: Seen): string | undefined {
  const open = looks.find(({ part }) => part.outcome === "inconclusive");
  if (open !== undefined) return `at ${formatDuration(open.endMs)} it cannot be told: ${open.part.reason ?? open.part.observed}`;
  if (gap !== undefined) return `nothing was seen from ${formatDuration(gap.startMs)} to ${formatDuration(gap.endMs)}`;
  return window.complete ? undefined : `${window.name} was not seen to its end`;
}

/** What the first and the last look saw. */
export function edges(looks: readonly Look[]): Part["evidence"] {
  return [...looks.slice(0, 1), ...looks.slice(1).slice(-1)].flatMap(({ part }) => part.evidence.slice(0, 2));
}
