import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RuntimeKind } from "../../src/cluster/cluster.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";

const files = [
  "counterexamples.json", "events.jsonl", "harness.prom", "history.jsonl", "junit.xml", "logs", "machine.jsonl", "metrics.jsonl", "plan.json",
  "report.html", "results.json", "run.json", "scenario.yaml", "status.jsonl", "summary.md", "trace.json", "watches.jsonl",
] as const;

/** The main job, as its users run it: the scenario `partition` from the command line. */
export function describeMainJob(runtime: RuntimeKind): void {
  describe(`npm run scenario -- partition, in the ${runtime} runtime`, function () {
    this.timeout(180_000);

    it("passes, and leaves a report that says whom it hit, who led then, and how long writes were gone", async () => {
      await using folder = await temporaryFolder();
      const { exitCode, stdout, stderr } = await harness(["scenario", "partition", "--runtime", runtime, "--out", folder.path]);
      expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
      const { outcome, assumptions } = await resultsOf(folder.path, "partition");
      expect(outcome).to.equal("pass");
      expect(assumptions.map((assumption) => assumption.outcome)).to.not.include.members(["fail", "inconclusive"]);

      const run = join(folder.path, "partition", "latest");
      expect(await readdir(run)).to.have.members([...files]);
      const target = /partition leader, blocking → (etcd-\d) \(\1 is the leader at term (\d+)\)/.exec(stderr);
      const [, isolated = "?"] = target ?? [];
      const report = await readFile(join(run, "report.html"), "utf8");
      const text = report.replace(/<(script|style)[\s\S]*?<\/\1>/g, " ").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
      expect(text).to.match(new RegExp(`partition → ${isolated}`));
      expect(text).to.match(/New leader etcd-\d term \d+/);
      expect(text).to.match(/Writes unavailable [\d.]+ m?s/);
      expect(text).to.match(/elected leader [0-9a-f]+ at term \d+/);
      expect(text).to.not.match(/New leader etcd-\d term \d+.*New leader \? /);

      const left = await markedProcesses();
      expect(left.filter(({ runId }) => report.includes(runId))).to.deep.equal([]);
    });
  });
}
