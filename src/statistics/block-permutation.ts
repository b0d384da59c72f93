import type { Random } from "../random.ts";

/** So often the blocks are dealt anew. */
const deals = 2_000;

/** Blocks next to each other are still somewhat alike, which makes them fewer than they seem: p is taken to be so much larger. */
const neighbours = 8;

/** The smallest p there can be. */
export const blockPermutationPMin = neighbours / (deals + 1);

type Pieces = readonly (readonly number[])[];

/**
 * How likely it is that two runs differ by as much as they do if their blocks of operations are all of one kind: the
 * blocks are dealt to the two anew, and that is counted which differs as much. Unlike what drawing anew says of far tails,
 * it holds also for few blocks.
 * @param q the quantile to compare, by the ratio of the two; their means, by the difference, where it is undefined
 * @returns never zero: so many deals cannot tell less than one in so many; undefined where a side has no value
 */
export function blockPermutationP(a: Pieces, b: Pieces, q: number | undefined, random: Random): number | undefined {
  const pieces = [...a, ...b];
  const differ = q === undefined ? meansDiffer(pieces) : quantilesDiffer(pieces, q);
  const observed = differ(pieces.map((_, index) => index < a.length));
  if (Number.isNaN(observed)) return undefined;
  const order = pieces.map((_, index) => index);
  let asMuch = 1;
  for (let deal = 0; deal < deals; deal += 1) {
    const toA = new Array<boolean>(pieces.length).fill(false);
    for (let dealt = 0; dealt < a.length; dealt += 1) toA[takeOne(order, dealt, random)] = true;
    // What leaves a side without a value counts as differing: it makes the answer less sure.
    if (!(differ(toA) < observed * (1 - 1e-9))) asMuch += 1;
  }
  return Math.min(1, (neighbours * asMuch) / (deals + 1));
}

/** The next of a shuffle that goes only as far as is needed. */
function takeOne(order: number[], at: number, random: Random): number {
  const other = random.int(at, order.length - 1);
  const [here, there] = [order[at] ?? 0, order[other] ?? 0];
  order[at] = there;
  order[other] = here;
  return there;
}

/** How far apart the two sides are that are made by saying for each piece whether it goes to the first; NaN where one is empty. */
type Differ = (toA: readonly boolean[]) => number;

function meansDiffer(pieces: Pieces): Differ {
  const sums = pieces.map((piece) => piece.reduce((sum, value) => sum + value, 0));
  return (toA) => {
    const mean = (side: boolean): number => {
      let [sum, count] = [0, 0];
      for (const [index, to] of toA.entries()) {
        if (to !== side) continue;
        sum += sums[index] ?? 0;
        count += pieces[index]?.length ?? 0;
      }
      return sum / count;
    };
    return Math.abs(mean(true) - mean(false));
  };
}

function quantilesDiffer(pieces: Pieces, q: number): Differ {
  const sorted = pieces.flatMap((piece, index) => piece.map((value) => ({ value, index }))).sort((one, other) => one.value - other.value);
  const values = Float64Array.from(sorted, ({ value }) => value);
  const pieceOf = Uint32Array.from(sorted, ({ index }) => index);
  return (toA) => {
    const beyond = (side: boolean): number => {
      const count = toA.reduce((sum, to, index) => (to === side ? sum + (pieces[index]?.length ?? 0) : sum), 0);
      return count - Math.max(1, Math.ceil(q * count - 1e-9));
    };
    const quantile = (side: boolean): number => {
      let above = beyond(side);
      for (let rank = values.length - 1; rank >= 0; rank -= 1) {
        if (toA[pieceOf[rank] ?? 0] === side && (above -= 1) < 0) return values[rank] ?? NaN;
      }
      return NaN;
    };
    return Math.abs(Math.log(quantile(true) / quantile(false)));
  };
}
