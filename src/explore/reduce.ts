import { seededRandom } from "../random.ts";
import { nOfM, type HitRate } from "./confirm.ts";
import type { Found, Search } from "./explorer.ts";
import type { Reduced } from "./finding.ts";
import type { Played } from "./played.ts";
import { shrink } from "./shrink.ts";
import type { Sketch } from "./sketch.ts";
import { guaranteeOf } from "./violation.ts";

/** Runs are not the same twice: a smaller sketch is taken where so many of so many runs fail. */
const step = { needed: 2, most: 3 } as const;
/** What is handed to people fails so often at least. */
const final = { needed: 4, most: 5 } as const;
/** So many of the last steps are taken back at most until it does. */
const backMax = 4;

interface Reducing extends Pick<Search, "seed" | "sideBySide" | "player" | "onTry"> {
  readonly isOver: () => boolean;
}

/** Makes a finding smaller. @returns what became of it, and which other guarantees the smallest one breaks as well */
export async function reduce(found: Found, { seed, sideBySide, player, onTry, isOver }: Reducing): Promise<{ readonly reduced: Reduced; readonly along: ReadonlySet<string> }> {
  const seeds = seededRandom(seed, `explore/reduce/${found.number}`);
  let shown: { readonly sketch: Sketch; readonly played: Played; readonly seed: number } | undefined;
  const broken = new Map<Sketch, Set<string>>();
  const alongOf = (sketch: Sketch): ReadonlySet<string> => broken.get(sketch) ?? new Set();
  const rates = new Map<Sketch, HitRate>();

  /** Whether one more run breaks the same guarantee; the last that did is kept. */
  async function fails(sketch: Sketch): Promise<boolean | undefined> {
    if (isOver()) return undefined;
    const runSeed = seeds.int(0, 999_999_999);
    const played = await player.play(sketch, runSeed);
    const guarantees = played.violations.map(guaranteeOf);
    if (!guarantees.includes(found.guarantee)) {
      await player.forget(played);
      return false;
    }
    if (shown !== undefined) await player.forget(shown.played);
    shown = { sketch, played, seed: runSeed };
    broken.set(sketch, new Set([...alongOf(sketch), ...guarantees]));
    return true;
  }
  const often = (sketch: Sketch, { needed, most }: typeof step | typeof final) => nOfM(needed, most, sideBySide, () => fails(sketch));

  const first = await often(found.sketch, step);
  if (first === undefined) return { reduced: { kind: "no-time" }, along: alongOf(found.sketch) };
  if (!first.enough) return { reduced: { kind: "rare", rate: { hits: first.hits + 1, runs: first.runs + 1 } }, along: alongOf(found.sketch) };
  const { path, tried, complete } = await shrink(found.sketch, async (sketch) => {
    const result = await often(sketch, step);
    if (result === undefined) return undefined;
    onTry?.(found, sketch, result.enough);
    if (result.enough) rates.set(sketch, result);
    return result.enough;
  });
  for (const sketch of path.slice(-1 - backMax).reverse()) {
    const rate = await often(sketch, final);
    if (rate === undefined) break;
    if (rate.enough && shown !== undefined) return { reduced: { kind: "shrunk", sketch, seed: shown.seed, rate: rateOf(rate), complete, tried, played: shown.played }, along: alongOf(sketch) };
  }
  // Without time to see how often it fails, what is known is how often it did when it was taken.
  const last = path.at(-1) ?? found.sketch;
  const rate = rates.get(last) ?? first;
  if (!isOver()) return { reduced: { kind: "rare", rate: rateOf(rate) }, along: alongOf(last) };
  const kept = shown?.sketch === last ? shown : { played: found.played, seed: found.seed };
  return { reduced: { kind: "shrunk", sketch: last, seed: kept.seed, rate: rateOf(rate), complete: false, tried, played: kept.played }, along: alongOf(last) };
}

function rateOf({ hits, runs }: HitRate): HitRate {
  return { hits, runs };
}
