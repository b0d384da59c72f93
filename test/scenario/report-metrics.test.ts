import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";

const scenario = (report: string): string => `description: A run.\ntimeline:\n  - { phase: baseline, duration: 1s }\n${report}assertions:\n  - leader-changes: { at-most: 0 }\n`;
const metricsOf = (report: string) => parseScenario(scenario(report), "test.yaml", catalogue).metrics;

function problemsOf(report: string): string[] {
  try {
    metricsOf(report);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

describe("the metrics of a scenario's report", () => {
  it("are names, or rates of counters", () => {
    expect(metricsOf("report: { metrics: [etcd_server_proposals_pending, rate(etcd_network_peer_sent_bytes_total)] }\n")).to.deep.equal([
      { name: "etcd_server_proposals_pending", measure: "value" },
      { name: "etcd_network_peer_sent_bytes_total", measure: "rate" },
    ]);
  });

  it("are left to the report where the scenario names none", () => {
    for (const report of ["", "report: {}\n"]) expect(metricsOf(report)).to.equal(undefined);
  });

  it("are refused with their place where they are neither, or are none, or too many", () => {
    expect(problemsOf("report: { metrics: [up, rate(sum(up))] }\n")).to.have.length(1);
    expect(problemsOf("report: { metrics: [up, rate(sum(up))] }\n")[0]).to.match(/^4:25 item 2 of "metrics" must be the name of a metric, or rate\(name\)/);
    expect(problemsOf("report: { metrics: [] }\n")).to.have.length(1);
    expect(problemsOf(`report: { metrics: [${Array.from({ length: 9 }, (_, index) => `m${index}`).join(", ")}] }\n`)).to.have.length(1);
    expect(problemsOf("report: { metric: [up] }\n").join()).to.match(/metric/);
  });
});
