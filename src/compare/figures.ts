import { median } from "simple-statistics";
import { figureNames, keyFigures, type FigureName } from "../analysis/key-figures.ts";
import { seededRandom } from "../random.ts";
import { bootstrap, percentileInterval } from "../statistics/bootstrap.ts";
import { rankSumTest } from "../statistics/rank-sum.ts";
import type { FigureChange, FigureRow, SideFigure } from "./comparison.ts";
import type { Tested } from "./tested.ts";
import { valuesOf, type Side } from "./side.ts";

export type TestedFigure = Omit<FigureRow, "verdict" | "p" | "because"> & { readonly test: Tested };

const seed = 1;

/** Each figure that either side has: the medians of its runs, and whether the runs of one tend to have more. */
export function testFigures(a: Side, b: Side): TestedFigure[] {
  return figureNames.flatMap((name) => {
    const [ofA, ofB] = [valuesOf(a, name), valuesOf(b, name)];
    return ofA.length + ofB.length === 0 ? [] : [testFigure(name, ofA, ofB)];
  });
}

function testFigure(name: FigureName, ofA: readonly number[], ofB: readonly number[]): TestedFigure {
  const [drawnA, drawnB] = [draw(ofA, `${name}/a`), draw(ofB, `${name}/b`)];
  const [a, b] = [sideFigure(ofA, drawnA), sideFigure(ofB, drawnB)];
  const { p, pMin, larger } = rankSumTest(ofA, ofB);
  const runs = `${ofA.length} and ${ofB.length} runs`;
  const none = ofA.length === 0 || ofB.length === 0;
  return {
    name,
    a,
    b,
    change: changeOf(name, a, b, drawnA, drawnB),
    test: { p: none ? undefined : p, pMin, pMinBySize: smallestP(ofA.length, ofB.length), betterIs: betterSide(name, larger), because: none ? `${runs} have it` : `${runs}, rank-sum test` },
  };
}

/** How much there is more on the second side, with the interval of what was drawn of both. */
export function changeOf(name: FigureName, a: SideFigure, b: SideFigure, drawnA: readonly number[], drawnB: readonly number[]): FigureChange | undefined {
  if (a.value === undefined || b.value === undefined) return undefined;
  const { unit } = keyFigures[name];
  // Shares and counts are few or near one; of nothing there is no part.
  const relative = unit !== "share" && unit !== "count" && a.value > 0 && drawnA.every((value) => value > 0);
  const by = relative ? (from: number, to: number): number => to / from - 1 : (from: number, to: number): number => to - from;
  const drawn = Array.from({ length: Math.min(drawnA.length, drawnB.length) }, (_, index) => by(drawnA[index] ?? NaN, drawnB[index] ?? NaN));
  const change = by(a.value, b.value);
  return { kind: relative ? "relative" : "absolute", by: change, interval: percentileInterval(drawn, change) };
}

/** Which side is better where one has more. */
export function betterSide(name: FigureName, larger: "a" | "b" | "neither"): "a" | "b" | "neither" {
  if (larger === "neither") return larger;
  return (larger === "b") === (keyFigures[name].better === "higher") ? "b" : "a";
}

function draw(values: readonly number[], label: string): number[] {
  return values.length < 2 ? [] : bootstrap(values, median, seededRandom(seed, label));
}

function sideFigure(values: readonly number[], drawn: readonly number[]): SideFigure {
  const value = values.length === 0 ? undefined : median([...values]);
  return { value, runs: values.length, interval: value === undefined || drawn.length === 0 ? undefined : percentileInterval(drawn, value) };
}

/** The p of the clearest difference that so many values can show: one of all ways to deal them, and its mirror image. */
export function smallestP(a: number, b: number): number {
  let ways = 1;
  for (let step = 1; step <= Math.min(a, b); step += 1) ways = (ways * (a + b - step + 1)) / step;
  return Math.min(1, 2 / ways);
}
