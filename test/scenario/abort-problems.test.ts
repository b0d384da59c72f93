import { expect } from "chai";
import { parseScenario } from "../../src/scenario/parse.ts";
import { problemsOf, scenarioWith } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

/** A sound scenario but for what stands under `abort-if`, the first line of which is line 13. */
function abortIf(...lines: string[]): string {
  return scenarioWith({ assertions: ["abort-if:", ...lines.map((line) => `  ${line}`), "assertions:", "  - health: {}"].join("\n") });
}

describe("what ends a run before its time", () => {
  it("is read with its assertions bound to their options and called by their titles", () => {
    const { abortIf: read } = parseScenario(abortIf("no-leader-for: 1m", "violated:", "  - health: { during: calm }", "  - metric: { name: a, statistic: last, bound: { at-most: 1 } }", "    title: a is small"), "test.yaml", testCatalogue);
    expect(read).to.include({ noLeaderForMs: 60_000, nothingAcknowledgedForMs: undefined });
    expect(read?.violated.map(({ kind, title }) => [kind, title])).to.deep.equal([["health", "all members are healthy"], ["metric", "a is small"]]);
  });

  it("needs no assertion", () => {
    expect(parseScenario(abortIf("no-leader-for: 1m"), "test.yaml", testCatalogue).abortIf?.violated).to.deep.equal([]);
  });

  const cases: Record<string, readonly [text: string, ...problems: string[]]> = {
    "with nothing in it": [abortIf("{}"), '13:3 "abort-if": needs at least one of no-leader-for, nothing-acknowledged-for, violated'],
    "with an unknown condition": [abortIf("violates: []"), '13:3 unknown key "violates" | Did you mean "violated"?'],
    "with an empty list of assertions": [abortIf("violated: []"), '13:13 "violated" must have at least 1 item | Assertions, each as under `assertions`: one is violated by what was recorded so far, whatever may still come.'],
    "with an unknown assertion": [abortIf("violated:", "  - helth: {}"), '14:7 unknown assertion "helth" | Did you mean "health"?'],
    "with an assertion without its options": [abortIf("violated:", "  - metric: { name: a, statistic: last }"), '14:7 "bound" is missing | bound: a map'],
    "with an unknown phase": [abortIf("violated:", "  - leader-changes: { during: strom }"), '14:33 unknown phase "strom" | Did you mean "storm"?'],
    "with phases in the wrong order": [abortIf("violated:", "  - health: { during: [storm, calm] }"), '14:25 "storm" comes after "calm" | Write [calm, storm].'],
    "with a window of which nothing is left": [abortIf("violated:", "  - health: { during: calm, after: 4s }"), "14:38 nothing is left of the 4 s that this assertion is about"],
    "with a member that the cluster has not": [abortIf("violated:", "  - health: { of: etcd-4 }"), "14:21 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3"],
  };
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(`is refused ${title}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }
});
