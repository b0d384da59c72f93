/** Something to do, with the time that it is known to take. */
export interface Timed {
  readonly name: string;
  readonly durationMs: number;
}

export interface Shard {
  /** Counted from 1. */
  readonly index: number;
  readonly of: number;
}

/**
 * What one of several machines does: each thing is in exactly one shard, and shards take about the same time. The longest
 * goes first to whoever has least to do, so that no shard takes more than 4/3 of the best division (Graham 1969). Names
 * are unique; their order does not matter, so that machines agree without talking.
 */
export function shardOf<Each extends Timed>(things: readonly Each[], { index, of }: Shard): Each[] {
  const loads = Array.from({ length: of }, () => 0);
  return [...things].sort(longestFirst).filter(({ durationMs }) => {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + durationMs;
    return least === index - 1;
  });
}

/** Long things first, those of one length by name. */
export function longestFirst(a: Timed, b: Timed): number {
  return b.durationMs - a.durationMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
