import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";

function problemsOf(...assertions: readonly string[]): string[] {
  const text = ["description: A test.", "timeline:", "  - phase: calm", "    duration: 4s", ...assertions].join("\n");
  try {
    parseScenario(text, "test.yaml", catalogue);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` | ${hint}`}`);
  }
  return [];
}

describe("a PromQL query in a scenario", () => {
  it("is refused at the very place where it is wrong, without a Prometheus", () => {
    expect(problemsOf("assertions:", '  - promql: { query: "sum(rat(x[2s]))", below: 1 }')).to.deep.equal(['6:27 "query" cannot be asked: PromQL has no function "rat"']);
    expect(problemsOf("assertions:", "  - promql:", "      below: 1", "      query: >-", "        sum by (le)", "        (rate(x))")).to.deep.equal(['10:10 "query" cannot be asked: rate needs values over a range | Write rate(…[2s]).']);
  });

  it("can be no reason to end a run, since it is asked when that is over", () => {
    expect(problemsOf("abort-if:", "  violated:", "    - promql: { query: x, below: 1 }", "assertions:", "  - leader-changes: { at-most: 0 }")).to.deep.equal(["7:15 promql cannot end a run: it is asked when the timeline is over | Put it under assertions."]);
  });

  it("is fine otherwise", () => expect(problemsOf("assertions:", '  - promql: { query: "sum(rate(x[2s]))", below: 1, during: calm }')).to.deep.equal([]));
});
