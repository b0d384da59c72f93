import { zOfInterval, type Interval } from "./interval.ts";

const z = zOfInterval;

/**
 * Wilson's score interval of a share, which stays within 0 and 1 and holds also for few and for none.
 * https://doi.org/10.1080/01621459.1927.10502953
 */
export function wilsonInterval(hits: number, all: number): Interval | undefined {
  if (all === 0) return undefined;
  const share = hits / all;
  const middle = (share + z ** 2 / (2 * all)) / (1 + z ** 2 / all);
  const half = (z / (1 + z ** 2 / all)) * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2));
  return { low: hits === 0 ? 0 : Math.min(share, middle - half), high: hits === all ? 1 : Math.max(share, middle + half) };
}
