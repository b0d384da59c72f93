import { expect } from "chai";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { findEngine } from "../../src/cluster/docker/engine.ts";
import { runLabel } from "../../src/marks.ts";
import { writeShortScenario } from "../cli/short-scenarios.ts";
import { onlyRunBelow, startHarness } from "../cli/started-harness.ts";
import { describeWithDocker } from "../support/docker.ts";
import { harness, temporaryFolder } from "../support/harness.ts";

const clock = new MonotonicClock();

/** Containers and networks of a run that the engine still has. */
async function onTheEngine(runId: string): Promise<string[]> {
  const engine = await findEngine();
  if (engine.kind === "absent") throw new Error(engine.because);
  const filters = { label: [`${runLabel}=${runId}`] };
  const containers = await engine.docker.listContainers({ all: true, filters });
  const networks = await engine.docker.listNetworks({ filters });
  return [...containers.map(({ Names }) => Names.join()), ...networks.map(({ Name }) => Name)];
}

describeWithDocker("a run in the docker runtime", function () {
  it("that is killed in the middle of a fault leaves no process, folder, container or network after five seconds", async function () {
    this.timeout(180_000);
    await using folder = await temporaryFolder();
    const scenario = await writeShortScenario(folder.path, "isolated");
    await using started = await startHarness("scenario", scenario, "--runtime", "docker", "--out", folder.path);
    await started.says(/partition effective/);
    const run = await onlyRunBelow(folder.path, "isolated");
    expect(await onTheEngine(run.runId), "three members, Toxiproxy and networks").to.have.length.at.least(5);

    started.signal("SIGKILL");
    const killedMs = clock.nowMs();
    expect(await started.ended).to.equal("SIGKILL");
    const left = async (): Promise<string[]> => [...(await run.leftovers()), ...(await onTheEngine(run.runId))];
    await waitFor(clock, async () => ((await left()).length === 0 ? true : undefined), { limitMs: 5_000 - (clock.nowMs() - killedMs), everyMs: 100 });
    expect(await left()).to.deep.equal([]);

    const judged = await harness(["judge", run.path]);
    expect(judged.exitCode).to.equal(2);
    expect(judged.stdout).to.match(/the harness was killed/);
  });

  it("that is interrupted in the middle of a fault heals, writes its report, and removes what it started", async function () {
    this.timeout(180_000);
    await using folder = await temporaryFolder();
    const scenario = await writeShortScenario(folder.path, "isolated");
    await using started = await startHarness("scenario", scenario, "--runtime", "docker", "--out", folder.path);
    await started.says(/partition effective/);
    started.signal("SIGINT");
    expect(await started.ended).to.equal("exit code 130");
    const run = await onlyRunBelow(folder.path, "isolated");
    expect(await run.faultStates()).to.deep.equal(["requested", "effective", "healing", "healed"]);
    expect(await run.results()).to.include({ outcome: "inconclusive" });
    expect([...(await run.leftovers()), ...(await onTheEngine(run.runId))]).to.deep.equal([]);
  });
});
