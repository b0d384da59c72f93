import { expect } from "chai";
import fc from "fast-check";

import { budgetSpent, burnRate, goodShare } from "../../../assertions/slo-parts/budget.ts";
import { Ledger, type Counted } from "../../../assertions/slo-parts/ledger.ts";
import { judgeShare, type Indicator } from "../../../assertions/slo-parts/share.ts";

const endMs = 120;
const entries = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: endMs - 1 }), good: fc.boolean(), weight: fc.constant(1) }), { minLength: 1, maxLength: 40 });
const length = fc.constantFrom(5, 10, 30, 40, 60, 120);
const whole = { name: "run", startMs: 0, endMs, complete: true };

function indicatorOf(counted: readonly Counted[]): Indicator {
  return { ledger: new Ledger(counted), noun: "operation", good: "ok", bad: "failed", none: () => "there was none" };
}

/** The worst share of all stretches that begin at a whole or half moment, by counting. */
function worstShare(counted: readonly Counted[], lengthMs: number): number {
  const starts = Array.from({ length: 2 * (endMs - lengthMs) + 1 }, (_, index) => index / 2);
  const shares = starts.flatMap((startMs) => {
    const inside = counted.filter(({ atMs }) => atMs >= startMs && atMs < startMs + lengthMs);
    return inside.length === 0 ? [] : [inside.filter(({ good }) => good).length / inside.length];
  });
  return Math.min(1, ...shares);
}

describe("shares, whatever was counted", () => {
  it("have the worst stretch that counting all stretches finds", () => {
    fc.assert(
      fc.property(entries, length, fc.double({ min: 0.01, max: 1, noNaN: true }), (counted, lengthMs, objective) => {
        const { outcome } = judgeShare(indicatorOf(counted), whole, objective, { type: "sliding", lengthMs }, []);
        expect(outcome).to.equal(worstShare(counted, lengthMs) >= objective - 1e-12 ? "pass" : "fail");
      }),
    );
  });

  it("are no better in the worst stretch than in all, where whole stretches fill it", () => {
    fc.assert(
      fc.property(entries, length, fc.double({ min: 0.01, max: 1, noNaN: true }), (counted, lengthMs, objective) => {
        const indicator = indicatorOf(counted);
        const [inAny, inAll] = [judgeShare(indicator, whole, objective, { type: "sliding", lengthMs }, []), judgeShare(indicator, whole, objective, { type: "fixed" }, [])];
        if (inAny.outcome === "pass") expect(inAll.outcome).to.equal("pass");
      }),
    );
  });

  it("spend their budget by burn rate: the whole's is the mean of its parts', each by what it counts", () => {
    fc.assert(
      fc.property(entries, length, fc.double({ min: 0, max: 0.99, noNaN: true }), (counted, lengthMs, objective) => {
        const ledger = new Ledger(counted);
        const parts = Array.from({ length: endMs / lengthMs }, (_, index) => ledger.count({ startMs: index * lengthMs, endMs: (index + 1) * lengthMs }));
        const weighted = parts.reduce((sum, part) => sum + (burnRate(part, objective) ?? 0) * (part.good + part.bad), 0);
        expect(budgetSpent(ledger.count(whole), objective)).to.be.closeTo(weighted / counted.length, 1e-9);
      }),
    );
  });

  it("are kept exactly where no more than the budget is spent", () => {
    fc.assert(
      fc.property(entries, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (counted, objective) => {
        const count = new Ledger(counted).count(whole);
        fc.pre(Math.abs((goodShare(count) ?? 1) - objective) > 1e-9);
        expect((budgetSpent(count, objective) ?? 0) <= 1).to.equal((goodShare(count) ?? 1) >= objective);
      }),
    );
  });
});
