import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { checkSerializable } from "../../src/check/serializable.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { checkWatch } from "../../src/check/watch.ts";
import { streamsOf } from "../../src/check/watch/streams.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { decodeWatch } from "../../src/recording/decode.ts";
import { isKind } from "../../src/recording/operation.ts";
import type { WatchResponse } from "../../src/recording/watch.ts";
import { compaction } from "../../src/workloads/compaction.ts";
import { etcdEndpoint } from "../../src/workloads/endpoint.ts";
import type { WatchSpec } from "../../src/workloads/watch/spec.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { startLoad } from "../workloads/running-load.ts";
import { startSingleMember } from "../workloads/single-member.ts";

const clock = new MonotonicClock();
const everything: WatchSpec = { endpoints: "all", ranges: [{ key: "k", end: "l" }], fromRevision: 2, listFirst: false, prevKv: true, progressEveryMs: 100 };

async function told(folder: string): Promise<WatchResponse[]> {
  const text = await readFile(join(folder, "watches.jsonl"), "utf8").catch(() => "");
  return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1).map((line) => decodeWatch(JSON.parse(line)) ?? expect.fail(`not a response: ${line}`));
}

async function until(folder: string, what: string, holds: (responses: readonly WatchResponse[]) => boolean): Promise<void> {
  const held = await waitFor(clock, async () => (holds(await told(folder)) ? true : undefined), { limitMs: 20_000, everyMs: 50 });
  if (held === undefined) expect.fail(`no ${what} within 20 s; the last: ${JSON.stringify((await told(folder)).slice(-3))}`);
}

const changes = (responses: readonly WatchResponse[]): number => responses.reduce((count, each) => count + (each.kind === "events" ? each.events.length : 0), 0);

describe("watchers on a real etcd", function () {
  this.timeout(60_000);

  it("are told everything to the end of the load, also across the death of the member", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    await using load = await startLoad({ rate: 100, clients: 4, keys: 5 }, [{ member: "etcd-1", url: member.directUrl }], folder.path, clock, { watch: everything });
    await until(folder.path, "change", (responses) => changes(responses) > 50);
    await member.kill();
    await until(folder.path, "cut", (responses) => responses.some(({ kind }) => kind === "cut"));
    await member.restart();
    const soFar = changes(await told(folder.path));
    await until(folder.path, "change after the restart", (responses) => changes(responses) > soFar + 50);
    expect((await load.workload.stop()).unwatched).to.deep.equal([]);

    const [responses, history] = [await told(folder.path), await load.history()];
    expect(checkWatch({ responses, history, compactedTo: 0 })).to.deep.equal({ kind: "ok", checked: changes(responses) });
    const streams = streamsOf(responses);
    expect(streams.length).to.be.at.least(2);
    expect(responses.filter(({ kind }) => kind === "progress").length).to.be.greaterThan(5);
    const revision = Math.max(...history.map((each) => each.revision ?? 0));
    expect(Math.max(...streams.map(({ upTo }) => upTo))).to.be.at.least(revision);
    expect(changes(responses), "every revision is of a put").to.be.at.least(revision - 1);
  });

  it("go on after a compaction at the first revision that is left", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const endpoint = etcdEndpoint({ url: member.directUrl, timeoutMs: 2_000, clock });
    for (let index = 0; index < 10; index += 1) await endpoint.perform({ op: "put", key: "k0", value: `before-${index}` });
    await endpoint.perform({ op: "compact", atRevision: 8 });
    endpoint.close();
    await using load = await startLoad({ rate: 50, clients: 2, keys: 2 }, [{ member: "etcd-1", url: member.directUrl }], folder.path, clock, { watch: everything });
    await until(folder.path, "change", (responses) => changes(responses) > 30);
    await load.workload.stop();

    const responses = await told(folder.path);
    expect(responses.find(({ kind }) => kind === "canceled")).to.deep.include({ compactRevision: 8 });
    expect(streamsOf(responses).map(({ created }) => created.fromRevision)).to.deep.equal([2, 8]);
    expect(checkWatch({ responses, history: await load.history(), compactedTo: 8 }).kind).to.equal("ok");
  });

  it("list first where they are to, watch a key beside a prefix, and begin all over again every so often", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const informers: WatchSpec = { ...everything, ranges: [{ key: "c", end: "d" }, { key: "c0" }], listFirst: true, restartEveryMs: 300 };
    await using load = await startLoad({ rate: 200, clients: 4, keys: 5, every: "200ms", keep: 10 }, [{ member: "etcd-1", url: member.directUrl }], folder.path, clock, { kind: compaction, watch: informers });
    const lists = (responses: readonly WatchResponse[], watcher: number): number => responses.filter((each) => each.kind === "listed" && each.watcher === watcher && each.revision > 50).length;
    await until(folder.path, "list of either watcher after many changes", (responses) => lists(responses, 0) > 2 && lists(responses, 1) > 2);
    expect((await load.workload.stop()).unwatched).to.deep.equal([]);

    const [responses, history] = [await told(folder.path), await load.history()];
    const compactedTo = Math.max(...history.filter(isKind("compact")).map(({ atRevision }) => atRevision));
    expect(compactedTo).to.be.greaterThan(10);
    expect(checkWatch({ responses, history, compactedTo })).to.deep.equal({ kind: "ok", checked: changes(responses) });
    expect(responses.filter((each) => each.kind === "listed" && each.kvs.length > 1)).to.not.be.empty;
    for (const { created, responses: said } of streamsOf(responses)) {
      if (created.watcher === 1) expect(said.flatMap((each) => (each.kind === "events" ? each.events : [])).every(({ key }) => key === "c0")).to.equal(true);
    }
    for (const finding of [checkStrictSerializable(history), checkSerializable(history, () => false)]) expect(finding).to.include({ kind: "ok" });
    expect(history.some(({ outcome, error }) => outcome === "fail" && error?.includes("compacted")), "reads that came too late").to.equal(true);
  });

  it("say so where they did not come to the end", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const nowhere = { member: "etcd-2", url: "http://127.0.0.1:1" };
    await using load = await startLoad({ rate: 50, clients: 2, endpoints: "etcd-1" }, [{ member: "etcd-1", url: member.directUrl }, nowhere], folder.path, clock, { watch: everything });
    await until(folder.path, "change", (responses) => changes(responses) > 5);
    expect((await load.workload.stop()).unwatched).to.deep.equal(["etcd-2"]);
    expect((await told(folder.path)).find((each) => each.member === "etcd-2")).to.have.property("error").that.matches(/^UNAVAILABLE: No connection established/);
  });
});
