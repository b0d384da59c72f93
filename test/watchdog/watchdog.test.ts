import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { startChild, type Child } from "../../src/child.ts";
import { runFolder } from "../../src/marks.ts";
import { cleanRuns } from "../../src/watchdog/clean.ts";
import { killMarked } from "../../src/watchdog/processes.ts";
import { startWatchdog } from "../../src/watchdog/watchdog.ts";
import { startTicks, isOwned } from "../../src/watchdog/remove-run.ts";
import { freshRunId, markedOf, soon, startMarked, watchdogOf } from "./marked.ts";

const doomedHarness = fileURLToPath(new URL("doomed-harness.ts", import.meta.url));

async function startDoomed(runId: string): Promise<Child> {
  let up = false;
  const child = await startChild(process.execPath, ["--import", import.meta.resolve("tsx"), doomedHarness, runId], { onLine: (line) => (up ||= line.startsWith("up ")) });
  if (!(await soon(async () => up, 20_000))) throw new Error("the doomed harness did not come up");
  return child;
}

const nothingLeft = (runId: string) => async (): Promise<boolean> => (await markedOf(runId)).length === 0 && !existsSync(runFolder(runId));

describe("the watchdog", function () {
  this.timeout(40_000);

  for (const signal of ["SIGKILL", "SIGTERM", "SIGHUP"] as const) {
    it(`removes processes and folders when the harness dies of ${signal}, and goes`, async () => {
      const runId = freshRunId();
      await using harness = await startDoomed(runId);
      expect(await markedOf(runId)).to.have.length(1);
      expect(existsSync(runFolder(runId))).to.equal(true);
      harness.signal(signal);
      expect(await soon(nothingLeft(runId)), "something is left").to.equal(true);
      expect(await soon(async () => (await watchdogOf(runId)) === undefined), "the watchdog stays").to.equal(true);
    });
  }

  it("stays when the process group of the harness gets a signal, as by a Ctrl-C at the terminal", async () => {
    const runId = freshRunId();
    await using harness = await startDoomed(runId);
    // The harness was started in a group of its own.
    process.kill(-harness.pid, "SIGINT");
    expect(await soon(nothingLeft(runId)), "something is left").to.equal(true);
  });

  it("removes nothing once it was let go, and takes the folder with it", async () => {
    const runId = freshRunId();
    await using child = await startMarked(runId);
    {
      await using _watchdog = await startWatchdog(runId);
      expect(await watchdogOf(runId)).to.be.a("number");
    }
    expect(await watchdogOf(runId)).to.equal(undefined);
    expect(child.exit()).to.equal(undefined);
    expect(existsSync(runFolder(runId))).to.equal(false);
  });

  it("removes everything of a harness that lives and hangs, once the time is up that it was given", async () => {
    const runId = freshRunId();
    await using watchdog = await startWatchdog(runId);
    await using child = await startMarked(runId);
    watchdog.within("run", 60_000);
    watchdog.within("isolated/1-pause", 300);
    expect(await soon(async () => child.exit() !== undefined), "it still runs").to.equal(true);
    expect(await watchdogOf(runId), "until it is let go").to.be.a("number");
  });

  it("lets a harness live that did in time what it was to do, or asked for more time", async () => {
    const runId = freshRunId();
    await using child = await startMarked(runId);
    {
      await using watchdog = await startWatchdog(runId);
      watchdog.within("isolated/1-pause", 300);
      watchdog.within("run", 300);
      watchdog.done("isolated/1-pause");
      watchdog.within("run", 60_000);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    expect(child.exit()).to.equal(undefined);
  });

  it("may have been killed when it is let go", async () => {
    const runId = freshRunId();
    const watchdog = await startWatchdog(runId);
    const pid = await watchdogOf(runId);
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await watchdog[Symbol.asyncDispose]();
    expect(existsSync(runFolder(runId))).to.equal(false);
  });
});

describe("clean", function () {
  this.timeout(40_000);

  it("removes what a harness left that was killed together with its watchdog", async () => {
    const runId = freshRunId();
    await using harness = await startDoomed(runId);
    const watchdog = await watchdogOf(runId);
    if (watchdog !== undefined) process.kill(watchdog, "SIGKILL");
    harness.signal("SIGKILL");
    await harness.ended;
    expect(await markedOf(runId)).to.have.length(1);
    expect(await cleanRuns([runId])).to.deep.include({ runs: [runId], alive: [], processes: 1 });
    expect(await nothingLeft(runId)()).to.equal(true);
  });

  it("leaves a run alone whose harness lives", async () => {
    const runId = freshRunId();
    await using _watchdog = await startWatchdog(runId);
    await using child = await startMarked(runId);
    expect(await cleanRuns([runId])).to.deep.include({ runs: [], alive: [runId] });
    expect(child.exit()).to.equal(undefined);
    expect(existsSync(runFolder(runId))).to.equal(true);
    await killMarked(runId);
  });

  it("leaves other runs alone when some are named", async () => {
    const [ours, other] = [freshRunId(), freshRunId()];
    await using _ours = await startMarked(ours);
    await using child = await startMarked(other);
    expect(await cleanRuns([ours])).to.deep.include({ runs: [ours], processes: 1 });
    expect(child.exit()).to.equal(undefined);
  });

  it("finds nothing where nothing is left", async () => {
    expect(await cleanRuns([freshRunId()])).to.deep.equal({ runs: [], alive: [], processes: 0, containers: 0, networks: 0 });
  });
});

describe("the owner of a run", () => {
  it("is told from another process with the same pid by its start time", async () => {
    const ticks = await startTicks(process.pid);
    expect(ticks).to.match(/^\d+$/);
    expect(await isOwned({ pid: process.pid, startTicks: ticks ?? "" })).to.equal(true);
    expect(await isOwned({ pid: process.pid, startTicks: "1" })).to.equal(false);
  });

  it("is none any more once its process is gone", async () => {
    const child = await startMarked(freshRunId());
    const ticks = (await startTicks(child.pid)) ?? "";
    expect(await isOwned({ pid: child.pid, startTicks: ticks })).to.equal(true);
    await child[Symbol.asyncDispose]();
    expect(await isOwned({ pid: child.pid, startTicks: ticks })).to.equal(false);
  });
});
