import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseScenario } from "../../src/scenario/parse.ts";
import { catalogue } from "../../src/catalogue.ts";
import { startHarness } from "../cli/started-harness.ts";
import { testEtcd } from "../support/etcd.ts";
import { harness, temporaryFolder } from "../support/harness.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";

describe("a search on real clusters", function () {
  this.timeout(300_000);
  before(() => testEtcd());

  /** The folder of the only search below `--out`. */
  async function searchIn(out: string): Promise<string> {
    const [id = ""] = (await readdir(join(out, "explore"))).filter((name) => name !== "latest");
    return join(out, "explore", id);
  }

  it("finds that etcd 3.4 tells changes after the progress that had passed them, and keeps a small scenario that shows it", async () => {
    await using folder = await temporaryFolder();
    const { exitCode, stdout, stderr } = await harness(["explore", "--etcd", "3.4", "--runtime", "local", "--seed", "5", "--runs", "4", "--time-limit", "45s", "--out", folder.path]);
    expect(exitCode, stderr).to.equal(1);
    expect(stdout).to.match(/✗ \d+ watch\//).and.to.match(/promises? (was|were) seen broken in \d+ runs? of etcd 3\.4\./);
    const search = await searchIn(folder.path);
    const findings = await readdir(join(search, "findings"));
    expect(findings).to.have.length.at.least(1);
    for (const finding of findings) {
      const kept = await readdir(join(search, "findings", finding));
      expect(kept).to.include.members(["found.yaml", "issue.md"]);
      for (const file of kept.filter((name) => name.endsWith(".yaml"))) parseScenario(await readFile(join(search, "findings", finding, file), "utf8"), file, catalogue);
    }
    expect(await readFile(join(search, "index.html"), "utf8")).to.include("pair of faults");
    expect(await readdir(search)).to.have.members(["explored.json", "findings", "index.html"]);
  });

  it("ends in order when it is interrupted: the run under way with it, and what there is is told", async () => {
    await using folder = await temporaryFolder();
    await using search = await startHarness("explore", "--runtime", "local", "--members", "1", "--jobs", "1", "--seed", "3", "--time-limit", "2m", "--out", folder.path);
    await search.says(/run 1: /);
    search.signal("SIGINT");
    expect(await search.ended).to.equal("exit code 130");
    const explored: { readonly endedBy: string; readonly runs: Readonly<Record<string, number>> } = JSON.parse(await readFile(join(await searchIn(folder.path), "explored.json"), "utf8"));
    expect(explored.endedBy).to.equal("SIGINT");
    expect(Object.values(explored.runs).reduce((sum, runs) => sum + runs, 0)).to.be.within(1, 3);
    expect((await markedProcesses()).filter(({ runId }) => runId.endsWith("-3"))).to.deep.equal([]);
  });

  it("is refused before anything starts, for an etcd that nobody has and sizes that no cluster has", async () => {
    await using folder = await temporaryFolder();
    expect(await harness(["explore", "--etcd", "/nowhere/etcd", "--runtime", "local", "--out", folder.path])).to.include({ exitCode: 65 });
    expect(await harness(["explore", "--members", "2", "--out", folder.path])).to.include({ exitCode: 64 });
    expect(await readdir(folder.path)).to.deep.equal([]);
  });
});
