import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { watchViolations, type ViolationWatch } from "../../src/run/violation-watch.ts";
import type { AbortConditions } from "../../src/scenario/scenario.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { freshRunId, markedOf, soon } from "../watchdog/marked.ts";
import { lineNow, neverViolated, runGoingOn } from "./run-going-on.ts";

const limitMs = 40_000;

describe("the watch for violations", function () {
  this.timeout(60_000);
  const clock = new MonotonicClock();
  let ended: string[] = [];
  beforeEach(() => void (ended = []));

  function watch(folder: string, runId: string, conditions: AbortConditions | undefined = neverViolated): Promise<ViolationWatch> {
    return watchViolations({ conditions, folder, runId, originNs: clock.originNs, onEnd: (why) => void ended.push(why) });
  }

  it("finds what the run's folder comes to hold while the run goes on", async () => {
    using folder = temporaryFolder();
    await using recorder = runGoingOn(folder.path, clock);
    await using watching = await watch(folder.path, freshRunId());
    recorder.logLine("etcd-1", lineNow(clock, "all is well"));
    recorder.logLine("etcd-2", lineNow(clock, "panic: it is lost"));
    // What is seen last is where the run has come to; the wall clock is known to a millisecond.
    recorder.event({ type: "note", atMs: clock.nowMs() + 10, level: "info", text: "it goes on" });
    expect(await soon(async () => watching.violation() !== undefined, limitMs)).to.equal(true);
    expect(watching.violation()).to.match(/^nobody panics: .*1 line matched.*\(etcd-2 at .*: panic: it is lost\)$/);
    expect(ended).to.deep.equal([]);
  });

  it("says why when it cannot look, and nothing is violated then", async () => {
    using folder = temporaryFolder();
    await using watching = await watch(folder.path, freshRunId());
    expect(await soon(async () => ended.length > 0, limitMs)).to.equal(true);
    expect(ended[0]).to.match(/^what stands under abort-if is not watched any more: the process that does it ended \(exit code 1\): [^]*scenario\.yaml/);
    expect(watching.violation()).to.equal(undefined);
  });

  it("says so when it is killed, and bears the mark by which a killed run's processes are found", async () => {
    using folder = temporaryFolder();
    await using _ = runGoingOn(folder.path, clock);
    const runId = freshRunId();
    await using watching = await watch(folder.path, runId);
    for (const pid of await markedOf(runId)) process.kill(pid, "SIGKILL");
    expect(await soon(async () => ended.length > 0, limitMs)).to.equal(true);
    expect(ended).to.deep.equal(["what stands under abort-if is not watched any more: the process that does it ended (SIGKILL)"]);
    expect(watching.violation()).to.equal(undefined);
  });

  it("ends with its disposal, without a word", async () => {
    using folder = temporaryFolder();
    await using _ = runGoingOn(folder.path, clock);
    const runId = freshRunId();
    const watching = await watch(folder.path, runId);
    expect(await markedOf(runId)).to.have.length(1);
    await watching[Symbol.asyncDispose]();
    expect(await markedOf(runId)).to.deep.equal([]);
    expect(ended).to.deep.equal([]);
  });

  it("ends by itself when the harness is killed", async () => {
    using folder = temporaryFolder();
    await using _ = runGoingOn(folder.path, clock);
    const runId = freshRunId();
    const harness = fork(fileURLToPath(new URL("doomed-harness.ts", import.meta.url)), [folder.path, runId], { execArgv: ["--import", "tsx"] });
    await once(harness, "message");
    expect(await markedOf(runId)).to.have.length(1);
    harness.kill("SIGKILL");
    expect(await soon(async () => (await markedOf(runId)).length === 0, limitMs)).to.equal(true);
  });

  it("is no process where no assertion ends the run", async () => {
    using folder = temporaryFolder();
    for (const conditions of [undefined, { noLeaderForMs: 1_000, violated: [] }]) {
      const runId = freshRunId();
      // Not `watch`, whose default stands for undefined.
      await using watching = await watchViolations({ conditions, folder: folder.path, runId, originNs: clock.originNs, onEnd: () => undefined });
      expect(await markedOf(runId)).to.deep.equal([]);
      expect(watching.violation()).to.equal(undefined);
    }
  });
});
