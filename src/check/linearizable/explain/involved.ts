import { initially, returnedAt, type Accesses } from "../unique/clusters.ts";
import type { Conflict, Side } from "../unique/unique-writes.ts";

/** The calls that show a conflict by themselves, by index. */
export function involvedIn(conflict: Conflict, accesses: Accesses): number[] {
  const all = new Set(callsOf(conflict).filter((call) => call !== initially));
  for (const call of all) if (returnedAt(accesses, call) === Infinity) for (const finder of findersOf(call, accesses)) all.add(finder);
  return [...all].sort((a, b) => a - b);
}

/** Who shows that a write of unknown outcome happened: one that certainly did and found its value, or else swaps that are shown in turn. */
function findersOf(writer: number, { access, returned }: Accesses): number[] {
  const of = access[writer];
  const value = of?.kind === "write" ? of.value : of?.kind === "swap" ? of.to : undefined;
  const finders = [...access.entries()].flatMap(([index, each]) => ((each.kind === "read" && each.value === value) || (each.kind === "swap" && each.from === value) ? [index] : []));
  const certain = finders.find((index) => (returned[index] ?? 0) < Infinity);
  return certain === undefined ? finders : [certain];
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

/** The two calls that place a block, and the writes from the one to the other. */
function linkedIn({ block: { clusters }, early, late }: Side): number[] {
  const places = [early, late].map((call) => clusters.findIndex((cluster) => cluster.firstReturned === call || cluster.lastInvoked === call || cluster.writer === call));
  const writers = clusters.slice(Math.min(...places), Math.max(...places) + 1).map(({ writer }) => writer);
  return [early, late, ...writers];
}
