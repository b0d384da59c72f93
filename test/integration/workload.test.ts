import { fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkSerializable } from "../../src/check/serializable.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import type { LocalMember } from "../../src/cluster/local/local-member.ts";
import { HarnessError } from "../../src/errors.ts";
import { isKind } from "../../src/recording/operation.ts";
import { kv } from "../../src/workloads/kv.ts";
import type { MemberEndpoint } from "../../src/workloads/load.ts";
import { startWorkload } from "../../src/workloads/runner.ts";
import type { WorkloadStats } from "../../src/workloads/stats.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { expectSoundHistory, expectWritesAsRecorded, ofLoad, startLoad } from "../workloads/running-load.ts";
import { startSingleMember, storedValues } from "../workloads/single-member.ts";

const clock = new MonotonicClock();

const endpointOf = ({ name, directUrl }: LocalMember): MemberEndpoint => ({ member: name, url: directUrl });

async function rejectionOf(promise: Promise<unknown>): Promise<HarnessError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof HarnessError) return error;
  throw new Error(`expected a HarnessError, not ${String(error)}`);
}

/** A process that exists and is no zombie. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2).at(0) !== "Z";
}

describe("a workload on a real etcd", function () {
  this.timeout(60_000);

  it("has everything acknowledged at its rate by a healthy member, and reads what was written", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ rate: 100, clients: 5, keys: 5 }, [endpointOf(member)], folder.path, clock);
    const stats: WorkloadStats[] = [];
    load.workload.onStats((each) => stats.push(each));
    const startMs = clock.nowMs();
    await waitFor(clock, async () => ((await load.history()).length >= 200 ? true : undefined), { limitMs: 20_000 });
    expect(clock.nowMs() - startMs, "200 operations at 100 a second").to.be.at.least(1_500);
    // What was missed tells how busy the machine was at the end, not what the member did.
    const { ok, fail, info } = await load.workload.stop();

    const history = await load.history();
    expect({ ok, fail, info }).to.deep.equal({ ok: ofLoad(history).length, fail: 0, info: 0 });
    expectSoundHistory(history);
    expect(history.filter((operation) => operation.op === "get" && operation.value !== null).length).to.be.greaterThan(20);
    expect(new Set(ofLoad(history).map(({ client }) => client)).size).to.equal(5);
    expect(stats.reduce((sum, each) => sum + each.ok, 0)).to.equal(ofLoad(history).length);
    expect(stats.some(({ p50Ms, p99Ms }) => p50Ms !== null && p50Ms > 0 && p99Ms !== null && p99Ms >= p50Ms)).to.equal(true);
    expect(Math.max(...history.map(({ returnNs }) => returnNs))).to.be.lessThan(clock.nowMs() * 1e6);
  });

  it("stalls while the member is paused, retires the processes whose outcome is unknown, and goes on after it", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ rate: 50, clients: 4, keys: 5, timeout: "400ms" }, [endpointOf(member)], folder.path, clock);
    await load.until("acknowledged", ({ outcome }) => outcome === "ok");
    await member.pause();
    const pausedNs = clock.nowMs() * 1e6;
    const unknown = await load.until("unknown", ({ outcome }) => outcome === "info");
    expect(unknown.error).to.match(/^DEADLINE_EXCEEDED: no (answer|connection) in time$/);
    expect(unknown.returnNs - unknown.invokeNs, "the time-out").to.be.at.least(390e6);
    const resumedNs = clock.nowMs() * 1e6;
    await member.resume();
    await load.until("acknowledged again", ({ outcome, client, process }) => outcome === "ok" && process !== client);
    const summary = await load.workload.stop();

    const history = await load.history();
    expectSoundHistory(history);
    expectWritesAsRecorded(history, await storedValues(member.directUrl));
    const inPause = history.filter(({ invokeNs, returnNs }) => invokeNs > pausedNs && returnNs < resumedNs);
    expect(inPause.filter(({ outcome }) => outcome === "ok")).to.deep.equal([]);
    expect(summary.info).to.equal(ofLoad(history).filter(({ outcome }) => outcome === "info").length);
    for (const { client, process } of ofLoad(history)) expect(process % 4).to.equal(client);
  });

  it("never has anything acknowledged by a dead member, knows what was refused, and is back with it", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ clients: 4, keys: 5, timeout: "1s" }, [endpointOf(member)], folder.path, clock);
    await load.until("acknowledged", ({ outcome }) => outcome === "ok");
    await member.kill();
    const killedNs = clock.nowMs() * 1e6;
    const refused = await load.until("refused", ({ outcome }) => outcome === "fail");
    expect(refused.error).to.match(/^UNAVAILABLE: No connection established\..*ECONNREFUSED/);
    const restartingNs = clock.nowMs() * 1e6;
    await member.restart();
    await load.until("acknowledged again", ({ outcome }) => outcome === "ok");
    await load.workload.stop();

    const history = await load.history();
    expectSoundHistory(history);
    expectWritesAsRecorded(history, await storedValues(member.directUrl));
    const whileDead = history.filter(({ invokeNs }) => invokeNs > killedNs && invokeNs < restartingNs);
    expect(whileDead.filter(({ outcome }) => outcome === "ok")).to.deep.equal([]);
    expect(whileDead.length, "a refused closed loop rests between requests").to.be.lessThan(4 * ((restartingNs - killedNs) / 20e6 + 2));
    for (const client of [0, 1, 2, 3]) {
      // The first may have been sent before the client knew that its connection was gone.
      const known = whileDead.filter((operation) => operation.client === client).slice(1);
      expect(known.map(({ outcome }) => outcome)).to.deep.equal(known.map(() => "fail"));
      expect(new Set(known.map(({ process }) => process)).size, "a refusal retires no process").to.be.at.most(1);
    }
  });

  it("waits at its end for what is in flight, and records it as unknown at the time-out", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ clients: 3, timeout: "700ms" }, [endpointOf(member)], folder.path, clock);
    await load.until("acknowledged", ({ outcome }) => outcome === "ok");
    await member.pause();
    const stopMs = clock.nowMs();
    const { info } = await load.workload.stop();
    expect(info).to.be.within(1, 3);
    const history = await load.history();
    expectSoundHistory(history);
    expect(ofLoad(history).filter(({ outcome }) => outcome === "info").length).to.equal(info);
    expect(Math.max(...history.map(({ returnNs }) => returnNs)) / 1e6).to.be.greaterThan(stopMs);
  });

  it("says which of its requests were due during a long stall and never sent", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ rate: 200, clients: 2, timeout: "100ms" }, [endpointOf(member)], folder.path, clock);
    const behindMs: number[] = [];
    load.workload.onStats((stats) => behindMs.push(stats.behindMs));
    await load.until("acknowledged", ({ outcome }) => outcome === "ok");
    await member.pause();
    await waitFor(clock, async () => ((await load.history()).filter(({ outcome }) => outcome === "info").length >= 10 ? true : undefined), { limitMs: 20_000 });
    await member.resume();
    const { missed } = await load.workload.stop();
    expect(missed).to.be.greaterThan(20);
    expect(Math.max(...behindMs)).to.be.greaterThan(10);
    expectSoundHistory(await load.history());
  });

  it("reads all keys once more when the load has ended, page by page", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ "value-bytes": 65_536, clients: 4, keys: 40, reads: 0 }, [endpointOf(member)], folder.path, clock);
    await waitFor(clock, async () => ((await load.history()).length >= 300 ? true : undefined), { limitMs: 20_000 });
    expect((await load.workload.stop()).unread).to.deep.equal([]);

    const history = await load.history();
    const pages = history.filter(isKind("range"));
    expect(pages.length).to.be.within(3, 4);
    expect(pages.every(({ final, outcome }) => final === true && outcome === "ok")).to.equal(true);
    expect(new Set(pages.map(({ process }) => process)).size, "a process of its own").to.equal(1);
    expect(history.filter(({ process }) => process === pages[0]?.process)).to.deep.equal(pages);
    const written = new Set(history.filter(isKind("put")).filter(({ outcome }) => outcome === "ok").map(({ key }) => key));
    expect(pages.flatMap(({ kvs = [] }) => kvs.map(({ key }) => key))).to.deep.equal([...written].sort());
    expect(checkStrictSerializable(history).kind).to.equal("ok");
  });

  it("asks everything there is, and all that a healthy member answers fits together", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const options = { clients: 6, keys: 12, mix: { get: 3, put: 3, range: 1, delete: 1, swap: 2 }, serializable: 0.3, "old-reads": 0.2, "key-choice": "zipfian" };
    await using load = await startLoad(options, [endpointOf(member)], folder.path, clock);
    await waitFor(clock, async () => ((await load.history()).length >= 1_500 ? true : undefined), { limitMs: 30_000 });
    await load.workload.stop();

    const history = await load.history();
    const ok = history.filter(({ outcome }) => outcome === "ok");
    expect(ok.length).to.be.greaterThan(0.95 * history.length);
    expect(new Set(ok.map(({ op }) => op))).to.deep.equal(new Set(["get", "put", "range", "delete", "txn"]));
    const swaps = ok.filter(isKind("txn"));
    expect([true, false].map((done) => swaps.some(({ succeeded }) => succeeded === done))).to.deep.equal([true, true]);
    expect(ok.filter(isKind("delete")).some(({ deleted }) => deleted === 1)).to.equal(true);
    for (const finding of [checkStrictSerializable(history), checkNoLostWrites(history), checkSerializable(history, () => false)]) expect(finding).to.include({ kind: "ok" });
    // What is read once more at another revision would not fit.
    const get = ok.filter(isKind("get")).find(({ serializable, modRevision = 0, revision = 0, atRevision = revision }) => serializable === undefined && modRevision > 0 && atRevision < revision);
    expect(checkStrictSerializable(history.map((each) => (each === get ? { ...get, atRevision: (get.modRevision ?? 0) - 1 } : each))).kind).to.equal("violated");
  });

  it("asks the one member it was told to", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const nowhere = { member: "etcd-2", url: "http://127.0.0.1:1" };
    await using load = await startLoad({ endpoints: "etcd-1", clients: 3 }, [nowhere, endpointOf(member)], folder.path, clock);
    await load.until("acknowledged", ({ outcome, member }) => outcome === "ok" && member === "etcd-1");
    const { unread } = await load.workload.stop();
    expect(new Set(ofLoad(await load.history()).map(({ member }) => member))).to.deep.equal(new Set(["etcd-1"]));
    expect(unread, "the member that is not there").to.deep.equal(["etcd-2"]);
  });

  it("records large values by their hash", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ "value-bytes": 65_536, clients: 2, keys: 1 }, [endpointOf(member)], folder.path, clock);
    await load.until("a read of a value", (operation) => operation.op === "get" && operation.outcome === "ok" && typeof operation.value === "string");
    await load.workload.stop();
    expectSoundHistory(await load.history());
  });
});

describe("a load process", function () {
  this.timeout(60_000);

  const start = (historyPath: string) =>
    startWorkload({ workloads: { titles: [], parts: [kv.bind({ clients: 2 })] }, seed: 1, runId: `test-${process.pid}`, originNs: clock.originNs, historyPath, watchesPath: `${historyPath}.watches` });

  it("cannot begin without a member to connect to, and says which", async () => {
    using folder = temporaryFolder();
    await using workload = await start(join(folder.path, "history.jsonl"));
    const error = await rejectionOf(workload.begin([{ member: "etcd-3", url: "http://127.0.0.1:1" }]));
    expect(error.code).to.equal("cluster");
    expect(error.message).to.match(/client \d found no connection to etcd-3 at http:\/\/127.0.0.1:1 within 5 s: UNAVAILABLE: .*ECONNREFUSED/);
  });

  it("fails where the history cannot be written", async () => {
    using folder = temporaryFolder();
    await using workload = await start(join(folder.path, "no", "such", "folder", "history.jsonl"));
    const failures: HarnessError[] = [];
    workload.onFailure((error) => failures.push(error));
    const error = await rejectionOf(workload.begin([{ member: "etcd-1", url: "http://127.0.0.1:1" }]));
    expect(error.code).to.equal("recording");
    expect(error.message).to.include("history.jsonl").and.to.include("ENOENT");
    expect(failures).to.deep.equal([error]);
  });

  it("is reported when it is gone in the middle of the load", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ clients: 2 }, [endpointOf(member)], folder.path, clock);
    const failure = new Promise<HarnessError>((resolve) => load.workload.onFailure(resolve));
    process.kill(load.workload.pid, "SIGKILL");
    expect((await failure).message).to.equal("the load process ended by itself (SIGKILL)");
    expect(await rejectionOf(load.workload.stop())).to.equal(await failure);
  });

  it("is gone after its disposal, at any moment", async () => {
    using folder = temporaryFolder();
    const workload = await start(join(folder.path, "history.jsonl"));
    expect(await isAlive(workload.pid)).to.equal(true);
    await workload[Symbol.asyncDispose]();
    await workload[Symbol.asyncDispose]();
    expect(await isAlive(workload.pid)).to.equal(false);
  });

  it("ends by itself when the harness is killed, with its history on the disk", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const historyPath = join(folder.path, "history.jsonl");
    const harness = fork(fileURLToPath(new URL("../workloads/doomed-harness.ts", import.meta.url)), [member.directUrl, historyPath], { execArgv: ["--import", "tsx"] });
    const pid = await new Promise<number>((resolve) => harness.once("message", (message) => resolve(Number(message))));
    const lines = async (): Promise<number> => (await readFile(historyPath, "utf8").catch(() => "")).split("\n").length;
    await waitFor(clock, async () => ((await lines()) > 20 ? true : undefined), { limitMs: 20_000 });
    harness.kill("SIGKILL");
    const gone = await waitFor(clock, async () => ((await isAlive(pid)) ? undefined : true), { limitMs: 5_000 });
    expect(gone).to.equal(true);
    expect((await readFile(historyPath, "utf8")).endsWith("}\n")).to.equal(true);
  });
});
