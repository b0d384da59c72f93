import { expect } from "chai";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock } from "../../src/clock.ts";
import { HarnessError } from "../../src/errors.ts";
import { silentProgress } from "../../src/progress.ts";
import { describeOffer, findPrometheus, lookForPrometheus } from "../../src/prometheus/program.ts";
import { temporaryFolder } from "../support/harness.ts";

/** A program that says this to any question. */
async function program(folder: string, name: string, says: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\necho '${says}'\n`);
  await chmod(join(folder, name), 0o755);
}

describe("which Prometheus there is", () => {
  const clock = new MonotonicClock();
  const world = (folder: string) => ({ env: { PATH: join(folder, "bin"), XDG_CACHE_HOME: folder, ETCD_CHAOS_DEBIAN_URL: "http://127.0.0.1:1/debian" }, cwd: folder, progress: silentProgress, clock });

  it("is that on PATH first, with the promtool beside it", async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, "bin");
    await program(bin, "prometheus", "prometheus, version 2.45.3+ds (branch: x, revision: y)");
    const offer = await lookForPrometheus(world(folder.path));
    const path = join(bin, "prometheus");
    expect(offer).to.deep.equal({ kind: "here", program: { path, version: "2.45.3", source: path, promtool: undefined } });
    expect(describeOffer(offer)).to.equal(`2.45.3 (${path})`);
    await program(bin, "promtool", "");
    expect((await findPrometheus(world(folder.path))).promtool).to.equal(join(bin, "promtool"));
  });

  it("is none where what is called so is something else and no suite can be reached, and the reader hears what each said", async function () {
    this.timeout(60_000);
    await using folder = await temporaryFolder();
    await program(join(folder.path, "bin"), "prometheus", "a titan");
    const offer = await lookForPrometheus(world(folder.path));
    expect(describeOffer(offer)).to.match(/^none can be had: it is not on PATH; Debian trixie: .*; Debian sid: /);
    const error = await findPrometheus(world(folder.path)).then(() => undefined, (thrown: unknown) => thrown);
    if (!(error instanceof HarnessError)) throw new Error(`not a HarnessError: ${String(error)}`);
    expect(error.code).to.equal("environment");
    expect(error.hint).to.include("--prom-url");
  });
});
