import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { conclude } from "../../src/cli/conclude.ts";
import { usualPlan } from "../cli/plans.ts";
import type { ClusterSpec } from "../../src/cluster/cluster.ts";
import type { PreparedRuntime, Runtime } from "../../src/cluster/runtime.ts";
import { HarnessError } from "../../src/errors.ts";
import { runFolder } from "../../src/marks.ts";
import { readRecording } from "../../src/recording/read.ts";
import { Resources } from "../../src/resources.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { run, type RunOutcome, type RunRequest } from "../../src/run/run.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { testEtcdEnvironment } from "../support/etcd.ts";
import { freshRunId, markedOf } from "../watchdog/marked.ts";
import { nothingLacking } from "../support/able.ts";

const runtime: Runtime = {
  kind: "local",
  because: "asked for",
  lacks: nothingLacking,
  prepare: () => Promise.reject(new Error("it is prepared already")),
};

/** Runs a scenario whose cluster comes to nothing. */
function runWith(
  start: PreparedRuntime["start"],
  { folder, signal = new AbortController().signal, runId = freshRunId(), plan = usualPlan() }: { folder: string; signal?: AbortSignal; runId?: string; plan?: Plan },
): Promise<RunOutcome> {
  const request: RunRequest = {
    runId,
    plan,
    runtime,
    wanted: { etcd: { kind: "series", series: "3.5" }, toxiproxy: { kind: "embedded" }, environment: testEtcdEnvironment() },
    prepared: { lacks: {}, notices: ["no newer etcd could be looked for"], start },
    replay: "npm run scenario -- usual --seed 1",
    folder,
    clock: new MonotonicClock(),
    signal,
    watchers: [],
    keepCluster: false,
  };
  return run(request);
}

const broken = () => Promise.reject(new HarnessError("cluster", "etcd-2 did not start\nand wrote this", { hint: "See logs/etcd-2.log." }));

describe("a run whose cluster does not start", function () {
  this.timeout(30_000);

  it("has crashed, says why, and can be read and judged: inconclusive", async () => {
    using folder = temporaryFolder();
    const { end } = await runWith(broken, { folder: folder.path });
    expect(end.status === "crashed" && end.error).to.be.instanceOf(HarnessError).with.property("message", "etcd-2 did not start\nand wrote this");
    const { info, events } = await readRecording(folder.path);
    expect(info).to.include({ status: "crashed", error: "etcd-2 did not start" });
    expect(events.flatMap((event) => (event.type === "note" ? [event.text] : []))).to.deep.equal(["no newer etcd could be looked for"]);
    const { outcome, sentence } = await conclude(folder.path);
    expect(outcome).to.equal("inconclusive");
    expect(sentence).to.include("the harness stopped it: etcd-2 did not start");
  });

  it("was asked for a disk wrapper, and for one before writes, only as far as its faults need it", async () => {
    const asked = async (faults: string): Promise<unknown> => {
      using folder = temporaryFolder();
      let spec: ClusterSpec | undefined;
      await runWith((given) => {
        spec = given;
        return broken();
      }, { folder: folder.path, plan: usualPlan(faults) });
      return spec?.diskFaults;
    };
    expect(await asked("- partition: { target: leader }")).to.equal(undefined);
    expect(await asked("- fsync-error: { target: leader }")).to.equal("syncs");
    expect(await asked("- write-error: { target: leader }")).to.equal("writes");
  });

  it("leaves no process and no temporary folder", async () => {
    using folder = temporaryFolder();
    const runId = freshRunId();
    let marked: number[] = [];
    await runWith(async () => {
      marked = await markedOf(runId);
      return broken();
    }, { folder: folder.path, runId });
    expect(marked, "the load process, started meanwhile").to.have.length(1);
    expect(await markedOf(runId)).to.deep.equal([]);
    expect(existsSync(runFolder(runId))).to.equal(false);
  });

  it("says what went wrong first when removing what there was fails too", async () => {
    using folder = temporaryFolder();
    const { end } = await runWith(async () => {
      await using resources = new Resources();
      resources.defer(() => Promise.reject(new Error("a network is still in use")));
      return await broken();
    }, { folder: folder.path });
    expect(end.status === "crashed" && end.error).to.be.instanceOf(HarnessError).with.property("code", "cluster");
  });

  it("was interrupted when the signal came first; trouble on the way out is noted", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();
    const { end } = await runWith(async () => {
      abort.abort("SIGTERM");
      return broken();
    }, { folder: folder.path, signal: abort.signal });
    expect(end).to.deep.equal({ status: "interrupted", signal: "SIGTERM" });
    const { info, events } = await readRecording(folder.path);
    expect(info).to.include({ status: "interrupted", signal: "SIGTERM" });
    expect(events.flatMap((event) => (event.type === "note" ? [event.text] : []))).to.include("ending the run: etcd-2 did not start\nand wrote this");
  });

  it("never overwrites another run, and starts nothing then", async () => {
    using folder = temporaryFolder();
    await writeFile(join(folder.path, "run.json"), "of another run");
    let started = false;
    const error: unknown = await runWith(() => {
      started = true;
      return broken();
    }, { folder: folder.path }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError).with.property("code", "recording");
    expect(started).to.equal(false);
    expect(await readFile(join(folder.path, "run.json"), "utf8")).to.equal("of another run");
  });
});
