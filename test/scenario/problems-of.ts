import { expect } from "chai";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";
import { testCatalogue } from "./test-catalogue.ts";

/** The error that a text causes; fails the test when it causes none, or another. */
export function scenarioErrorOf(text: string): ScenarioError {
  try {
    parseScenario(text, "scenarios/test.yaml", testCatalogue);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  return expect.fail(`a ScenarioError was expected of:\n${text}`);
}

/** Every problem as `line:column message`, with `| hint` where it has one. */
export function problemsOf(text: string): string[] {
  return scenarioErrorOf(text).problems.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` | ${hint}`}`);
}

/** The parts of a sound scenario, to be replaced one at a time. Each is whole lines. */
const sound = {
  description: "description: A test.",
  cluster: "cluster: { members: 3 }",
  workload: "workload:\n  kv: { rate: 200 }",
  timeline: "timeline:\n  - phase: calm\n    duration: 4s\n  - phase: storm\n    duration: 8s\n    faults:\n      - pause: { target: leader }",
  assertions: "assertions:\n  - health: {}",
};

/** A sound scenario but for the given parts; each part begins on a line that the result tells. */
export function scenarioWith(parts: Partial<Record<keyof typeof sound, string>>): string {
  return `${Object.values({ ...sound, ...parts }).filter((part) => part !== "").join("\n")}\n`;
}

/** A sound scenario whose second phase has these faults: the first is on line 11, column 9. */
export function scenarioWithFaults(...faults: string[]): string {
  return scenarioWith({
    timeline: ["timeline:", "  - phase: calm", "    duration: 4s", "  - phase: storm", "    duration: 8s", "    faults:", ...faults.map((fault) => `      - ${fault}`)].join("\n"),
  });
}

/** A sound scenario with these assertions: the first is on line 13, column 5. */
export function scenarioWithAssertions(...assertions: string[]): string {
  return scenarioWith({ assertions: ["assertions:", ...assertions.map((assertion) => `  - ${assertion}`)].join("\n") });
}
