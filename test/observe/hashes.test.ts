import { expect } from "chai";
import type { StoreHash } from "../../src/cluster/hash-kv.ts";
import { recordHashes } from "../../src/observe/hashes.ts";
import type { HashSample, StatusSample } from "../../src/recording/samples.ts";
import { ManualClock } from "./manual-clock.ts";

const members = ["etcd-1", "etcd-2"].map((name) => ({ name, directUrl: `http://${name}` }));

interface Asked {
  readonly url: string;
  readonly revision: number;
}

/** Two members whose state at a time is told, and how each answers. */
class Cluster {
  readonly clock = new ManualClock();
  readonly asked: Asked[] = [];
  readonly recorded: HashSample[] = [];
  readonly abort = new AbortController();
  revisions: (number | undefined)[] = [50, 50];
  answer: (asked: Asked) => Promise<StoreHash> = async () => ({ hash: 7, compactRevision: -1, revision: 50 });
  readonly done: Promise<void>;

  constructor(prepare: (cluster: Cluster) => void = () => undefined) {
    prepare(this);
    this.done = recordHashes({
      members,
      statuses: () => this.#statuses(),
      clock: this.clock,
      signal: this.abort.signal,
      record: (sample) => void this.recorded.push(sample),
      ask: (url, revision) => {
        this.asked.push({ url, revision });
        return this.answer({ url, revision });
      },
    });
  }

  #statuses(): StatusSample[] {
    return this.revisions.map((revision, index) => {
      const base = { kind: "status", atMs: this.clock.nowMs(), member: `etcd-${index + 1}` } as const;
      return revision === undefined ? { ...base, ok: false, error: "refused" } : { ...base, ok: true, leader: "etcd-1", term: 2, revision, raftIndex: revision, appliedIndex: revision };
    });
  }
}

describe("the hashes of stores", () => {
  it("are asked of all at the one revision that all have come to", async () => {
    const cluster = new Cluster(({ revisions }) => (revisions[1] = 40));
    await cluster.clock.advance(1_000);
    expect(cluster.asked).to.deep.equal([]);
    cluster.revisions = [50, 50];
    await cluster.clock.advance(100);
    await cluster.done;
    expect(cluster.asked).to.deep.equal([{ url: "http://etcd-1", revision: 50 }, { url: "http://etcd-2", revision: 50 }]);
    expect(cluster.recorded.map(({ atMs: _, ...sample }) => sample)).to.deep.equal(
      ["etcd-1", "etcd-2"].map((member) => ({ kind: "hash", member, atRevision: 50, ok: true, hash: 7, compactRevision: -1, revision: 50 })),
    );
  });

  it("wait for an answer of after the end of the load", async () => {
    const cluster = new Cluster();
    await cluster.clock.advance(0);
    expect(cluster.asked, "what was told before tells of before").to.deep.equal([]);
    await cluster.clock.advance(50);
    await cluster.done;
    expect(cluster.asked).to.have.length(2);
  });

  it("are asked at the lowest revision where one lags for long", async () => {
    const cluster = new Cluster((each) => {
      each.revisions = [50, 40];
      each.answer = async ({ url }) => ({ hash: 7, compactRevision: -1, revision: url === "http://etcd-2" ? 40 : 50 });
    });
    await cluster.clock.advance(9_000);
    await cluster.done;
    expect(new Set(cluster.asked.map(({ revision }) => revision))).to.deep.equal(new Set([40]));
    expect(cluster.recorded.map((sample) => sample.ok && sample.revision)).to.deep.equal([50, 40]);
  });

  it("are asked again while members are in different states, and the last answers are kept", async () => {
    let turn = 0;
    const cluster = new Cluster((each) => {
      each.answer = async ({ url }) => ({ hash: 7, compactRevision: url === "http://etcd-2" && turn++ < 2 ? 10 : 20, revision: 50 });
    });
    await cluster.clock.advance(1_000);
    await cluster.done;
    expect(cluster.recorded.map((sample) => sample.ok && sample.compactRevision)).to.deep.equal([20, 20]);
    expect(cluster.asked).to.have.length(6);
  });

  it("are missing with the reason where a member does not answer, and of a learner at once", async () => {
    const cluster = new Cluster((each) => {
      each.revisions = [50, undefined];
      each.answer = async ({ url }) => (url === "http://etcd-2" ? Promise.reject(new Error("refused")) : { hash: 7, compactRevision: -1, revision: 50 });
    });
    await cluster.clock.advance(9_000);
    await cluster.done;
    expect(cluster.recorded[1]).to.deep.include({ member: "etcd-2", atRevision: 50, ok: false, error: "refused" }).and.not.have.property("learner");

    const learning = new Cluster((each) => {
      each.answer = async ({ url }) => (url === "http://etcd-2" ? Promise.reject(new Error("etcdserver: rpc not supported for learner")) : { hash: 7, compactRevision: -1, revision: 50 });
    });
    await learning.clock.advance(50);
    await learning.done;
    expect(learning.recorded[1]).to.deep.include({ ok: false, learner: true });
    expect(learning.asked).to.have.length(2);
  });

  it("are not asked where nobody tells a revision, and not recorded once the run is over", async () => {
    const silent = new Cluster((each) => (each.revisions = [undefined, undefined]));
    await silent.clock.advance(9_000);
    await silent.done;
    expect([silent.asked, silent.recorded]).to.deep.equal([[], []]);

    const aborted = new Cluster((each) => (each.revisions = [50, 40]));
    await aborted.clock.advance(100);
    aborted.abort.abort("SIGINT");
    await aborted.done;
    expect([aborted.asked, aborted.recorded]).to.deep.equal([[], []]);
  });
});
