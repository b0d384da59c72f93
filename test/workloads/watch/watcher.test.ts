import { expect } from "chai";
import type { WatchAsked, WatchEvent, WatchResponse } from "../../../src/recording/watch.ts";
import type { Said } from "../../../src/workloads/watch/stream.ts";
import { Watcher } from "../../../src/workloads/watch/watcher.ts";

const put = (modRevision: number): WatchEvent => ({ type: "put", key: "k1", value: `v${modRevision}`, modRevision, createRevision: 2, version: modRevision - 1 });
const events = (...revisions: number[]): Said => ({ kind: "events", revision: revisions.at(-1) ?? 0, events: revisions.map(put) });
const progress = (revision: number): Said => ({ kind: "progress", revision });

/** What a stream says when it is opened, and how it ends: by an error, or by silence. */
interface Script {
  readonly says: readonly Said[];
  readonly error?: string;
}

interface Played {
  readonly asked: readonly WatchAsked[];
  readonly recorded: readonly WatchResponse[];
  readonly progressAsked: number;
  readonly closed: number;
  readonly watcher: Watcher;
}

/** A watcher in a time that only its sleep lets pass; it is stopped when it opens a stream too many, on which nothing comes. */
async function play(scripts: readonly Script[], untilMs = 10_000): Promise<Played> {
  let nowMs = 0;
  let progressAsked = 0;
  let closed = 0;
  const asked: WatchAsked[] = [];
  const recorded: WatchResponse[] = [];
  const watcher = new Watcher({
    spec: { endpoints: "all", key: "k", end: "l", fromRevision: 2, prevKv: true, progressEveryMs: 100 },
    watcher: 1,
    member: "etcd-2",
    open(each, onSaid) {
      const script = scripts[asked.push(each) - 1];
      if (script === undefined) watcher.stop();
      script?.says.forEach(onSaid);
      const ended = script?.error === undefined ? new Promise<string>(() => undefined) : Promise.resolve(script.error);
      return { ended, askProgress: () => (progressAsked += 1), close: () => (closed += 1) };
    },
    nowNs: () => nowMs * 1e6,
    sleep: async (durationMs) => {
      nowMs += durationMs;
      if (nowMs >= untilMs) watcher.stop();
    },
    record: (response) => recorded.push(response),
  });
  await watcher.run();
  return { asked, recorded, progressAsked, closed, watcher };
}

describe("a watcher", () => {
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
    const { recorded, closed } = await play([{ says: [events(2)] }], 500);
    expect(recorded.map(({ kind }) => kind)).to.deep.equal(["events"]);
    expect(closed).to.be.at.least(1);
  });
});
