import { expect } from "chai";
import type { SavedResults } from "../../src/judge/saved-results.ts";
import { attemptOutcome } from "../../src/nightly/outcome.ts";
import { lastError } from "../../src/scenario-process.ts";

const results = (outcome: SavedResults["outcome"]): SavedResults => ({
  outcome, sentence: "because", replay: "npm run scenario -- x --seed 1",
  assertions: [
    { kind: "slo", title: "holds", verdict: { outcome: "pass", observed: "1", bound: "1" } },
    { kind: "slo", title: "open", line: 8, verdict: { outcome: "inconclusive", observed: "nothing", bound: "1", reason: "No data." } },
    { kind: "slo", title: "broken", line: 9, verdict: { outcome: "fail", observed: "2", bound: "1" } },
  ],
  assumptions: [{ title: "kept time", outcome: "inconclusive", observed: "late" }],
});

describe("what a run of a nightly came to", () => {
  it("is what its exit code and its results say with one voice", () => {
    for (const [end, outcome] of [["exit code 0", "pass"], ["exit code 1", "fail"], ["exit code 2", "inconclusive"]] as const) {
      expect(attemptOutcome({ end, results: results(outcome), error: undefined })).to.include({ outcome, sentence: "because", replay: "npm run scenario -- x --seed 1" });
    }
  });

  it("is no pass where the exit code says so and there are no results, or others", () => {
    expect(attemptOutcome({ end: "exit code 0", results: undefined, error: undefined })).to.deep.equal({ outcome: "broken", sentence: "the run ended with exit code 0: it left no results", findings: [] });
    expect(attemptOutcome({ end: "exit code 0", results: results("fail"), error: undefined })).to.include({ outcome: "broken", sentence: "the run ended with exit code 0: its results say fail" });
  });

  it("is broken where the harness failed or was killed, with what it told last", () => {
    expect(attemptOutcome({ end: "exit code 3", results: undefined, error: "no port was free" })).to.include({ outcome: "broken", sentence: "the run ended with exit code 3: no port was free" });
    expect(attemptOutcome({ end: "SIGKILL", results: undefined, error: undefined })).to.include({ outcome: "broken", sentence: "the run ended with SIGKILL: it left no results" });
    expect(lastError(["error first", "      a hint", "error second", "something else"])).to.equal("second");
    expect(lastError(["nothing"])).to.equal(undefined);
  });

  it("is interrupted after a signal, but for a violation in what there was until then", () => {
    expect(attemptOutcome({ end: "exit code 130", results: results("inconclusive"), error: undefined }).outcome).to.equal("interrupted");
    expect(attemptOutcome({ end: "exit code 130", results: results("fail"), error: undefined })).to.include({ outcome: "fail", sentence: "because" });
    for (const end of ["exit code 143", "SIGINT", "SIGTERM"]) expect(attemptOutcome({ end, results: undefined, error: undefined }).outcome).to.equal("interrupted");
  });

  it("does not find fault with a violation that its scenario expects", () => {
    const known = results("pass");
    const assertions = known.assertions.map((each) => (each.title === "broken" ? { ...each, expected: true as const } : each));
    expect(attemptOutcome({ end: "exit code 0", results: { ...known, assertions }, error: undefined }).findings.map(({ title }) => title)).to.deep.equal(["kept time", "open"]);
  });

  it("has what does not hold, violations first, with the line in the scenario", () => {
    expect(attemptOutcome({ end: "exit code 1", results: results("fail"), error: undefined }).findings).to.deep.equal([
      { outcome: "fail", title: "broken", line: 9, text: "(observed 2, bound 1)" },
      { outcome: "inconclusive", title: "kept time", text: "late" },
      { outcome: "inconclusive", title: "open", line: 8, text: "No data. (observed nothing, bound 1)" },
    ]);
  });
});
