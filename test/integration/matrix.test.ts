import { expect } from "chai";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeShortScenario } from "../cli/short-scenarios.ts";
import { RunFolder } from "../cli/started-harness.ts";
import { testEtcd } from "../support/etcd.ts";
import { harness, temporaryFolder, type HarnessRun } from "../support/harness.ts";

/** Several runs, on a machine that may be busy. */
const patienceMs = 560_000;

describe("a matrix", function () {
  this.timeout(600_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let versions: readonly string[];
  let run: HarnessRun;
  const out = (): string => join(folder.path, "out");
  const text = (file: string): Promise<string> => readFile(join(out(), file), "utf8");

  before(async () => {
    versions = [(await testEtcd("3.4")).version, (await testEtcd("3.5")).version];
    folder = await temporaryFolder();
    const paths = await Promise.all((["failing", "flagged"] as const).map((name) => writeShortScenario(folder.path, name)));
    run = await harness(["matrix", ...paths, "--etcd", "3.4,3.5", "--runtime", "local", "--toxiproxy", "embedded", "--jobs", "2", "--seed", "7", "--out", out()], {}, patienceMs);
  });
  after(() => folder[Symbol.asyncDispose]());

  it("prints a row for each scenario and a column for each etcd with its exact version, exit code 1 for a fail", () => {
    expect(run.exitCode, run.stderr).to.equal(1);
    const [head = "", below = "", ...rows] = run.stdout.split("\n");
    expect(head).to.match(/^ +etcd 3\.4 +etcd 3\.5$/);
    expect(below.trim().split(/ +/)).to.deep.equal(versions);
    expect(rows[0]).to.match(/^failing +✗ Fail 0 of 1 +✗ Fail 0 of 1$/);
    expect(rows[1]).to.match(/^flagged +– Cannot be played here +\S/);
  });

  it("says why a scenario cannot be played on one of them", async () => {
    const because = `${join(folder.path, "flagged.yaml")} gives its members flags that they do not take: etcd ${versions[0]} has no flag --experimental-memory-mlock`;
    expect(run.stdout).to.include(`flagged on etcd 3.4 seed 7: cannot be played here, because ${because}`);
    expect(await text("matrix.html")).to.include(because);
  });

  it("leads from each cell to a report of that very etcd, though both had one seed at one time", async () => {
    const table = (await text("matrix.md")).split("\n").find((line) => line.startsWith("| failing")) ?? "";
    const runs = [...table.matchAll(/\]\(failing\/([^/)]+)\/report\.html\)/g)].map(([, id = ""]) => new RunFolder(out(), "failing", id));
    expect(await Promise.all(runs.map(async (each) => (await each.info()).etcd.version))).to.deep.equal(versions);
    for (const each of runs) expect(each.has("report.html")).to.equal(true);
    const links = [...(await text("matrix.html")).matchAll(/<a href="([^#"]+)"/g)].map(([, to = ""]) => to);
    expect(links).to.include.members(runs.map(({ runId }) => `failing/${runId}/report.html`));
  });

  it("is led to by the page over all runs", async () => {
    expect(await text("index.html")).to.include('href="matrix.html"');
  });

  it("knows a flag that an etcd does not have before it is started, as a single run does, exit code 3", async () => {
    const single = join(folder.path, "single");
    const refused = await harness(["scenario", join(folder.path, "flagged.yaml"), "--etcd", "3.4", "--runtime", "local", "--out", single]);
    expect(refused.stderr).to.match(/flags that they do not take: etcd 3\.4\.\d+ has no flag --experimental-memory-mlock[\s\S]*choose another etcd/);
    expect(refused.exitCode).to.equal(3);
    expect(existsSync(single)).to.equal(false);
  });

  describe("is refused before anything starts", () => {
    const refusals: readonly { readonly called: string; readonly args: readonly string[]; readonly exitCode: number; readonly says: RegExp }[] = [
      { called: "no scenario", args: [], exitCode: 64, says: /missing required argument 'scenario'/ },
      { called: "an etcd named twice", args: ["steady", "--etcd", "3.5,v3.5.30,3.5.30"], exitCode: 64, says: /--etcd names 3\.5\.30 twice/ },
      { called: "no etcd between two commas", args: ["steady", "--etcd", "3.5,,3.4"], exitCode: 64, says: /"" is no etcd version, image or path/ },
      { called: "more versions than a table has columns", args: ["steady", "--etcd", Array.from({ length: 13 }, (_, patch) => `3.5.${patch}`).join(",")], exitCode: 64, says: /names 13 versions, and a table has 12 columns at most/ },
      { called: "an etcd that nobody has", args: ["steady", "--etcd", "3.5,9.9"], exitCode: 65, says: /nobody has etcd 9\.9/ },
    ];
    for (const { called, args, exitCode, says } of refusals) {
      it(`with ${called}, exit code ${exitCode}`, async () => {
        const refusedOut = join(folder.path, "refused");
        const refused = await harness(["matrix", ...args, "--runtime", "local", "--out", refusedOut]);
        expect(refused.stderr).to.match(says);
        expect(refused).to.include({ exitCode, stdout: "" });
        expect(existsSync(refusedOut)).to.equal(false);
      });
    }
  });
});
