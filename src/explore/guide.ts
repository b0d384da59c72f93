import type { Random } from "../random.ts";
import type { Coverage } from "./coverage.ts";
import { drawSketch, varied } from "./draw.ts";
import { intendedFeatures } from "./intended.ts";
import type { Limits } from "./limits.ts";
import type { Sketch } from "./sketch.ts";

/** So many are drawn for each that is run: the one that promises most that is new. */
const candidates = 24;
/** The share of candidates that vary a sketch whose run covered something new. */
const varying = 0.5;
/** Sketches that are remembered for varying; the newest of them. */
const promisingMax = 50;

/** Chooses what to run next by what has been covered. */
export class Guide {
  readonly #random: Random;
  readonly #limits: Limits;
  readonly #coverage: Coverage;
  readonly #promising: Sketch[] = [];

  constructor(random: Random, limits: Limits, coverage: Coverage) {
    this.#random = random;
    this.#limits = limits;
    this.#coverage = coverage;
  }

  next(): Sketch {
    const drawn = Array.from({ length: candidates }, () => this.#candidate());
    const [best = drawSketch(this.#random, this.#limits)] = drawn
      .map((sketch) => ({ sketch, novelty: this.#coverage.novelty(intendedFeatures(sketch)) }))
      .sort((a, b) => b.novelty - a.novelty)
      .map(({ sketch }) => sketch);
    return best;
  }

  /** Its run covered something that none before it did: something near it may as well. */
  promising(sketch: Sketch): void {
    this.#promising.push(sketch);
    if (this.#promising.length > promisingMax) this.#promising.shift();
  }

  #candidate(): Sketch {
    if (this.#promising.length === 0 || this.#random.float() >= varying) return drawSketch(this.#random, this.#limits);
    return varied(this.#random.pick(this.#promising), this.#random, this.#limits);
  }
}
