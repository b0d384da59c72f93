import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { startChild } from "../../src/child.ts";
import { runVariable } from "../../src/marks.ts";
import { killMarked } from "../../src/watchdog/processes.ts";
import { freshRunId, markedOf, soon, startMarked } from "./marked.ts";

describe("processes of a run", () => {
  it("are found by their mark, with the processes that they started", async () => {
    const runId = freshRunId();
    await using child = await startChild("sh", ["-c", "sleep 60 & wait"], { env: { [runVariable]: runId } });
    try {
      // The shell takes a moment to start the other.
      expect(await soon(async () => (await markedOf(runId)).length === 2)).to.equal(true);
      expect(await markedOf(runId)).to.include(child.pid);
    } finally {
      expect(await killMarked(runId)).to.equal(2);
    }
    expect(await markedOf(runId)).to.deep.equal([]);
  });

  it("are killed without touching those of another run whose id begins alike", async () => {
    const runId = freshRunId();
    await using ours = await startMarked(runId);
    await using other = await startMarked(`${runId}-2`);
    expect(await killMarked(runId)).to.equal(1);
    expect(await ours.ended).to.equal("SIGKILL");
    expect(other.exit()).to.equal(undefined);
  });

  it("are killed even when they are stopped", async () => {
    const runId = freshRunId();
    await using child = await startMarked(runId);
    child.signal("SIGSTOP");
    expect(await killMarked(runId)).to.equal(1);
    expect(await child.ended).to.equal("SIGKILL");
  });

  it("that have ended but were not yet waited for are no longer found", async () => {
    const runId = freshRunId();
    const lines: string[] = [];
    // What the shell becomes never waits for the shell's child, which stays a zombie.
    await using parent = await startChild("sh", ["-c", `${runVariable}=${runId} sleep 0.01 & echo $!; exec sleep 60`], { onLine: (line) => lines.push(line) });
    const isZombie = async (): Promise<boolean> => / Z /.test(await readFile(`/proc/${lines[0]}/stat`, "utf8").catch(() => ""));
    expect(await soon(isZombie)).to.equal(true);
    expect(await markedOf(runId)).to.deep.equal([]);
    expect(parent.exit()).to.equal(undefined);
  });

  it("are none for a run that nobody knows", async () => {
    expect(await killMarked(freshRunId())).to.equal(0);
  });
});
