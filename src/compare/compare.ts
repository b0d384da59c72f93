import { figureNames, keyFigures } from "../analysis/key-figures.ts";
import { HarnessError } from "../errors.ts";
import type { Entry } from "../ledger/entry.ts";
import { alpha } from "../statistics/interval.ts";
import { holm } from "../statistics/holm.ts";
import type { ComparedVerdict, Comparison } from "./comparison.ts";
import { testFigures, type TestedFigure } from "./figures.ts";
import { testOutcomes } from "./outcomes.ts";
import type { Tested } from "./tested.ts";
import { testOperations } from "./single-runs.ts";
import type { Side } from "./side.ts";
import { aboutSide, warningsOf } from "./warnings.ts";

/**
 * Lays two sets of runs side by side. All randomness comes from a seed, so that the same runs give the same answer.
 * @param peers other runs like the two, where these are single ones: they tell how much runs differ anyway
 * @throws HarnessError `history-invalid` where the two have no figure in common
 */
export function compareRuns(a: Side, b: Side, peers: readonly Entry[] = []): Comparison {
  const basis = a.operations !== undefined && b.operations !== undefined ? "operations" : "runs";
  const figures = basis === "operations" ? testOperations(a, b, peers) : testFigures(a, b);
  if (!figures.some((row) => row.a.value !== undefined && row.b.value !== undefined)) throw nothingInCommon(a, b);
  const outcomes = testOutcomes(a, b);
  const tested = [...figures, ...outcomes].map(({ test }) => test);
  const verdicts = verdictsOf(tested);
  const verdictOf = (test: Tested): ComparedVerdict => verdicts.get(test) ?? { verdict: "too-few-data", because: test.because };
  return {
    format: 1,
    a: { label: a.label, runs: a.entries.length, about: aboutSide(a) },
    b: { label: b.label, runs: b.entries.length, about: aboutSide(b) },
    basis,
    tests: familyOf(tested).length,
    outcomes: outcomes.map(({ test, ...row }) => ({ ...row, ...verdictOf(test) })),
    figures: figures.map(({ test, ...row }: TestedFigure) => ({ ...row, ...verdictOf(test) })),
    warnings: warningsOf(a, b, { basis, peers: peers.length }),
  };
}

/** Those that could have come out either way: what no data of these sizes could have shown needs no correction. */
function familyOf(tested: readonly Tested[]): Tested[] {
  return tested.filter(({ p, pMin }) => p !== undefined && pMin <= alpha);
}

function verdictsOf(tested: readonly Tested[]): Map<Tested, ComparedVerdict> {
  const family = familyOf(tested);
  const adjusted = holm(family.map(({ p }) => p ?? 1));
  return new Map(tested.map((test) => [test, verdictOf(test, adjusted[family.indexOf(test)] ?? 1, Math.max(1, family.length))]));
}

function verdictOf({ p, pMinBySize, betterIs, because }: Tested, adjusted: number, tests: number): ComparedVerdict {
  if (p === undefined) return { verdict: "too-few-data", because };
  if (adjusted <= alpha && betterIs !== "neither") return { verdict: betterIs === "b" ? "better" : "worse", p: adjusted, because };
  if (pMinBySize * tests > alpha) return { verdict: "too-few-data", p: adjusted, because: `${because}: so few cannot tell any difference from chance among ${tests} tests` };
  return { verdict: "within-noise", p: adjusted, because };
}

function nothingInCommon(a: Side, b: Side): HarnessError {
  const having = (side: Side): string => {
    const names = figureNames.filter((name) => side.entries.some(({ figures }) => figures?.[name] !== undefined));
    return names.length === 0 ? `${side.label} has none` : `${side.label} has ${names.map((name) => keyFigures[name].title).join(", ")}`;
  };
  return new HarnessError("history-invalid", `the two have no key figure in common: ${having(a)}; ${having(b)}`, { hint: "Runs of former versions have none until they are judged again: `npm run judge -- <run folder>`." });
}
