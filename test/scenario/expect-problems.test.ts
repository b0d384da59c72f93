import { expect } from "chai";
import { parseScenario } from "../../src/scenario/parse.ts";
import { problemsOf, scenarioWith, scenarioWithAssertions } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

/** A sound scenario but for what stands under `expect`, the first line of which is line 16. */
function expecting(...lines: string[]): string {
  return scenarioWith({ assertions: ["assertions:", "  - health: {}", "  - leader-changes: { during: calm }", "expect:", ...lines.map((line) => `  ${line}`)].join("\n") });
}

describe("what is expected to be violated", () => {
  it("is read with kinds and what is broken of them, versions and issue", () => {
    const { expect: read } = parseScenario(expecting("fail: [health/never-seen, leader-changes]", 'on: "<3.4.25 || >=3.5.0 <3.5.8"', "issue: etcd#15220"), "test.yaml", testCatalogue);
    expect(read).to.deep.equal({ fail: [{ kind: "health", rule: "never-seen" }, { kind: "leader-changes" }], on: "<3.4.25 || >=3.5.0 <3.5.8", issue: "etcd#15220", title: "etcd#15220 breaks health/never-seen and leader-changes on etcd <3.4.25 || >=3.5.0 <3.5.8" });
  });

  it("is read with the title of the one assertion that is meant, of whatever kind", () => {
    const text = (title: string): string => scenarioWith({ assertions: `assertions:\n  - health: {}\n    title: All is well\n  - expect: leader-changes == 0\n    title: Nobody stands\nexpect:\n  fail: [{ title: ${title} }]\n  on: "*"` });
    expect(parseScenario(text("Nobody stands"), "test.yaml", testCatalogue).expect).to.deep.include({ fail: [{ title: "Nobody stands" }], title: 'a known bug breaks "Nobody stands" on etcd *' });
    expect(problemsOf(text("Nobody stood"))).to.deep.equal(['18:19 no assertion here has the title "Nobody stood" | Did you mean "Nobody stands"?']);
    expect(problemsOf(text("Something else"))).to.deep.equal(['18:19 no assertion here has the title "Something else" | Titles here: All is well; Nobody stands.']);
    expect(problemsOf(text("All is well").replace("Nobody stands", "All is well"))).to.deep.equal(['18:19 2 assertions here have the title "All is well" | Give the one that is meant a title of its own.']);
  });

  it("is nothing where the file says nothing", () => {
    expect(parseScenario(scenarioWith({}), "test.yaml", testCatalogue)).to.not.have.property("expect");
  });

  const on = 'on: "*"';
  const cases: Record<string, readonly [text: string, ...problems: string[]]> = {
    "with a kind that is not among the assertions": [expecting("fail: [metric]", on), '16:10 no assertion here is of the kind "metric" | Kinds of the assertions here: health, leader-changes.'],
    "with a misspelt kind": [expecting("fail: [helth/unhealthy]", on), '16:10 no assertion here is of the kind "helth" | Did you mean "health"?'],
    "with something that cannot be broken": [expecting("fail: [health/unhealty]", on), '16:10 nothing of "health" is called "unhealty" | Did you mean "unhealthy"?'],
    "with what cannot be told apart": [expecting("fail: [leader-changes/lost]", on), '16:10 what is broken of "leader-changes" cannot be told apart | Write leader-changes alone.'],
    "twice": [expecting("fail: [health, health]", on), '16:18 "health" is expected already'],
    "with the title of none": [expecting("fail: [{ title: all members are healthy }]", on), '16:19 no assertion here has the title "all members are healthy" | No assertion here has a title: it stands beside a kind.'],
    "with a title where a kind belongs": [expecting("fail: [Writes go on]", on), '16:10 item 1 of "fail" must be a kind of assertion, such as lease, with what is broken of it, such as watch/bookmarkable, or { title: … } of an assertion that has one'],
    "with a misspelt key": [expecting("fail: [{ titel: Writes go on }]", on), '16:10 "title" is missing | title: The title that one of the scenario\'s assertions has.', '16:12 unknown key "titel" | Did you mean "title"?'],
    "with a title twice": [expecting("fail: [{ title: a }, { title: a }]", on), '16:19 no assertion here has the title "a" | No assertion here has a title: it stands beside a kind.', '16:24 "a" is expected already'],
    "with nothing to be violated": [expecting("fail: []", on), '16:9 "fail" must have at least 1 item | What must be violated, all of it; everything else must hold.'],
    "without versions": [expecting("fail: [health]"), '15:1 "on" is missing | on: The versions of etcd that show it, as a range of semver; on others nothing must be violated.'],
    "with versions that are no range": [expecting("fail: [health]", "on: old ones"), '17:7 "on" must be a range of versions, such as "<3.4.25 || >=3.5.0 <3.5.8"'],
    "with an issue that is none": [expecting("fail: [health]", on, "issue: 15220"), '18:10 "issue" must be text, not the number 15220 | Put it in quotes: "15220".'],
    "with another key": [expecting("fail: [health]", on, "bug: etcd#1"), '18:3 unknown key "bug" | Possible here: fail, on, issue.'],
  };
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(`is refused ${title}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }

  const isAText = /"expect" must be a map, not (?:a list|".*") \| What a bug .* An assertion as one line of text is an item under assertions: "- expect: …"\.$/;
  const isExpected = /"expect" must be text, not (?:a map|empty) \| .* What a bug that is known violates is told under expect at the top level of the file\.$/;
  const confused: Record<string, readonly [text: string, place: string, problem: RegExp]> = {
    "a line of text where the known bug belongs": [scenarioWith({ assertions: "assertions:\n  - health: {}\nexpect: leader-changes == 0" }), "14:9", isAText],
    "a list of such lines there": [scenarioWith({ assertions: "assertions:\n  - health: {}\nexpect:\n  - leader-changes == 0" }), "15:3", isAText],
    "a known bug where the line of text belongs": [scenarioWithAssertions("expect: { fail: [health], on: '*' }"), "13:13", isExpected],
    "a known bug below such an item": [scenarioWithAssertions("expect:\n    fail: [health]"), "13:5", isExpected],
  };
  for (const [title, [text, place, problem]] of Object.entries(confused)) {
    it(`is told from the assertion of the same name: ${title}`, () => {
      const [first = ""] = problemsOf(text);
      expect(first).to.match(problem);
      expect(first.startsWith(`${place} `)).to.equal(true, first);
    });
  }
});
