import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";

/** A cluster of so many members with one fault: its name stands on line 7, column 9. */
function problemsOf(members: number, fault: string): string[] {
  const text = [
    "description: A test.",
    `cluster: { members: ${members} }`,
    "timeline:",
    "  - phase: storm",
    "    duration: 8s",
    "    faults:",
    `      - ${fault}`,
    "assertions: [ { health: { state: healthy } } ]",
    "",
  ].join("\n");
  try {
    parseScenario(text, "scenarios/test.yaml", catalogue);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line, column, endColumn, message }) => `${line}:${column}-${endColumn} ${message}`);
    throw error;
  }
}

describe("what is said about faults that make no sense for a cluster's size", () => {
  for (const [title, fault, ...problems] of [
    ["a partition of a single member, at the fault's name", "partition: { target: all }", "7:9-18 a cluster of one member has no peer links that could be cut"],
    ["latency between the members of a cluster of one", "latency: { target: etcd-1, latency: 5ms }", '7:9-16 a cluster of one member has no peer links that could be slowed, only those "on: clients"'],
    ["a target that is nobody, once", "partition: { target: follower }", "7:30-38 a cluster of one member has no follower"],
    ["a jitter above its latency", "latency: { target: all, on: clients, latency: 5ms, jitter: 6ms }", '7:68-71 "jitter" must not be more than the latency, which it varies'],
    ["nothing about latency to clients", "latency: { target: all, on: clients, latency: 5ms }"],
    ["nothing about a kill", "kill: { target: leader }"],
  ] as const) {
    it(title, () => {
      expect(problemsOf(1, fault)).to.deep.equal(problems);
    });
  }

  it("nothing where there are several members", () => {
    expect(problemsOf(3, "partition: { target: all }")).to.deep.equal([]);
    expect(problemsOf(3, "latency: { target: all, latency: 5ms }")).to.deep.equal([]);
  });
});
