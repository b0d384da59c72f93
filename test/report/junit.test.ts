import { expect } from "chai";
import fc from "fast-check";
import type { Results } from "../../src/judge/results.ts";
import { renderJunit } from "../../src/report/junit.ts";
import { sampleRecording, sampleResults } from "./sample.ts";
import { parseXml, type XmlElement } from "./well-formed.ts";

const recording = sampleRecording({ operationsPerSecond: 1 });

function cases(results: Results): XmlElement[] {
  return parseXml(renderJunit(recording, results)).children[0]?.children.filter(({ name }) => name === "testcase") ?? [];
}

describe("junit.xml", () => {
  it("has a case for each assertion and each assumption", () => {
    const results = sampleResults("mixed");
    expect(cases(results).map(({ attributes }) => attributes["name"])).to.deep.equal([
      ...results.assumptions.map(({ title }) => title),
      ...results.assertions.map(({ title }) => title),
    ]);
  });

  it("shows a fail as failure and an inconclusive as error that says so", () => {
    const verdicts = cases(sampleResults("mixed")).flatMap(({ children }) => children.filter(({ name }) => name !== "system-out"));
    expect(verdicts.map(({ name }) => name)).to.deep.equal(["failure", "error"]);
    expect(verdicts[0]?.attributes["message"]).to.equal("135 reads were not answered, 132 of them by etcd-2, which was isolated.");
    expect(verdicts[1]?.attributes["message"]).to.match(/^inconclusive: No member has a series/);
  });

  it("counts cases, failures and errors on the suite and on the whole", () => {
    const root = parseXml(renderJunit(recording, sampleResults("mixed")));
    for (const { attributes } of [root, ...root.children]) {
      expect(attributes).to.include({ tests: "9", failures: "1", errors: "1", skipped: "0", time: "20.000" });
    }
  });

  it("is not green when nothing was judged", () => {
    const [only, ...others] = cases({ ...sampleResults(), outcome: "inconclusive", sentence: "The run was killed.", assertions: [], assumptions: [] });
    expect(others).to.deep.equal([]);
    expect(only?.children[0]?.name).to.equal("error");
    expect(only?.children[0]?.attributes["message"]).to.equal("inconclusive: The run was killed.");
  });

  it("is not green when the run is not, though every case passed", () => {
    const red = cases({ ...sampleResults(), outcome: "fail", sentence: "something else" }).filter(({ children }) => children[0]?.name === "failure");
    expect(red.map(({ attributes }) => attributes["name"])).to.deep.equal(["verdict"]);
  });

  it("tells assertions of one title apart", () => {
    const results = sampleResults();
    const [first] = results.assertions;
    if (first === undefined) throw new Error("the sample has assertions");
    const names = cases({ ...results, assertions: [first, first] }).map(({ attributes }) => attributes["name"]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("is well-formed XML whatever the texts hold", () => {
    const hostile = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("]]>", "<script>", "\u0000\u001b[31m", "\ud800", "\ufffe", "&#0;", "-->", '"\' & <'));
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, observed, reason) => {
        const results: Results = {
          ...sampleResults(),
          scenario: title,
          outcome: "fail",
          sentence: reason,
          replay: observed,
          assumptions: [{ title, outcome: "inconclusive", observed }],
          assertions: [{ kind: "log", title, verdict: { outcome: "fail", observed, bound: title, reason, evidence: [{ kind: "log", atMs: 1, text: observed }] } }],
        };
        expect(cases(results)).to.have.length(2);
      }),
    );
  });
});
