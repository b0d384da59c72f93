import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { conclude } from "../../src/cli/conclude.ts";
import type { Results } from "../../src/judge/results.ts";
import { keptFiles, keptRuns, writeFiles } from "../recordings/kept.ts";
import { runCommand } from "../../src/process.ts";
import { notGitHub, temporaryFolder } from "../support/harness.ts";

const command = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));

/** What each run was, when it was recorded. */
const verdicts: Readonly<Record<string, readonly [outcome: Results["outcome"], violated: readonly string[]]>> = {
  "partition-9c2ee9e": ["fail", ["Too tight on purpose"]],
  "mixed-0bc8980": ["pass", []],
};

describe("runs recorded by older commits", function () {
  this.timeout(60_000);

  it("are kept, each with the verdict that it had", async () => {
    expect(await keptRuns()).to.have.members(Object.keys(verdicts));
  });

  for (const [name, [outcome, violated]] of Object.entries(verdicts)) {
    it(`are judged as then, and drawn: ${name}`, async () => {
      await using folder = await temporaryFolder();
      await writeFiles(folder.path, await keptFiles(name));
      const results = await conclude(folder.path);
      expect(results.outcome, results.sentence).to.equal(outcome);
      expect(results.assertions.filter(({ verdict }) => verdict.outcome === "fail").map(({ title }) => title)).to.deep.equal(violated);
      expect(results.assumptions.filter((assumption) => assumption.outcome !== "pass")).to.deep.equal([]);
      const page = await readFile(join(folder.path, "report.html"), "utf8");
      expect(page).to.include(results.sentence).and.to.include('id="timeline"');
    });
  }

  it("are judged and drawn by a command that is called in another folder", async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, await keptFiles("mixed-0bc8980"));
    const { exitCode, stderr } = await runCommand(process.execPath, [command, "judge", "."], { cwd: folder.path, env: { ...process.env, ...notGitHub }, timeoutMs: 60_000 });
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    expect(await readFile(join(folder.path, "report.html"), "utf8")).to.include('id="timeline"');
  });
});
