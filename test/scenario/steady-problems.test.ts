import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { queriesOf } from "../../src/run/prometheus.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";

const timeline = ["timeline:", "  - phase: calm", "    duration: 4s", "  - phase: storm", "    duration: 8s", "    faults:", "      - pause: { target: leader }", "  - phase: recovery", "    duration: 4s"];

/** A sound scenario but for what stands under `steady-state`, the first line of which is line 13, and for its timeline. */
function steadyState(lines: readonly string[], times: readonly string[] = timeline): string {
  return ["description: A test.", "workload: { kv: { rate: 100 } }", ...times, "steady-state:", ...lines.map((line) => `  ${line}`), "assertions:", "  - health: { state: healthy }", ""].join("\n");
}

function problemsOf(text: string): string[] {
  try {
    parseScenario(text, "scenarios/test.yaml", catalogue);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

const good = ["assertions:", "  - slo: { availability: 99% }"];

describe("a steady state in a scenario", () => {
  it("is read with its assertions and its time to settle", () => {
    const { steadyState: read } = parseScenario(steadyState(["settle: 2s", ...good, "  - p99(put) < 100ms", "  - health: { state: healthy }", "    title: all are well"]), "test.yaml", catalogue);
    expect(read?.settleMs).to.equal(2_000);
    expect(read?.assertions.map(({ title }) => title)).to.deep.equal(["availability of operations over the run", "p99(put) < 100ms", "all are well"]);
    expect(parseScenario(steadyState(good), "test.yaml", catalogue).steadyState?.settleMs).to.equal(0);
  });

  it("may ask Prometheus and be about telemetry, as what is about a part of the run", () => {
    const kinds = ['  - promql: { query: up, equals: 1 }', "  - spans: { at-least: 1 }", "  - otel-logs: { none: true }"];
    const text = steadyState(["assertions:", ...kinds]);
    const { steadyState: read, ...scenario } = parseScenario(`${text}telemetry: { receive: {} }\n`, "test.yaml", catalogue);
    expect(read?.assertions.map(({ kind }) => kind)).to.deep.equal(["promql", "spans", "otel-logs"]);
    expect(queriesOf({ ...scenario, ...(read === undefined ? {} : { steadyState: read }) })).to.deep.equal(["up"]);
    expect(problemsOf(steadyState(["assertions:", "  - promql: { query: up, equals: 1, after: 2s }"]))).to.deep.equal(["14:46 an assertion of the steady state has no part of the run of its own"]);
  });

  const cases: Record<string, readonly [text: string, ...problems: string[]]> = {
    "without assertions": [steadyState(["settle: 2s"]), '12:1 "assertions" is missing'],
    "with an assertion that judges the whole history": [steadyState(["assertions:", "  - strict-serializable: {}"]), "14:28 strict-serializable judges all that was recorded, and no part of the run"],
    "with a part of the run of an assertion's own": [steadyState(["assertions:", "  - slo: { availability: 99%, during: calm }"]), "14:41 an assertion of the steady state has no part of the run of its own"],
    "with a line of text that names a part of the run": [steadyState(["assertions:", "  - p99(put) < 100ms during calm"]), "14:7 an assertion of the steady state has no part of the run of its own"],
    "with no time after the last fault": [steadyState(["settle: 4s", ...good]), "13:3 no time is left after the last fault and the 4 s to settle, in which the steady state could be seen again"],
    "with no time before the first fault": [
      steadyState(good, ["timeline:", "  - phase: storm", "    duration: 4s", "    faults:", "      - pause: { target: leader }", "  - phase: recovery", "    duration: 4s"]),
      "11:3 no time is left before the first fault, in which the steady state could be seen",
    ],
  };
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(`is refused ${title}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }

  it("fits a fault that is healed before its phase is over, and one that begins later in the first", () => {
    const late = ["timeline:", "  - phase: storm", "    duration: 8s", "    faults:", "      - { pause: { target: leader }, at: 2s, for: 3s }"];
    expect(problemsOf(steadyState(good, late))).to.deep.equal([]);
    expect(problemsOf(steadyState(["settle: 3s", ...good], late))).to.have.length(1);
  });

  it("is judged over the whole timeline where there is no fault", () => {
    expect(problemsOf(steadyState(good, ["timeline:", "  - phase: calm", "    duration: 4s"]))).to.deep.equal([]);
  });
});
