import { expect } from "chai";
import fc from "fast-check";
import { byScenario, standingOf, worstStanding } from "../../src/nightly/standing.ts";
import { oneOfEach, played, turnOf } from "./turns.ts";

describe("what a turn counts as", () => {
  it("is a pass only where its first attempt passed", () => {
    expect(standingOf(played("pass"))).to.equal("pass");
  });

  it("is a flake where it passed at last, whatever it was before", () => {
    for (const first of ["fail", "inconclusive", "broken"] as const) expect(standingOf(played(first, "pass")), first).to.equal("flake");
    expect(standingOf(played("fail", "inconclusive", "pass"))).to.equal("flake");
  });

  it("is the worst of all attempts where none passed: a violation that was seen once was seen", () => {
    expect(standingOf(played("fail", "inconclusive"))).to.equal("fail");
    expect(standingOf(played("inconclusive", "fail"))).to.equal("fail");
    expect(standingOf(played("inconclusive", "broken"))).to.equal("broken");
    expect(standingOf(played("fail", "interrupted"))).to.equal("fail");
    expect(standingOf(played("interrupted"))).to.equal("interrupted");
  });

  it("is never a pass when any attempt did not pass", () => {
    const outcomes = fc.array(fc.constantFrom("pass", "fail", "inconclusive", "broken", "interrupted"), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(outcomes, (all) => {
      expect(standingOf(played(...all)) === "pass").to.equal(all.every((outcome) => outcome === "pass"));
    }));
  });

  it("says of what did not run that it did not", () => {
    expect(oneOfEach.slice(-2).map(({ end }) => standingOf(end))).to.deep.equal(["not-run", "unplayable"]);
    expect(worstStanding([])).to.equal("not-run");
  });

  it("is for a scenario the worst of its turns, and those to look at come first", () => {
    const turns = [{ ...turnOf("b"), end: played("pass") }, { ...turnOf("b", { repeat: 2 }), end: played("fail") }, { ...turnOf("a"), end: played("pass") }];
    expect(byScenario(turns).map(({ scenario, standing, turns: own }) => [scenario, standing, own.length])).to.deep.equal([["b", "fail", 2], ["a", "pass", 1]]);
    expect(byScenario(oneOfEach).map(({ standing }) => standing)).to.deep.equal(["fail", "flake", "broken", "inconclusive", "interrupted", "not-run", "unplayable", "pass"]);
  });
});
