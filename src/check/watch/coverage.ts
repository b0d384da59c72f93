import { bisector } from "d3-array";
import { covers } from "../revisions/changes.ts";
import type { Stream } from "./streams.ts";

interface Range {
  readonly key: string;
  readonly end?: string;
  /** In order, from and to both included, with something unknown between any two. */
  readonly known: readonly (readonly [from: number, to: number])[];
}

/** Of which revisions all changes are known, since a watch was told everything there. */
export class Coverage {
  readonly #ranges: readonly Range[];

  constructor(streams: readonly Stream[]) {
    const byRange = new Map<string, Stream[]>();
    for (const stream of streams) {
      const name = JSON.stringify([stream.created.key, stream.created.end]);
      const alike = byRange.get(name);
      if (alike === undefined) byRange.set(name, [stream]);
      else alike.push(stream);
    }
    this.#ranges = [...byRange.values()].flatMap((alike) => alike.slice(0, 1).map(({ created }) => ({ ...created, known: joined(alike) })));
  }

  /** Whether all changes of a key from a revision to another, both included, are known. */
  isKnown(key: string, from: number, to: number): boolean {
    if (from > to) return true;
    return this.#ranges.some((range) => covers(range, key) && to <= lastKnown(range.known, from));
  }
}

const fromOf = bisector(([from]: readonly [number, number]) => from);

/** Up to where all is known from a revision on. */
function lastKnown(known: Range["known"], from: number): number {
  return known[fromOf.right(known, from) - 1]?.[1] ?? -Infinity;
}

function joined(streams: readonly Stream[]): Range["known"] {
  const sorted = streams.map(({ created, upTo }): [number, number] => [created.fromRevision, upTo]).sort(([a], [b]) => a - b);
  const known: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = known.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else if (from <= to) known.push([from, to]);
  }
  return known;
}
