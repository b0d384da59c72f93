import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { violationName } from "../../assertions/expectation.ts";
import { catalogue } from "../../src/catalogue.ts";
import { mergedRuns, renderTrackRecord, trackedRunSchema, type TrackedRun } from "../../src/report/track-record.ts";
import { listScenarios, readScenarioFile } from "../../src/scenario/files.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { root } from "./sources.ts";

const knownBugs = join(root, "scenarios/known-bugs");

describe("docs/track-record.md", () => {
  let runs: readonly TrackedRun[];
  let scenarios: readonly Scenario[];
  before(async () => {
    const text = await readFile(join(root, "docs/track-record.jsonl"), "utf8");
    runs = text.trimEnd().split("\n").map((line) => trackedRunSchema.parse(JSON.parse(line)));
    scenarios = await Promise.all((await listScenarios(knownBugs)).map(({ path }) => readScenarioFile(path, catalogue)));
  });

  it("is what its runs were made into (npm run track-record)", async () => {
    expect(await readFile(join(root, "docs/track-record.md"), "utf8")).to.equal(renderTrackRecord(runs));
    expect(mergedRuns(runs, [])).to.deep.equal(runs);
  });

  it("has each bug that there is a scenario of, found on a version that has it, and no other", () => {
    expect(new Set(runs.map(({ scenario }) => scenario))).to.deep.equal(new Set(scenarios.map(({ name }) => name)));
    const found = runs.filter(({ affected, shown }) => affected && shown);
    expect(new Set(found.map(({ scenario }) => scenario))).to.deep.equal(new Set(scenarios.map(({ name }) => name)));
  });

  it("is of the guarantees and versions that the scenarios name now", () => {
    for (const { name, expect: expected } of scenarios) {
      const told = expected && { issue: expected.issue, fail: expected.fail.map(violationName), on: expected.on };
      const last = runs.findLast(({ scenario }) => scenario === name);
      expect(last && { issue: last.issue, fail: last.fail, on: last.on }, name).to.deep.equal(told);
    }
  });
});

describe("the scenarios of known bugs", () => {
  it("are named after their issues, and run by a version that has the bug", async () => {
    for (const { name, expect: expected, cluster } of await Promise.all((await listScenarios(knownBugs)).map(({ path }) => readScenarioFile(path, catalogue)))) {
      expect(expected?.issue?.replace("#", "-"), name).to.equal(name);
      expect(cluster.etcd, name).to.match(/^\d+\.\d+\.\d+$/);
    }
  });
});
