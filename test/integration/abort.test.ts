import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";

const scenario = `description: The only member is down for long, which nobody wants to wait for.
cluster: { members: 1, etcd: "3.5" }
workload:
  kv: { rate: 20, clients: 2, keys: 5 }
timeline:
  - phase: down
    duration: 60s
    faults:
      - kill: { target: leader }
        at: 500ms
abort-if: { no-leader-for: 1500ms }
assertions:
  - leader-changes: { at-most: 9 }
`;

describe("a run whose abort condition is met", function () {
  this.timeout(60_000);

  it("heals, ends long before its time, is judged inconclusive, and says why", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "hopeless.yaml");
    await writeFile(path, scenario);
    const { exitCode, stdout, stderr } = await harness(["scenario", path, "--runtime", "local", "--out", folder.path]);
    expect(exitCode, stderr).to.equal(2);
    expect(stdout.replace(/\s+/g, " ")).to.include("interrupted by its abort condition, no leader for 1.5 s");
    expect(stderr).to.match(/kill healed/);
    const { outcome } = await resultsOf(folder.path, "hopeless");
    expect(outcome).to.equal("inconclusive");
    const { endedMs }: { endedMs: number } = JSON.parse(await readFile(join(folder.path, "hopeless", "latest", "run.json"), "utf8"));
    expect(endedMs).to.be.lessThan(40_000);
  });
});
