import { sampleVariance } from "simple-statistics";
import { figureNames, type FigureName } from "../analysis/key-figures.ts";
import type { Entry } from "../ledger/entry.ts";
import { seededRandom } from "../random.ts";
import { drawsOfBootstrap, percentileInterval } from "../statistics/bootstrap.ts";
import { studentP } from "../statistics/student-t.ts";
import type { SideFigure } from "./comparison.ts";
import type { Tested } from "./tested.ts";
import { betterSide, changeOf, type TestedFigure } from "./figures.ts";
import { valuesOf, type FigureOperations, type Side } from "./side.ts";

/** Fewer blocks cannot stand for how a run varies. */
const blocksMin = 8;
/** So many values must lie beyond a quantile for it to be more than luck. */
const beyondMin = 5;
/** Of so many other runs at least it is known how much such runs differ. */
export const peersMin = 5;
const seed = 1;

/**
 * Each figure that either of two single runs has. Those that many operations make have an interval by themselves; a verdict
 * they have where there are other runs like these.
 */
export function testOperations(a: Side, b: Side, peers: readonly Entry[]): TestedFigure[] {
  return figureNames.flatMap((name) => {
    const [valueA] = valuesOf(a, name);
    const [valueB] = valuesOf(b, name);
    if (valueA === undefined && valueB === undefined) return [];
    const [ofA, ofB] = [a.operations?.get(name), b.operations?.get(name)];
    if (ofA === undefined || ofB === undefined || valueA === undefined || valueB === undefined) return [untested(name, valueA, valueB)];
    return [testFigure(name, { value: valueA, ...ofA }, { value: valueB, ...ofB }, peers)];
  });
}

function untested(name: FigureName, valueA: number | undefined, valueB: number | undefined): TestedFigure {
  const [a, b] = [valueA, valueB].map((value): SideFigure => ({ value, runs: value === undefined ? 0 : 1 }));
  if (a === undefined || b === undefined) throw new RangeError("two sides have two figures");
  return { name, a, b, change: changeOf(name, a, b, [], []), test: nothing("one value on each side has no noise to be held against") };
}

function nothing(because: string): Tested {
  return { p: undefined, pMin: 1, pMinBySize: 1, betterIs: "neither", because };
}

type Own = FigureOperations & { readonly value: number };

function testFigure(name: FigureName, ofA: Own, ofB: Own, peers: readonly Entry[]): TestedFigure {
  const [drawnA, drawnB] = [draw(ofA, `${name}/a`), draw(ofB, `${name}/b`)];
  const [a, b] = [figureOf(ofA, drawnA), figureOf(ofB, drawnB)];
  return { name, a, b, change: changeOf(name, a, b, a.interval && b.interval ? drawnA : [], drawnB), test: testOf(name, { ...ofA, drawn: drawnA }, { ...ofB, drawn: drawnB }, peers) };
}

/**
 * Whether the two differ by more than chance makes. Equal runs differ by more than what varies within each of them, since what
 * keeps one back for a while may keep it back from end to end: so a difference is held against that of other runs like these, by
 * a t-test, and against what varies within the two, where that is more. Times are compared by their ratio.
 */
function testOf(name: FigureName, ofA: Drawn, ofB: Drawn, peers: readonly Entry[]): Tested {
  const few = [ofA, ofB].map(tooFewBeyond).find((lack) => lack !== undefined);
  if (few !== undefined) return nothing(few);
  const scale = ofA.quantile === undefined ? (value: number): number => value : Math.log;
  const spread = (values: readonly number[]): number => varianceOf(values.map(scale));
  const usual = valuesOf({ entries: peers }, name);
  if (usual.length < peersMin) return nothing(`how much such runs differ anyway is to be known from ${peersMin} others like these, and there are ${usual.length}`);
  const difference = scale(ofB.value) - scale(ofA.value);
  const noise = Math.max(2 * spread(usual), spread(ofA.drawn) + spread(ofB.drawn));
  const p = difference === 0 ? 1 : studentP(difference / Math.sqrt(noise), usual.length - 1);
  return { p, pMin: 0, pMinBySize: 0, betterIs: betterSide(name, difference > 0 ? "b" : difference < 0 ? "a" : "neither"), because: `held against ${usual.length} other runs like these, t-test` };
}

/** None where there are too few to vary, as of what lasted for less than a block. */
function varianceOf(values: readonly number[]): number {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length < 2 ? 0 : sampleVariance(finite);
}

type Drawn = Own & { readonly drawn: readonly number[] };

function tooFewBeyond({ blocks, quantile }: Own): string | undefined {
  const beyond = Math.floor(blocks.size * (1 - (quantile ?? 0)));
  return beyond < beyondMin ? `of ${blocks.size} operations too few lie beyond the quantile` : undefined;
}

function draw({ blocks, quantile }: Own, label: string): number[] {
  if (blocks.count === 0 || blocks.size === 0) return [];
  const random = seededRandom(seed, label);
  return Array.from({ length: drawsOfBootstrap }, () => (quantile === undefined ? blocks.drawMean(random) : blocks.drawQuantile(quantile, random)));
}

function figureOf(own: Own, drawn: readonly number[]): SideFigure {
  return { value: own.value, runs: 1, interval: own.blocks.count < blocksMin || tooFewBeyond(own) !== undefined ? undefined : percentileInterval(drawn, own.value) };
}
