import { medianAbsoluteDeviation } from "simple-statistics";
import { figureNames, type FigureName } from "../analysis/key-figures.ts";
import type { Entry } from "../ledger/entry.ts";
import { madToDeviation } from "../ledger/noise-band.ts";
import { seededRandom } from "../random.ts";
import { blockPermutationP, blockPermutationPMin } from "../statistics/block-permutation.ts";
import { drawsOfBootstrap, percentileInterval } from "../statistics/bootstrap.ts";
import { zOfInterval } from "../statistics/interval.ts";
import type { SideFigure } from "./comparison.ts";
import type { Tested } from "./tested.ts";
import { betterSide, changeOf, type TestedFigure } from "./figures.ts";
import { valuesOf, type FigureOperations, type Side } from "./side.ts";

/** Fewer blocks cannot stand for how a run varies. */
const blocksMin = 16;
/** So many values must lie beyond a quantile for it to be more than luck. */
const beyondMin = 5;
const peersMin = 5;
const seed = 1;

/**
 * Each figure that either of two single runs has. Of those that many operations make the noise is known from within the
 * run; where there are other runs like these, a difference must also be larger than those differ from one another.
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
  return { name, a, b, change: changeOf(name, a, b, a.interval && b.interval ? drawnA : [], drawnB), test: testOf(name, ofA, ofB, peers) };
}

function testOf(name: FigureName, ofA: Own, ofB: Own, peers: readonly Entry[]): Tested {
  const lacking = [ofA, ofB].map(lackOf).find((lack) => lack !== undefined);
  if (lacking !== undefined) return nothing(lacking);
  const difference = ofB.value - ofA.value;
  const usual = usualDifference(name, peers);
  const pMin = blockPermutationPMin;
  const larger = difference > 0 ? "b" : difference < 0 ? "a" : "neither";
  const operations = `${ofA.blocks.size} and ${ofB.blocks.size} operations, blocks dealt anew`;
  if (usual !== undefined && Math.abs(difference) <= usual.difference) {
    return { p: 1, pMin, pMinBySize: pMin, betterIs: "neither", because: `${usual.runs} other runs like these differ as much` };
  }
  const because = usual === undefined ? operations : `${operations}, and more than ${usual.runs} other runs like these differ`;
  return { p: blockPermutationP(ofA.blocks.pieces, ofB.blocks.pieces, ofA.quantile, seededRandom(seed, name)), pMin, pMinBySize: pMin, betterIs: betterSide(name, larger), because };
}

function lackOf({ blocks, quantile }: Own): string | undefined {
  if (blocks.count < blocksMin) return `it lasted for ${blocks.count} blocks of operations, and ${blocksMin} are needed`;
  const beyond = Math.floor(blocks.size * (1 - (quantile ?? 0)));
  return beyond < beyondMin ? `of ${blocks.size} operations too few lie beyond the quantile` : undefined;
}

function draw({ blocks, quantile }: Own, label: string): number[] {
  if (blocks.count === 0 || blocks.size === 0) return [];
  const random = seededRandom(seed, label);
  return Array.from({ length: drawsOfBootstrap }, () => (quantile === undefined ? blocks.drawMean(random) : blocks.drawQuantile(quantile, random)));
}

function figureOf(own: Own, drawn: readonly number[]): SideFigure {
  return { value: own.value, runs: 1, interval: lackOf(own) === undefined ? percentileInterval(drawn, own.value) : undefined };
}

/** What 95 % of pairs of runs differ by at most, if nothing but chance is between them; undefined where these are too few to tell. */
function usualDifference(name: FigureName, peers: readonly Entry[]): { readonly difference: number; readonly runs: number } | undefined {
  const values = valuesOf({ entries: peers }, name);
  if (values.length < peersMin) return undefined;
  return { difference: zOfInterval * Math.SQRT2 * madToDeviation * medianAbsoluteDeviation(values), runs: values.length };
}
