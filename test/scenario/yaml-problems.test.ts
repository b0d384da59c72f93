import { expect } from "chai";
import { problemsOf, scenarioWith, scenarioWithFaults } from "./problems-of.ts";

const begins = "A scenario begins with `description:`; docs/scenarios.md shows one.";

describe("a file that is no YAML map", () => {
  const cases: Record<string, readonly [text: string, ...problems: string[]]> = {
    "is empty": ["", `1:1 the file is empty | ${begins}`],
    "is blank": [" \n\n", `1:1 the file is empty | ${begins}`],
    "has comments alone": ["# one\n# two\n", `1:1 the file holds nothing but comments | ${begins}`],
    "has a document marker alone": ["---\n", `1:1 the file holds nothing but comments | ${begins}`],
    "is a list": ["- phase: a\n", `1:1 a scenario is a map of keys, and this is a list | ${begins}`],
    "is a word": ["partition\n", `1:1 a scenario is a map of keys, and this is a single value | ${begins}`],
    "is indented with tabs": ["cluster:\n\tmembers: 3\n", "2:1 this line is indented with a tab | YAML allows only spaces there."],
    "has two documents": [
      `${scenarioWith({})}---\n${scenarioWith({})}`,
      "14:1 a second document begins here | A file holds one scenario: remove this line, or move what follows into a file of its own.",
    ],
    "has a colon in its text": [
      "description: Note: this fails\n",
      '1:14 a second colon on one line | Put text that holds ": " in quotes, and each key on a line of its own.',
    ],
    "has a text that begins with a sign of YAML": ["description: @home\n", "1:14 a value cannot begin with @ | Put the value in quotes."],
    "does not close a quote": ['description: "half\n', '2:1 a text in quotes does not end: the closing " is missing'],
    "lacks the space after a colon": ["members:3\netcd: 3.5\n", "1:1 a colon with a space after it is missing | Write `key: value`, and `- item` in lists."],
    "uses a tag": ["description: !important yes\n", "1:14 the tag !important means nothing in a scenario | Put text that begins with ! in quotes."],
    "has a bad escape": ['description: "C:\\quit"\n', "1:17 invalid escape sequence \\q | In double quotes a backslash is written \\\\; in single quotes it stands for itself."],
  };
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(`is told so when it ${title}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }

  it("is told so when its indentation is wrong", () => {
    expect(problemsOf("cluster:\n    members: 3\n  etcd: 3.5\n")).to.deep.equal([
      "3:1 the indentation is wrong: all mapping items must start at the same column | Keys of one map, and the dashes of one list, begin at the same column.",
    ]);
  });
});

describe("keys, anchors and nesting", () => {
  it("are refused where a key is there twice, whatever its value", () => {
    expect(problemsOf(`${scenarioWith({})}cluster: { members: 5, members: 5 }\n`)).to.deep.equal([
      '14:1 the key "cluster" is here twice | The first one is on line 2.',
    ]);
    expect(problemsOf(scenarioWith({ cluster: "cluster: { members: 3, members: 3 }" }))).to.deep.equal([
      '2:24 the key "members" is here twice | The first one is on line 2.',
    ]);
  });

  it("are refused where a key is no text", () => {
    expect(problemsOf(`? [a]\n: b\n${scenarioWith({})}`)).to.deep.equal(["1:3 a key must be plain text"]);
    expect(problemsOf(`__proto__: {}\n${scenarioWith({})}`)).to.deep.equal(["1:1 a key must be plain text"]);
  });

  it("are refused where an alias refers to nothing before it", () => {
    expect(problemsOf(scenarioWith({ description: "description: *bold" }))).to.deep.equal([
      "1:14 *bold refers to no anchor before it | Put text that begins with * in quotes.",
    ]);
  });

  it("are refused where an alias refers to itself", () => {
    expect(problemsOf(scenarioWithFaults("pause: &me { target: *me }"))).to.include("11:30 *me refers to what it is a part of");
  });

  it("are refused where aliases multiply without end, at once", () => {
    const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}*l${level}]`);
    const problems = problemsOf(`l0: &l0 [x]\n${levels.join("\n")}\n`);
    expect(problems.filter((problem) => problem.includes("aliases stand for more than 10000 values"))).to.have.length(1);
  });

  it("are refused where they are nested too deep, in either style", () => {
    expect(problemsOf(`a: ${"[".repeat(100_000)}`)).to.deep.equal(["1:42 this is nested more than 40 levels deep"]);
    expect(problemsOf("- ".repeat(100_000))).to.have.length(1).and.satisfy(([only]: string[]) => only?.endsWith("nested more than 40 levels deep"));
  });

  it("are refused where there are more than anybody writes", () => {
    expect(problemsOf(`a: [${"b,".repeat(200_000)}]`)).to.deep.equal(["1:133334 the file is too long: more than 200000 words and signs up to here"]);
  });

  it("are shown as far as is useful when there are very many mistakes", () => {
    expect(problemsOf("]".repeat(500_000)).length).to.be.lessThan(150);
  });
});
