import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";
import type { TelemetrySpec } from "../../src/scenario/scenario.ts";

const text = (telemetry: string, assertion = "leader-changes: { at-most: 0 }"): string =>
  ["description: A test.", ...(telemetry === "" ? [] : [`telemetry: ${telemetry}`]), "timeline:", "  - phase: calm", "    duration: 4s", "assertions:", `  - ${assertion}`, ""].join("\n");

function specOf(telemetry: string): TelemetrySpec | undefined {
  return parseScenario(text(telemetry), "test.yaml", catalogue).telemetry;
}

/** Every problem as `line:column message`. */
function problems(scenario: string): string[] {
  try {
    parseScenario(scenario, "test.yaml", catalogue);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

describe("telemetry in a scenario", () => {
  it("is none where nothing is said of it", () => {
    expect(specOf("")).to.equal(undefined);
  });

  it("is received on free ports, waited for six seconds, and not asked of etcd, unless told otherwise", () => {
    expect(specOf("{ receive: {} }")).to.deep.equal({ receive: { httpPort: 0, grpcPort: 0, lingerMs: 6_000 }, files: [] });
    expect(specOf("{ receive: { http-port: 4318, grpc-port: 4317, etcd-spans: 0.1, linger: 0s } }")).to.deep.equal({ receive: { httpPort: 4318, grpcPort: 4317, etcdShare: 0.1, lingerMs: 0 }, files: [] });
    expect(specOf("{ files: [a.jsonl] }")).to.deep.equal({ files: ["a.jsonl"] });
  });

  it("is refused where it says nothing or cannot be", () => {
    expect(problems(text("{}"))).to.deep.equal(['2:12 "telemetry" must have receive, files or both']);
    expect(problems(text("{ receive: { etcd-spans: 0 } }"))).to.deep.equal(['2:37 "etcd-spans" must be a number above 0 and of at most 1, not the number 0']);
    expect(problems(text("{ receive: { http-port: 70000 } }"))).to.have.length(1);
    expect(problems(text("{ receive: { linger: 11m } }"))).to.deep.equal(['2:33 "linger" cannot be longer than 10m']);
    expect(problems(text("{ files: [] }"))).to.have.length(1);
    expect(problems(text("{ recieve: {} }"))[0]).to.equal('2:14 unknown key "recieve"');
  });

  it("is needed by assertions that are about it", () => {
    const why = (kind: string): string => `${kind} is about what others tell by OpenTelemetry, and this scenario listens to nobody`;
    expect(problems(text("", "spans: { none: true }"))).to.deep.equal([`6:12 ${why("spans")}`]);
    expect(problems(text("", "otel-logs: { none: true }"))).to.deep.equal([`6:16 ${why("otel-logs")}`]);
    expect(problems(text("{ receive: {} }", "spans: { none: true }"))).to.deep.equal([]);
    const abort = text("", "leader-changes: { at-most: 0 }").replace("assertions:", "abort-if:\n  violated:\n    - spans: { none: true }\nassertions:");
    expect(problems(abort)).to.deep.equal([`7:14 ${why("spans")}`]);
  });
});
