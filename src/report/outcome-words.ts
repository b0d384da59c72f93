import type { Outcome } from "../../assertions/verdict.ts";
import type { JudgedAssertion } from "../judge/results.ts";

/** How an outcome is shown: always glyph and word, so that colour is never alone. */
export const outcomeWords = {
  pass: { glyph: "✓", word: "Pass" },
  fail: { glyph: "✗", word: "Fail" },
  inconclusive: { glyph: "?", word: "Inconclusive" },
} as const satisfies Record<Outcome, { glyph: string; word: string }>;

/** An assertion's outcome in words: `Fail, as expected` where a known bug was to violate it. */
export function wordOf({ verdict, expected }: JudgedAssertion): string {
  return `${outcomeWords[verdict.outcome].word}${expected === true ? ", as expected" : ""}`;
}

/** `1 failed as expected, 5 passed`: of assertions, whose violations may have been expected. */
export function assertionTally(judged: readonly JudgedAssertion[]): string {
  const others = judged.filter(({ expected }) => expected !== true);
  const expected = judged.length - others.length;
  if (expected === 0) return tally(judged.map(({ verdict }) => verdict.outcome));
  return [`${expected} failed as expected`, ...(others.length === 0 ? [] : [tally(others.map(({ verdict }) => verdict.outcome))])].join(", ");
}

const order = { fail: 0, inconclusive: 1, pass: 2 } as const satisfies Record<Outcome, number>;

/** Violations first, then what could not be told, then what holds; otherwise as given. */
export function worstFirst<Item>(items: readonly Item[], outcomeOf: (item: Item) => Outcome): Item[] {
  return [...items].sort((a, b) => order[outcomeOf(a)] - order[outcomeOf(b)]);
}

/** The same of assertions, with broken promises before all else: that a write is lost weighs more than that a member is slow. */
export function gravestFirst<Judged extends Pick<JudgedAssertion, "verdict">>(assertions: readonly Judged[]): Judged[] {
  const brokenPromise = ({ verdict }: Judged): boolean => verdict.outcome === "fail" && verdict.counterexample !== undefined;
  const sorted = worstFirst(assertions, ({ verdict }) => verdict.outcome);
  return [...sorted.filter(brokenPromise), ...sorted.filter((each) => !brokenPromise(each))];
}

/** `2 failed, 1 inconclusive, 5 passed`; parts of zero are left out. */
export function tally(outcomes: readonly Outcome[]): string {
  const number = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const parts = [
    [number("fail"), "failed"],
    [number("inconclusive"), "inconclusive"],
    [number("pass"), "passed"],
  ] as const;
  const said = parts.filter(([many]) => many > 0).map(([many, word]) => `${many} ${word}`);
  return said.length === 0 ? "none judged" : said.join(", ");
}
