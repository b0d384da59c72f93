import { initially } from "../unique/clusters.ts";
import type { Block } from "../unique/blocks.ts";
import type { Conflict } from "../unique/unique-writes.ts";

/** The calls that show a conflict by themselves, by index. */
export function involvedIn(conflict: Conflict): number[] {
  const all = callsOf(conflict).filter((call) => call !== initially);
  return [...new Set(all)].sort((a, b) => a - b);
}

function callsOf(conflict: Conflict): readonly number[] {
  switch (conflict.kind) {
    case "unwritten":
      return [conflict.reader];
    case "early":
      return [conflict.reader, conflict.writer];
    case "swapped-twice":
      return [...conflict.swaps, conflict.writer];
    case "ring":
      return conflict.swaps;
    case "backwards":
      return [conflict.earlier, conflict.later, ...conflict.writers];
    case "crossing":
      return [...linkedIn(conflict.one), ...linkedIn(conflict.other)];
  }
}

/** The first and the last of a block, and the writes from the one to the other. */
function linkedIn({ clusters, firstReturned, lastInvoked }: Block): number[] {
  const places = [firstReturned, lastInvoked].map((call) => clusters.findIndex((cluster) => cluster.firstReturned === call || cluster.lastInvoked === call || cluster.writer === call));
  const writers = clusters.slice(Math.min(...places), Math.max(...places) + 1).map(({ writer }) => writer);
  return [firstReturned, lastInvoked, ...writers];
}
