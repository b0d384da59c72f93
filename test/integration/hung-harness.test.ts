import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { startChild } from "../../src/child.ts";
import { runFolder } from "../../src/marks.ts";
import { freshRunId, markedOf, soon, watchdogOf } from "../watchdog/marked.ts";

const hungHarness = fileURLToPath(new URL("hung-harness.ts", import.meta.url));

describe("a harness that hangs in the midst of a fault", function () {
  this.timeout(90_000);

  it("is not waited for longer than the fault may live: everything of its run is gone then, and it lives", async () => {
    const runId = freshRunId();
    const states: string[] = [];
    await using harness = await startChild(process.execPath, ["--import", import.meta.resolve("tsx"), hungHarness, runId], { onLine: (line) => states.push(line) });
    expect(await soon(async () => states.includes("effective"), 40_000), "the fault has an effect").to.equal(true);
    harness.signal("SIGSTOP");
    const running = await markedOf(runId);
    expect(running, "an etcd and its proxy").to.have.length.at.least(2);
    const gone = await soon(async () => (await markedOf(runId)).length === 0 && !existsSync(runFolder(runId)), 30_000);
    expect(gone, "something is left").to.equal(true);
    expect(states).to.deep.equal(["requested", "effective"]);
    expect(harness.exit(), "it is stopped, no more").to.equal(undefined);
    harness.signal("SIGKILL");
    expect(await soon(async () => (await watchdogOf(runId)) === undefined), "the watchdog stays").to.equal(true);
  });
});
