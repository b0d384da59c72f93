import { seededRandom, type Random } from "../random.ts";
import { nOfM, type HitRate } from "./confirm.ts";
import type { Search } from "./explorer.ts";
import type { Found, Reduced, Shrunken } from "./finding.ts";
import type { Played } from "./played.ts";
import { shrink } from "./shrink.ts";
import type { Sketch } from "./sketch.ts";
import { bare } from "./smaller.ts";
import { guaranteeOf } from "./violation.ts";

/** Runs are not the same twice: a smaller sketch is taken where so many of so many runs fail. */
const step = { needed: 2, most: 3 } as const;
/** What is handed to people fails so often at least. */
const final = { needed: 4, most: 5 } as const;
/** So many of the last steps are taken back at most until it does. */
const backMax = 4;

interface Reducing extends Pick<Search, "seed" | "sideBySide" | "player" | "onTry"> {
  /** No smaller one is tried from then on; how often the smallest fails is still seen. */
  readonly isLate: () => boolean;
  /** Nothing is played from then on. */
  readonly isOver: () => boolean;
  /** What an earlier attempt came to when its time was up. */
  readonly from?: Shrunken;
}

/** A run that breaks the guarantee. */
interface Shown {
  readonly played: Played;
  readonly seed: number;
}

interface Outcome {
  readonly reduced: Reduced;
  /** Which guarantees the smallest one breaks. */
  readonly along: ReadonlySet<string>;
}

/** Makes a finding smaller, and forgets all runs but the one that shows the smallest. */
export async function reduce(found: Found, options: Reducing): Promise<Outcome> {
  const reducer = new Reducer(found, options);
  const outcome = await reducer.reduce();
  await reducer.forgetAllBut(outcome.reduced);
  return outcome;
}

class Reducer {
  readonly #found: Found;
  readonly #options: Reducing;
  readonly #seeds: Random;
  readonly #shown = new Map<Sketch, Shown>();
  readonly #along = new Map<Sketch, ReadonlySet<string>>();
  readonly #rates = new Map<Sketch, HitRate>();

  constructor(found: Found, options: Reducing) {
    this.#found = found;
    this.#options = options;
    this.#seeds = seededRandom(options.seed, `explore/reduce/${found.number}${options.from === undefined ? "" : "/again"}`);
  }

  async reduce(): Promise<Outcome> {
    const { isOver } = this.#options;
    const start = await this.#start();
    if (start === undefined) return this.#notConfirmed();
    const { path, tried, complete } = await shrink(start, (sketch) => this.#stillFails(sketch));
    for (const sketch of [...new Set([this.#found.sketch, ...path])].slice(-1 - backMax).reverse()) {
      const rate = await this.#often(sketch, final);
      if (rate === undefined) break;
      if (rate.enough) return this.#shrunk(sketch, { rate, complete, tried });
    }
    // Without time to see how often it fails, what is known is how often it did when it was taken.
    const last = path.at(-1) ?? start;
    const rate = this.#rates.get(last) ?? { hits: 0, runs: 0 };
    return isOver() ? this.#shrunk(last, { rate, complete: false, tried }) : { reduced: { kind: "rare", rate: rateOf(rate) }, along: this.#alongOf(last) };
  }

  async forgetAllBut(reduced: Reduced): Promise<void> {
    for (const { played } of this.#shown.values()) {
      if (reduced.kind !== "shrunk" || reduced.played !== played) await this.#options.player.forget(played);
    }
  }

  /** Many bugs need no fault: a run without any is short, and tells at once what would take many steps. */
  async #start(): Promise<Sketch | undefined> {
    const { from } = this.#options;
    if (from !== undefined) {
      this.#rates.set(from.sketch, from.rate);
      return from.sketch;
    }
    const { sketch } = this.#found;
    const barest = bare(sketch);
    if (barest !== undefined && (await this.#stillFails(barest)) === true) return barest;
    const result = await this.#often(sketch, step);
    if (result !== undefined) this.#rates.set(sketch, result);
    return result?.enough === true ? sketch : undefined;
  }

  #notConfirmed(): Outcome {
    const { sketch } = this.#found;
    const known = this.#rates.get(sketch);
    return { reduced: known === undefined ? { kind: "no-time" } : { kind: "rare", rate: { hits: known.hits + 1, runs: known.runs + 1 } }, along: this.#alongOf(sketch) };
  }

  #shrunk(sketch: Sketch, { rate, complete, tried }: Pick<Shrunken, "rate" | "complete" | "tried">): Outcome {
    const { seed, played } = this.#shown.get(sketch) ?? this.#options.from ?? this.#found;
    return { reduced: { kind: "shrunk", sketch, seed, rate: rateOf(rate), complete, tried, played }, along: this.#alongOf(sketch) };
  }

  #alongOf(sketch: Sketch): ReadonlySet<string> {
    return this.#along.get(sketch) ?? new Set();
  }

  async #stillFails(sketch: Sketch): Promise<boolean | undefined> {
    const { isLate, onTry } = this.#options;
    const result = isLate() ? undefined : await this.#often(sketch, step);
    if (result === undefined) return undefined;
    onTry?.(this.#found, sketch, result.enough);
    this.#rates.set(sketch, result);
    return result.enough;
  }

  #often(sketch: Sketch, { needed, most }: typeof step | typeof final) {
    return nOfM(needed, most, this.#options.sideBySide, () => this.#fails(sketch));
  }

  /** Whether one more run breaks the same guarantee; the last that did is kept. */
  async #fails(sketch: Sketch): Promise<boolean | undefined> {
    const { player, isOver } = this.#options;
    if (isOver()) return undefined;
    const seed = this.#seeds.int(0, 999_999_999);
    const played = await player.play(sketch, seed);
    const guarantees = played.violations.map(guaranteeOf);
    const failed = guarantees.includes(this.#found.guarantee);
    const earlier = this.#shown.get(sketch);
    if (failed) {
      this.#shown.set(sketch, { played, seed });
      this.#along.set(sketch, new Set([...this.#alongOf(sketch), ...guarantees]));
    }
    const gone = failed ? earlier?.played : played;
    if (gone !== undefined) await player.forget(gone);
    return failed;
  }
}

function rateOf({ hits, runs }: HitRate): HitRate {
  return { hits, runs };
}
