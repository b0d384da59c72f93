import { formatDuration } from "../units/duration.ts";
import type { Exchange, Order } from "./exchange.ts";

/** How a toxic shows on a connection of its own. */
export interface LinkProbe {
  /** What is tried, in words: `30 kB upstream`. */
  readonly what: string;
  readonly order: Order;
  readonly limitMs: number;
  /** Whether the connection met the toxic, given how one went before there was any. */
  struck(now: Exchange, before: Exchange): boolean;
  /** Whether it went as if there were no toxic; what is not struck may be broken in another way. */
  free(now: Exchange, before: Exchange | undefined): boolean;
  /** What came of several, in words. */
  describe(exchanges: readonly Exchange[]): string;
}

/** `answered in 1 ms to 2 ms, reset after 3 ms` */
export function describeEndings(exchanges: readonly Exchange[]): string {
  const endings = [...new Set(exchanges.map(({ ending }) => ending))];
  return endings.map((ending) => `${ending}${links[ending]}${range(exchanges.filter((each) => each.ending === ending).map(({ tookMs }) => tookMs))}`).join(", ");
}

const links = { answered: " in ", closed: " after ", reset: " after ", refused: " after ", silent: " for " } as const;

/** `1 ms to 2 ms` */
export function range(durationsMs: readonly number[]): string {
  const [low, high] = [formatDuration(Math.min(...durationsMs)), formatDuration(Math.max(...durationsMs))];
  return low === high ? low : `${low} to ${high}`;
}

/** `1.5 kB`, in thousands. */
export function formatBytes(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${Number((bytes / 1_000).toPrecision(3))} kB`;
}
