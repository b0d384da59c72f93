import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { findEngine } from "../../src/cluster/docker/engine.ts";
import { runLabel } from "../../src/marks.ts";
import { describeClusterConformance } from "../integration/cluster-conformance.ts";
import { writeShortScenario } from "../cli/short-scenarios.ts";
import { describeWithDocker } from "../support/docker.ts";
import { harness, temporaryFolder } from "../support/harness.ts";

describeWithDocker("the docker runtime", () => {
  describeClusterConformance({
    runtime: "docker",
    async leftovers(runId) {
      const engine = await findEngine();
      if (engine.kind === "absent") return [engine.because];
      const filters = { label: [`${runLabel}=${runId}`] };
      const containers = await engine.docker.listContainers({ all: true, filters });
      const networks = await engine.docker.listNetworks({ filters });
      return [...containers.map(({ Names }) => `container ${Names.join()}`), ...networks.map(({ Name }) => `network ${Name}`)];
    },
  });

  it("finds its containers on 127.0.0.1, wherever else the engine's host is guessed to be", async function () {
    this.timeout(120_000);
    await using folder = await temporaryFolder();
    const scenario = await writeShortScenario(folder.path, "calm");
    const nobodyThere = { TESTCONTAINERS_HOST_OVERRIDE: "127.9.9.9" };
    const { exitCode, stdout, stderr } = await harness(["scenario", scenario, "--runtime", "docker", "--out", folder.path], nobodyThere);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
  });

  it("says what a Toxiproxy container printed that ended instead of answering", async function () {
    this.timeout(120_000);
    await using folder = await temporaryFolder();
    const scenario = await writeShortScenario(folder.path, "calm");
    const broken = join(folder.path, "toxiproxy-server");
    await copyFile("/bin/false", broken);
    const { exitCode, stderr } = await harness(["scenario", scenario, "--runtime", "docker", "--toxiproxy", broken, "--out", folder.path]);
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/the Toxiproxy container did not come up \(exit code 1\)/);
  });
});
