import { expect } from "chai";
import type { WatchAsked, WatchEvent, WatchResponse } from "../../../src/recording/watch.ts";
import type { Said } from "../../../src/workloads/watch/stream.ts";
import type { WatchSpec } from "../../../src/workloads/watch/spec.ts";
import { Watcher } from "../../../src/workloads/watch/watcher.ts";

const put = (modRevision: number): WatchEvent => ({ type: "put", key: "k1", value: `v${modRevision}`, modRevision, createRevision: 2, version: modRevision - 1 });
const events = (...revisions: number[]): Said => ({ kind: "events", revision: revisions.at(-1) ?? 0, events: revisions.map(put) });
const progress = (revision: number): Said => ({ kind: "progress", revision });

/** What a stream says when it is opened, and how it ends: by an error, or by silence. */
interface Script {
  readonly says: readonly Said[];
  readonly error?: string;
}

interface Play {
  readonly untilMs?: number;
  /** Of which revision each list is, or by which error it ends. */
  readonly lists?: readonly (number | string)[];
  readonly how?: Partial<WatchSpec>;
  /** Whoever sleeps longer than a second sleeps for good. */
  readonly sleepsForGood?: boolean;
}

const range = { key: "k", end: "l" };

interface Played {
  readonly asked: readonly WatchAsked[];
  readonly recorded: readonly WatchResponse[];
  readonly progressAsked: number;
  readonly closed: number;
  readonly watcher: Watcher;
}

/** A watcher in a time that only its sleep lets pass; it is stopped when it opens a stream too many, on which nothing comes. */
async function play(scripts: readonly Script[], { untilMs = 10_000, lists = [], how = {}, sleepsForGood = false }: Play = {}): Promise<Played> {
  let nowMs = 0;
  let progressAsked = 0;
  let closed = 0;
  let listsAsked = 0;
  const asked: WatchAsked[] = [];
  const recorded: WatchResponse[] = [];
  const watcher = new Watcher({
    spec: { endpoints: "all", ranges: [range], fromRevision: 2, listFirst: false, prevKv: true, progressEveryMs: 100, ...how },
    range,
    watcher: 1,
    member: "etcd-2",
    open(each, onSaid) {
      const script = scripts[asked.push(each) - 1];
      if (script === undefined) watcher.stop();
      // Nothing comes before the stream was opened.
      void Promise.resolve().then(() => script?.says.forEach(onSaid));
      const ended = script?.error === undefined ? new Promise<string>(() => undefined) : Promise.resolve(script.error);
      return { ended, askProgress: () => (progressAsked += 1), close: () => (closed += 1) };
    },
    async list() {
      const listed = lists[listsAsked++];
      if (typeof listed === "number") return { revision: listed, kvs: [] };
      throw new Error(listed ?? "14 UNAVAILABLE: no more lists");
    },
    nowNs: () => nowMs * 1e6,
    sleep: async (durationMs) => {
      if (sleepsForGood && durationMs > 1_000) return new Promise(() => undefined);
      nowMs += durationMs;
      if (nowMs >= untilMs) watcher.stop();
    },
    record: (response) => recorded.push(response),
  });
  await watcher.run();
  return { asked, recorded, progressAsked, closed, watcher };
}

describe("a watcher", () => {
  it("goes on at once when it is canceled, however seldom it asks how far it has come", async () => {
    const { asked } = await play([{ says: [events(2), { kind: "canceled", revision: 9, compactRevision: 7, error: "compacted" }] }], { how: { progressEveryMs: 60_000 }, sleepsForGood: true });
    expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 7]);
  });

  it("goes on after a cut behind the last revision that it knows all of, be it told by a change or by progress", async () => {
    const { asked, recorded, watcher } = await play([{ says: [events(2, 3), events(5)], error: "UNAVAILABLE: gone" }, { says: [progress(9)], error: "UNAVAILABLE: gone" }]);
    expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 6, 10]);
    expect(asked.every(({ key, end, prevKv }) => key === "k" && end === "l" && prevKv)).to.equal(true);
    expect(recorded.map(({ kind }) => kind)).to.deep.equal(["events", "events", "cut", "progress", "cut", "cut"]);
    expect(recorded[2]).to.deep.include({ watcher: 1, member: "etcd-2", kind: "cut", error: "UNAVAILABLE: gone" });
    expect(recorded.at(-1), "that it was never answered shows").to.deep.include({ kind: "cut", error: "no answer until the end of the run" });
    expect(watcher.reached).to.equal(9);
  });

  it("does not go back where a member that has yet to catch up tells of older progress", async () => {
    const { asked } = await play([{ says: [events(2, 7), progress(4)], error: "INTERNAL: reset" }]);
    expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 8]);
  });

  it("goes on at the first revision that is left after a compaction", async () => {
    const { asked, recorded } = await play([{ says: [{ kind: "canceled", revision: 60, compactRevision: 40, error: "compacted" }] }, { says: [events(40)], error: "gone" }]);
    expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 40, 41]);
    expect(recorded.map(({ kind }) => kind), "a cancellation is no cut").to.deep.equal(["canceled", "events", "cut", "cut"]);
  });

  it("begins anew after a cancellation without a compaction, with what it had", async () => {
    const { asked } = await play([{ says: [events(2), { kind: "canceled", revision: 9, error: "no leader" }] }]);
    expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 3]);
  });

  it("asks for progress every so often, and gives up a stream on which nothing comes for seconds", async () => {
    const { asked, recorded, progressAsked, closed } = await play([{ says: [events(2)] }]);
    expect(recorded.at(-2)).to.deep.include({ kind: "cut", error: "nothing came for 3 s" });
    expect(recorded.at(-2)?.atNs).to.be.within(3_000e6, 3_200e6);
    expect(progressAsked).to.be.within(29, 31);
    expect(asked).to.have.length(2);
    expect(closed).to.be.at.least(2);
  });

  it("ends once it is told to, and that is no cut", async () => {
    const { recorded, closed } = await play([{ says: [events(2)] }], { untilMs: 500 });
    expect(recorded.map(({ kind }) => kind)).to.deep.equal(["events"]);
    expect(closed).to.be.at.least(1);
  });

  describe("that lists first", () => {
    const informer = { listFirst: true };
    const compacted: Said = { kind: "canceled", revision: 60, compactRevision: 40, error: "compacted" };

    it("watches from the revision behind the list, and goes on after a cut without another one", async () => {
      const { asked, recorded } = await play([{ says: [events(10)], error: "gone" }, { says: [], error: "gone" }], { lists: [8], how: informer });
      expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([9, 11, 11]);
      expect(recorded[0]).to.deep.include({ watcher: 1, member: "etcd-2", kind: "listed", key: "k", end: "l", askedNs: 0, revision: 8, kvs: [] });
      expect(recorded.filter(({ kind }) => kind === "listed")).to.have.length(1);
    });

    it("lists again after a compaction, since it was not told what was dropped", async () => {
      const { asked, recorded, watcher } = await play([{ says: [events(9), compacted] }, { says: [], error: "gone" }], { lists: [8, 61], how: informer });
      expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([9, 62, 62]);
      expect(recorded.map(({ kind }) => kind).slice(0, 4)).to.deep.equal(["listed", "events", "canceled", "listed"]);
      expect(watcher.reached).to.equal(61);
    });

    it("tries again where it gets no list, and says so", async () => {
      const { asked, recorded } = await play([{ says: [], error: "gone" }], { lists: ["14 UNAVAILABLE: gone", "11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted", 20], how: informer });
      expect(asked[0]).to.include({ fromRevision: 21 });
      expect(recorded.slice(0, 2).map((each) => each.kind === "cut" && each.error)).to.deep.equal(["list: UNAVAILABLE: gone", "list: OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted"]);
    });

    it("ends though nobody answers it", async () => {
      const { asked, watcher } = await play([], { untilMs: 500, how: informer });
      expect(asked).to.deep.equal([]);
      expect(watcher.reached).to.equal(0);
    });
  });

  describe("that begins again every so often", () => {
    it("gives up its watch where it is well, goes back to where it began, and has reached what it had", async () => {
      const { asked, recorded, watcher } = await play([{ says: [events(2, 9)] }, { says: [{ kind: "canceled", revision: 20, compactRevision: 7, error: "compacted" }] }, { says: [events(7)] }], { how: { restartEveryMs: 1_000 } });
      expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 2, 7, 2]);
      expect(recorded.map(({ kind }) => kind).slice(0, 3), "nothing was cut").to.deep.equal(["events", "canceled", "events"]);
      expect(watcher.reached).to.equal(9);
    });

    it("lists again where it lists first", async () => {
      const { asked } = await play([{ says: [events(9)] }], { lists: [8, 30], how: { restartEveryMs: 1_000, listFirst: true } });
      expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([9, 31]);
    });

    it("does so also where it asks for progress more seldom than that", async () => {
      const { asked, progressAsked } = await play([{ says: [events(2)] }], { untilMs: 4_000, how: { restartEveryMs: 500, progressEveryMs: 60_000 } });
      expect(asked.map(({ fromRevision }) => fromRevision)).to.deep.equal([2, 2]);
      expect(progressAsked).to.equal(0);
    });

    it("does not go back before it was answered", async () => {
      const { recorded } = await play([{ says: [] }], { how: { restartEveryMs: 1_000 } });
      expect(recorded[0]).to.include({ kind: "cut", error: "nothing came for 3 s" });
    });
  });
});
