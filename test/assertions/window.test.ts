import { expect } from "chai";
import fc from "fast-check";

import { findWindow, judgeWindow, windowPhases, windowTitle, type WindowOptions } from "../../assertions/window.ts";
import type { Outcome } from "../../assertions/verdict.ts";
import { recording } from "../recordings/builder.ts";
import { problemsOf } from "./judged.ts";

const three = () => recording().phase("baseline", 100, 5_100).phase("isolated", 5_100, 13_100).phase("recovery", 13_100, 20_100);
const find = (options: WindowOptions, run = three()) => findWindow(run.build(), options);
const outcomeOf = (outcome: Outcome, options: WindowOptions, run = three()) =>
  judgeWindow(run.build(), options, "bound", () => ({ outcome, observed: "o", bound: "bound", evidence: [] }));

describe("the window of an assertion", () => {
  it("is a phase, several phases, or the run", () => {
    expect(find({ during: "isolated" })).to.deep.equal({ name: "isolated", startMs: 5_100, endMs: 13_100, complete: true });
    expect(find({ during: ["isolated", "recovery"] })).to.deep.equal({ name: "isolated to recovery", startMs: 5_100, endMs: 20_100, complete: true });
    expect(find({ during: "run" })).to.deep.equal({ name: "run", startMs: 100, endMs: 20_100, complete: true });
  });

  it("can skip its beginning, and be its first part only, but never goes beyond the phase", () => {
    expect(find({ during: "isolated", after: 2_000 })).to.deep.include({ startMs: 7_100, endMs: 13_100 });
    expect(find({ during: "isolated", within: 3_000 })).to.deep.include({ startMs: 5_100, endMs: 8_100 });
    expect(find({ during: "isolated", after: 2_000, within: 3_000 })).to.deep.include({ startMs: 7_100, endMs: 10_100 });
    expect(find({ during: "isolated", within: 60_000 })).to.deep.include({ endMs: 13_100, complete: true });
  });

  it("that is skipped whole, or goes backwards, is no window", () => {
    expect(find({ during: "isolated", after: 8_000 })).to.deep.equal({ reason: "nothing is left of the window: isolated lasted 8 s, and 8 s of it are skipped" });
    expect(find({ during: ["recovery", "baseline"] })).to.deep.equal({ reason: "baseline comes before recovery" });
  });

  it("of a phase that never began is inconclusive, and says why", () => {
    const run = recording().phase("baseline", 0, 3_000).interrupted(3_000);
    expect(outcomeOf("pass", { during: "isolated" }, run)).to.deep.include({ outcome: "inconclusive", reason: "isolated never began: the run was interrupted by SIGINT" });
    expect(outcomeOf("pass", { during: "run" }, recording())).to.deep.include({ outcome: "inconclusive" });
    expect(outcomeOf("fail", { during: "typo" })).to.deep.include({ outcome: "inconclusive", reason: "typo never began: the recording has no such phase" });
  });

  it("that was cut short makes a pass inconclusive, and lets a proven violation stand", () => {
    const run = three().interrupted(20_100);
    expect(outcomeOf("pass", { during: "recovery" }, run)).to.deep.include({ outcome: "inconclusive", reason: "recovery was cut short at 20.1 s: the run was interrupted by SIGINT" });
    expect(outcomeOf("fail", { during: "recovery" }, run).outcome).to.equal("fail");
    expect(outcomeOf("pass", { during: "isolated" }, run).outcome).to.equal("pass");
  });

  it("of phases of which the last never began is cut short too", () => {
    const run = recording().phase("baseline", 0, 3_000).interrupted(3_000);
    expect(find({ during: ["baseline", "isolated"] }, run)).to.deep.equal({ name: "baseline to isolated", startMs: 0, endMs: 3_000, complete: false });
  });

  it("is whole where its part of a phase that was cut short was seen", () => {
    const run = three().interrupted(20_100);
    expect(find({ during: "recovery", within: 7_000 }, run)).to.deep.include({ complete: true });
    expect(find({ during: "recovery", within: 7_001 }, run)).to.deep.include({ complete: false });
    expect(find({ during: "recovery", after: 1_000 }, run)).to.deep.include({ complete: false });
  });

  it("is not whole in a run that crashed or was killed", () => {
    expect(outcomeOf("pass", { during: "run" }, three().ended("crashed", "no space left")).reason).to.include("the harness stopped the run");
    expect(outcomeOf("pass", { during: "run" }, three().ended("running")).outcome).to.equal("inconclusive");
    expect(outcomeOf("pass", { during: "isolated" }, three().ended("running")).outcome).to.equal("pass");
  });

  it("always lies in its phase and is not longer than `within`", () => {
    const optional = fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom("baseline", "isolated", "run"), optional, optional, (during, after, within) => {
        const whole = find({ during });
        const part = find({ during, after, within });
        if ("reason" in whole || "reason" in part) return;
        expect(part.startMs).to.equal(whole.startMs + (after ?? 0));
        expect(part.endMs).to.be.at.most(whole.endMs);
        expect(part.endMs - part.startMs).to.be.within(Number.MIN_VALUE, within ?? Infinity);
      }),
    );
  });

  it("names its phases for the parser, and reads well in a title", () => {
    expect([windowPhases({ during: "run" }), windowPhases({ during: "isolated" }), windowPhases({ during: ["a", "b"] })]).to.deep.equal([[], ["isolated"], ["a", "b"]]);
    expect(windowTitle({ during: "isolated" })).to.equal("during isolated");
    expect(windowTitle({ during: "run", after: 2_000 })).to.equal("over the run after 2 s");
    expect(windowTitle({ during: ["a", "b"], after: 2_000, within: 5_000 })).to.equal("during the first 5 s of a to b after 2 s");
  });

  it("is refused where it cannot be one", () => {
    expect(problemsOf("health", { state: "healthy", during: ["isolated"] })).to.deep.equal(["during: must be the name of a phase, run, or the names of a first and a last phase"]);
    expect(problemsOf("health", { state: "healthy", within: "0s" })).to.deep.equal(["within: must be longer than zero"]);
    expect(problemsOf("health", { state: "healthy", after: "5 seconds" })).to.have.length(1);
    expect(problemsOf("health", { state: "healthy", after: "1m30s", within: "250ms" })).to.deep.equal([]);
  });
});
