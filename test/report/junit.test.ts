import { expect } from "chai";
import fc from "fast-check";
import type { Results } from "../../src/judge/results.ts";
import { renderJunit } from "../../src/report/junit.ts";
import { sampleRecording, sampleResults } from "./sample.ts";
import { expectJunit } from "./junit-schema.ts";
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
      expect(attributes).to.include({ tests: "9", failures: "1", errors: "1", time: "20.000" });
    }
  });

  it("is such as Jenkins, GitLab and GitHub's reporters read", () => {
    for (const results of [sampleResults(), sampleResults("mixed")]) expectJunit(parseXml(renderJunit(recording, results)));
  });

  it("names what the run was: seed, etcd, runtime, and the command that replays it", () => {
    const suite = parseXml(renderJunit(recording, sampleResults())).children[0];
    const properties = suite?.children.find(({ name }) => name === "properties")?.children.map(({ attributes }) => [attributes["name"], attributes["value"]]) ?? [];
    expect(Object.fromEntries(properties)).to.include({ seed: "42", etcd: "3.5.30", runtime: "local", outcome: "pass", replay: "npm run scenario -- partition --seed 42 --runtime local --etcd 3.5.30" });
  });

  it("has the run's time in its first case, so that the cases add up to that of the suite", () => {
    expect(cases(sampleResults("mixed")).map(({ attributes }) => Number(attributes["time"]))).to.deep.equal([20, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("says in which line of the scenario a violated assertion stands", () => {
    const results = sampleResults("mixed");
    const text = renderJunit(recording, { ...results, assertions: results.assertions.map((each, index) => ({ ...each, line: 20 + index })) });
    expect(text).to.match(/&#10;scenario\.yaml:24<\/failure>/);
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
  }).timeout(60_000);
});
