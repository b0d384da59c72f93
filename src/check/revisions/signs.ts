import { bisectLeft } from "d3-array";
import type { Timed } from "./real-time.ts";

/** An operation that shows that all revisions below one are gone. */
export interface Sign {
  readonly below: number;
  readonly by: Timed;
}

/** Signs in order of something, such as their times; each lookup takes as long as a binary search. */
export class Signs {
  readonly #at: readonly number[];
  /** The one that says most, of those up to each. */
  readonly #best: readonly Sign[];

  constructor(signs: readonly Sign[], at: (sign: Sign) => number) {
    const sorted = signs.toSorted((a, b) => at(a) - at(b));
    this.#at = sorted.map(at);
    let best: Sign | undefined;
    this.#best = sorted.map((sign) => (best = best === undefined || sign.below > best.below ? sign : best));
  }

  /** The one that says most, of those before; undefined: there is none. */
  before(at: number): Sign | undefined {
    return this.#best[bisectLeft(this.#at, at) - 1];
  }
}
