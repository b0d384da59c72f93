import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";

const local = ["--runtime", "local", "--out"];
const file = fileURLToPath(new URL("../../scenarios/known-bugs/etcd-20221.yaml", import.meta.url));

/** The two that take the least time; all of them are run every night. */
describe("known bugs of etcd, in the local runtime", function () {
  this.timeout(240_000);

  it("are found on the versions that have them, which is what the run is to show", async () => {
    await using folder = await temporaryFolder();
    const { exitCode, stdout, stderr } = await harness(["scenario", "known-bugs/etcd-18089", "known-bugs/etcd-20221", ...local, folder.path]);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    for (const [name, rule] of [["etcd-18089", "resumable"], ["etcd-20221", "bookmarkable"]] as const) {
      const { outcome, assertions, expectation } = await resultsOf(folder.path, name);
      expect(outcome, name).to.equal("pass");
      expect(expectation, name).to.include({ affected: true, shown: true });
      expect(assertions.filter(({ expected }) => expected === true).map(({ verdict }) => verdict.outcome), name).to.deep.equal(["fail"]);
      const counterexamples: readonly unknown[] = JSON.parse(await readFile(join(folder.path, name, "latest", "counterexamples.json"), "utf8"));
      expect(JSON.stringify(counterexamples), name).to.include(`"rule":"${rule}"`);
    }
  });

  it("are not there on a version that is free of them", async () => {
    await using folder = await temporaryFolder();
    const { exitCode, stdout, stderr } = await harness(["scenario", "known-bugs/etcd-20221", "--etcd", "3.5", ...local, folder.path]);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    expect((await resultsOf(folder.path, "etcd-20221")).expectation).to.include({ affected: false, shown: false });
  });

  it("make the run fail where they are missed", async () => {
    await using folder = await temporaryFolder();
    const harmless = join(folder.path, "harmless.yaml");
    await writeFile(harmless, (await readFile(file, "utf8")).replace("from-revision: 200, ", ""));
    const { exitCode, stdout } = await harness(["scenario", harmless, ...local, folder.path]);
    expect(exitCode, stdout).to.equal(1);
    expect((await resultsOf(folder.path, "harmless")).sentence).to.match(/^expected watch\/bookmarkable to be violated on etcd 3\.5\.16, and it was not/);
  });
});
