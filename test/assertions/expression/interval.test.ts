import { expect } from "chai";
import fc from "fast-check";
import { calculated, compared, exactly, intervalOf, negated, opposite, type Interval } from "../../../assertions/expression/interval.ts";
import { operators, type Operator } from "../../../assertions/expression/syntax.ts";
import { boundNames, checkBounds } from "../../../assertions/bounds.ts";

const number = fc.integer({ min: -20, max: 20 });
/** An interval, and a true value in it. */
const within: fc.Arbitrary<{ readonly interval: Interval; readonly truth: number }> = fc
  .tuple(number, number, fc.boolean(), fc.boolean())
  .map(([value, truth, openLow, openHigh]) => ({ interval: { value, low: openLow ? -Infinity : Math.min(value, truth), high: openHigh ? Infinity : Math.max(value, truth) }, truth }));

const signs = ["+", "-", "*", "/"] as const;
const results = { "+": (a: number, b: number) => a + b, "-": (a: number, b: number) => a - b, "*": (a: number, b: number) => a * b, "/": (a: number, b: number) => a / b };
const holds: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};

describe("intervals of seen values", () => {
  it("hold the true result of a calculation wherever they hold the true operands", () => {
    fc.assert(
      fc.property(fc.constantFrom(...signs), within, within, (sign, a, b) => {
        fc.pre(sign !== "/" || b.truth !== 0);
        const { low, high } = calculated(sign, a.interval, b.interval);
        expect(results[sign](a.truth, b.truth)).to.be.within(low, high);
      }),
      { numRuns: 3_000 },
    );
  });

  it("are no wider than they must be where all is certain", () => {
    fc.assert(fc.property(fc.constantFrom(...signs), number, number, (sign, a, b) => {
      fc.pre(sign !== "/" || b !== 0);
      const value = results[sign](a, b);
      const { low, high } = calculated(sign, exactly(a), exactly(b));
      expect([low, high].every((bound) => bound === value)).to.equal(true);
    }));
  });

  it("decide a comparison only as it truly is, and always where all is certain", () => {
    fc.assert(
      fc.property(fc.constantFrom(...operators), within, within, (operator, a, b) => {
        const truly = holds[operator](a.truth, b.truth) ? "pass" : "fail";
        expect(compared(a.interval, operator, b.interval)).to.be.oneOf([truly, "inconclusive"]);
        expect(compared(exactly(a.truth), operator, exactly(b.truth))).to.equal(truly);
      }),
      { numRuns: 2_000 },
    );
  });

  it("turn around with a negative factor: at least 5 times -2 is at most -10", () => {
    const atLeast5 = intervalOf(5, { notLess: true, notMore: false });
    expect(calculated("*", atLeast5, exactly(-2))).to.deep.equal({ value: -10, low: -Infinity, high: -10 });
    expect(negated(atLeast5)).to.deep.equal({ value: -5, low: -Infinity, high: -5 });
    expect(calculated("-", exactly(1), atLeast5)).to.deep.equal({ value: -4, low: -Infinity, high: -4 });
  });

  it("turn around in a divisor, and say nothing of what is divided by what may be 0", () => {
    const atLeast5 = intervalOf(5, { notLess: true, notMore: false });
    expect(calculated("/", exactly(10), atLeast5)).to.deep.equal({ value: 2, low: 0, high: 2 });
    expect(calculated("/", exactly(10), intervalOf(5, { notLess: false, notMore: true }))).to.deep.equal({ value: 2, low: -Infinity, high: Infinity });
    expect(compared(calculated("/", exactly(10), exactly(0)), ">", exactly(1))).to.equal("inconclusive");
  });

  it("decide against a number as the bounds of the long form do", () => {
    const named = { above: ">", "at-least": ">=", below: "<", "at-most": "<=", equals: "==" } as const;
    fc.assert(
      fc.property(fc.constantFrom(...boundNames), number, fc.record({ notLess: fc.boolean(), notMore: fc.boolean() }), number, (name, value, certainty, bound) => {
        expect(compared(intervalOf(value, certainty), named[name], exactly(bound))).to.equal(checkBounds(value, certainty, { [name]: bound }));
      }),
      { numRuns: 1_000 },
    );
  });

  it("leave open what is open when it is turned into its opposite", () => {
    expect((["pass", "inconclusive", "fail"] as const).map(opposite)).to.deep.equal(["fail", "inconclusive", "pass"]);
  });
});
