import { expect } from "chai";
import { resultsText } from "../../src/judge/results.ts";
import { renderCounterexamples } from "../../src/report/counterexamples.ts";
import { planted, plantedResults } from "./planted.ts";
import { sampleRecording, sampleResults } from "./sample.ts";

describe("counterexamples.json", () => {
  const results = plantedResults();

  it("has every counterexample with its assertion and all its operations as they were recorded", () => {
    const read: unknown = JSON.parse(renderCounterexamples(sampleRecording(), results));
    expect(read).to.include({ format: 1, scenario: "partition", seed: 42 });
    expect(read).to.have.property("counterexamples").that.has.length(Object.keys(planted).length);
    expect(read).to.have.deep.nested.property("counterexamples[0].assertion", { kind: "strict-serializable", title: "stale read" });
    expect(read).to.deep.nested.include({ "counterexamples[0].rule": "stale read", "counterexamples[0].illegal": "2", "counterexamples[0].legal": "1", "counterexamples[0].expected": "k7 = 4-12 of revision 40", "counterexamples[0].seen": "k7 = 3-11 of revision 39" });
    const [made] = Object.values(planted);
    expect(read).to.have.deep.nested.property("counterexamples[0].operations", made?.().operations);
  });

  it("is an empty list where nothing is violated", () => {
    expect(JSON.parse(renderCounterexamples(sampleRecording(), sampleResults()))).to.have.deep.property("counterexamples", []);
  });

  it("keeps them out of results.json, which has the rest", () => {
    const text = resultsText(results);
    expect(text).to.not.include('"counterexample"');
    expect(JSON.parse(text)).to.have.nested.property("assertions[0].verdict.reason", results.assertions[0]?.verdict.reason);
  });
});
