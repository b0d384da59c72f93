import { writeFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { harness, temporaryFolder } from "../support/harness.ts";
import { drawnRuns } from "../compare/sides.ts";

describe("npm run compare", function () {
  this.timeout(240_000);
  const fast = drawnRuns("fast", 8, { seed: 1 }).entries.map((each) => ({ ...each, etcd: { version: "3.4.41" } }));
  const slow = drawnRuns("slow", 8, { seed: 1, factor: 50 }).entries;

  async function history(): Promise<{ readonly path: string } & AsyncDisposable> {
    const folder = await temporaryFolder();
    await writeFile(join(folder.path, "history.jsonl"), [...fast, ...slow].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    return folder;
  }

  it("prints what is worse, ends with 0 all the same, and with 1 where one asks for that", async () => {
    await using folder = await history();
    const compared = ["compare", "etcd=3.4", "etcd=3.5", "--reports", folder.path];
    const plain = await harness(compared);
    expect(plain.stdout).to.match(/▼ worse +put p50 before the fault/);
    expect(plain.exitCode).to.equal(0);
    const page = join(folder.path, "difference.html");
    const strict = await harness([...compared, "--fail-on", "worse", "--json", "--html", page]);
    expect(strict.exitCode).to.equal(1);
    const { figures }: { figures: readonly { readonly name: string; readonly verdict: string }[] } = JSON.parse(strict.stdout);
    expect(figures.find(({ name }) => name === "put-p50-before")?.verdict).to.equal("worse");
    expect(await readFile(page, "utf8")).to.include("put p50 before the fault");
    const better = await harness(["compare", "etcd=3.5", "etcd=3.4", "--reports", folder.path, "--fail-on", "worse", "--markdown"]);
    expect(better.stdout).to.match(/\| ▲ better \| put p50 before the fault \|/);
    expect(better.exitCode).to.equal(0);
  });

  it("refuses what names no run, and what is no condition, with 64", async () => {
    await using folder = await history();
    for (const wrong of ["etcd=3.3", "@last", join(folder.path, "nowhere")]) {
      const { exitCode, stderr } = await harness(["compare", wrong, "etcd=3.5", "--reports", folder.path]);
      expect(exitCode, wrong).to.equal(64);
      expect(stderr).to.include(wrong);
    }
  });
});
