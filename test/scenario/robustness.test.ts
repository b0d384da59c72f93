import { expect } from "chai";
import fc from "fast-check";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";
import { scenarioWith, scenarioWithFaults } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

/** Parses, and checks that what is thrown is an error with problems that stand in the text. */
function survives(text: string): void {
  try {
    parseScenario(text, "test.yaml", testCatalogue);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.problems).to.not.be.empty;
    const lines = text.split("\n");
    for (const { line, column, endColumn, message } of error.problems) {
      expect(message).to.not.equal("");
      expect(line).to.be.within(1, lines.length);
      expect(column).to.be.within(1, (lines[line - 1]?.length ?? 0) + 1);
      if (endColumn !== undefined) expect(endColumn).to.be.above(column);
    }
  }
}

const sound = scenarioWithFaults(
  "partition: { target: leader, mode: closing }\n        at: 1s\n        for: 2s",
  "latency:\n          target: &whom etcd-2\n          delay: 50ms",
  "kill: { target: *whom }",
);

const token = fc.oneof(
  fc.constantFrom("\n", "  ", "- ", ": ", "{", "}", "[", "]", "\t", "#", "&a ", "*a", "!x ", "|", ">", "'", '"', "---\n", "...\n", "%", "@", "? ", "<<", "~", ",", "\r", "\0", "\u2028", "\uD800"),
  fc.constantFrom("description", "cluster", "timeline", "faults", "partition", "kv", "5s", "-1", "__proto__", "constructor", "toString", ".inf", ".nan", "0x1"),
);

describe("the parser", () => {
  it("throws nothing but a ScenarioError, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), { numRuns: 500 });
  });

  it("throws nothing but a ScenarioError, whatever mixture of YAML's signs", () => {
    fc.assert(fc.property(fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join("")), survives), { numRuns: 1_000 });
  });

  it("throws nothing but a ScenarioError, whatever is cut out of a sound file or put in", () => {
    const edit = fc.record({ at: fc.nat(sound.length), cut: fc.nat(12), put: fc.oneof(fc.constant(""), token) });
    const edited = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), sound));
    fc.assert(fc.property(edited, survives), { numRuns: 1_000 });
  }).timeout(30_000);

  // Each of these took minutes, the whole stack or gigabytes where a step is quadratic or recursive.
  const megabyte = 1_000_000;
  const repeated = (text: string, prefix = ""): string => prefix + text.repeat(Math.floor((megabyte - prefix.length) / text.length));
  const numbered = (line: (index: number) => string, prefix = ""): string => {
    const lines: string[] = [];
    for (let length = prefix.length, index = 0; length < megabyte - 40; index += 1) {
      const next = line(index);
      lines.push(next);
      length += next.length;
    }
    return prefix + lines.join("");
  };
  const monsters: Record<string, string> = {
    "open brackets": repeated("["),
    "closing brackets": repeated("]"),
    "open braces": repeated("{a: "),
    "nested lists": repeated("- "),
    "nested keys": repeated("? "),
    "quotes": repeated('"'),
    "tags": repeated("! "),
    "anchors": repeated("&a "),
    "line breaks": repeated("\n"),
    "documents": repeated("---\n"),
    "directives": repeated("%a\n"),
    "unknown keys": numbered((index) => `k${index}:\n`),
    "one key again and again": repeated("description: a\n"),
    "aliases of one anchor": repeated("- *a\n", "- &a [1, 2, 3]\n"),
    "anchors with aliases": numbered((index) => `- &a${index} [*a${index - 1}, *a${index - 1}]\n`, "- &a-1 x\n"),
    "a long duration": scenarioWith({}).replace("4s", `${"9".repeat(900_000)}x`),
    "a long version": scenarioWith({ cluster: `cluster: { etcd: ${"3.".repeat(400_000)} }` }),
    "a long target": scenarioWithFaults(`pause: { target: ${"etcd-".repeat(180_000)} }`),
    "wrong faults": repeated("\n      - pause: { target: nobody }", scenarioWithFaults("pause: { target: all }").split("\nassertions")[0]),
    "wrong phases": repeated("  - { phase: calm, duration: 5 }\n", "description: a\nassertions:\n  - health: {}\ntimeline:\n"),
    "assertions of unknown phases": repeated("  - leader-changes: { during: nowhere }\n", scenarioWith({ assertions: "assertions:" })),
  };
  for (const [title, text] of Object.entries(monsters)) {
    it(`gets through a megabyte of ${title}`, () => {
      try {
        parseScenario(text, "test.yaml", testCatalogue);
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        expect(error.message.length).to.be.lessThan(50_000);
        return;
      }
      expect.fail("a ScenarioError was expected");
    }).timeout(60_000);
  }
});
