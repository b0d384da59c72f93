import { expect } from "chai";

import { excerptsAround } from "../../src/analysis/log-excerpts.ts";
import { leaderships, roleLanes } from "../../src/analysis/leadership.ts";
import { raftIds, recording, type RecordingBuilder } from "../recordings/builder.ts";

const [one, two, three] = raftIds;
const pairs = (run: RecordingBuilder) => leaderships(run.build()).map(({ leader, term, firstSeenMs, seenBy }) => [leader, term, firstSeenMs, seenBy]);

describe("leaderships", () => {
  it("are distinct pairs of leader and term, first seen by status or log", () => {
    const run = recording()
      .log("etcd-2", -500, `raft.node: ${two} elected leader ${two} at term 2`)
      .statuses(0, 300, { leader: "etcd-2", term: 2 })
      .log("etcd-3", 1_200, `${three} became leader at term 3`)
      .status("etcd-1", 1_260, { leader: "etcd-3", term: 3 })
      .log("etcd-1", 1_290, `raft.node: ${one} changed leader from ${two} to ${three} at term 3`);
    expect(pairs(run)).to.deep.equal([["etcd-2", 2, -500, "log"], ["etcd-3", 3, 1_200, "log"]]);
  });

  it("know a member that was replaced by each of its ids", () => {
    const run = recording()
      .status("etcd-1", 0, { leader: "etcd-3", term: 2 })
      .replaced("etcd-2", "beef")
      .log("etcd-1", 990, `${one} elected leader beef at term 3`)
      .log("etcd-1", 1_990, `${one} elected leader ${two} at term 4`);
    expect(pairs(run)).to.deep.equal([["etcd-3", 2, 0, "status"], ["etcd-2", 3, 990, "log"], ["etcd-2", 4, 1_990, "log"]]);
  });

  it("count the same member again at the same term where it has another id, as in a cluster that was restored", () => {
    const run = recording()
      .log("etcd-1", 0, `${one} elected leader ${two} at term 2`)
      .status("etcd-1", 100, { leader: "etcd-2", term: 2 })
      .replaced("etcd-2", "beef")
      .log("etcd-1", 990, `${one} elected leader beef at term 2`)
      .status("etcd-1", 1_100, { leader: "etcd-2", term: 2 });
    expect(pairs(run)).to.deep.equal([["etcd-2", 2, 0, "log"], ["etcd-2", 2, 990, "log"]]);
  });

  it("count the same leader again at a new term", () => {
    const run = recording().status("etcd-1", 0, { leader: "etcd-1", term: 2 }).status("etcd-1", 100, { leader: "etcd-1", term: 4 });
    expect(pairs(run)).to.deep.equal([["etcd-1", 2, 0, "status"], ["etcd-1", 4, 100, "status"]]);
  });

  it("are not made of a new leader whose term was not applied yet", () => {
    const run = recording()
      .status("etcd-1", 0, { leader: "etcd-2", term: 2 })
      .status("etcd-1", 100, { leader: "etcd-3", term: 2 })
      .status("etcd-1", 200, { leader: "etcd-3", term: 3 });
    expect(pairs(run)).to.deep.equal([["etcd-2", 2, 0, "status"], ["etcd-3", 3, 200, "status"]]);
  });

  it("believe the logs where a status names another leader of that term, whichever comes first", () => {
    const run = recording().status("etcd-1", 100, { leader: "etcd-3", term: 2 }).log("etcd-2", 150, `${two} became leader at term 2`);
    expect(pairs(run)).to.deep.equal([["etcd-2", 2, 150, "log"]]);
  });

  it("are not made of a restarted member that replays old terms, nor of a stale leader seen late", () => {
    const run = recording()
      .status("etcd-1", 0, { leader: "etcd-3", term: 5 })
      .status("etcd-2", 100, { leader: "etcd-3", term: 1 })
      .status("etcd-2", 200, { leader: "etcd-2", term: 4 });
    expect(pairs(run)).to.deep.equal([["etcd-3", 5, 0, "status"]]);
  });

  it("show two leaders of one term when the logs say so", () => {
    const run = recording().log("etcd-1", 0, `${one} became leader at term 2`).log("etcd-2", 10, `${two} became leader at term 2`);
    expect(pairs(run)).to.have.length(2);
  });

  it("are none of failed answers, of members without a leader, and of other log lines", () => {
    const run = recording().status("etcd-1", 0, { error: "timed out" }).status("etcd-2", 0, { leader: null, term: 2 }).log("etcd-1", 0, `${one} lost leader ${two} at term 2`);
    expect(pairs(run)).to.deep.equal([]);
  });
});

describe("role lanes", () => {
  it("show what each member was, and when a leader was one no more", () => {
    const run = recording({ members: 2 })
      .phase("run-of-it", 0, 1_000)
      .statuses(0, 500, { leader: "etcd-2", term: 2 })
      .statuses(500, 1_000, { leader: "etcd-1", term: 3 }, ["etcd-1"])
      .statuses(500, 800, { leader: "etcd-2", term: 2 }, ["etcd-2"])
      .statuses(800, 1_000, { leader: null, term: 2 }, ["etcd-2"])
      .build();
    expect(roleLanes(run)).to.deep.equal([
      { member: "etcd-1", stretches: [{ startMs: 0, endMs: 500, role: "follower", term: 2 }, { startMs: 500, endMs: 1_000, role: "leader", term: 3 }] },
      {
        member: "etcd-2",
        stretches: [
          { startMs: 0, endMs: 500, role: "leader", term: 2 },
          { startMs: 500, endMs: 800, role: "stale-leader", term: 2 },
          { startMs: 800, endMs: 1_000, role: "no-leader", term: 2 },
        ],
      },
    ]);
  });

  it("leave a gap where there is no sample, and say unseen where the member did not answer", () => {
    const run = recording({ members: 1 })
      .phase("all", 0, 10_000)
      .status("etcd-1", 0, { leader: "etcd-1", term: 2 })
      .status("etcd-1", 5_000, { error: "timed out" })
      .status("etcd-1", 5_600, { leader: "etcd-1", term: 2 })
      .build();
    expect(roleLanes(run)[0]?.stretches).to.deep.equal([
      { startMs: 0, endMs: 1_000, role: "leader", term: 2 },
      { startMs: 5_000, endMs: 5_600, role: "unseen", term: undefined },
      { startMs: 5_600, endMs: 6_600, role: "leader", term: 2 },
    ]);
  });

  it("have a lane without stretches for a member that was never asked", () => {
    expect(roleLanes(recording({ members: 1 }).build())).to.deep.equal([{ member: "etcd-1", stretches: [] }]);
  });
});

describe("log excerpts", () => {
  const around = { beforeMs: 100, afterMs: 200, mostLines: 10 };
  const run = recording()
    .log("etcd-1", 950, "purged file")
    .log("etcd-2", 1_100, "apply request took too long", { level: "warn" })
    .log("etcd-3", 1_150, `raft.node: ${three} elected leader ${three} at term 3`)
    .log("etcd-1", 1_160, "rejected connection", { level: "warn" })
    .log("etcd-1", 5_000, `${one} lost leader ${two} at term 3`)
    .build();
  const tags = (moments: number[], limits = around) => excerptsAround(run, moments, limits).map(({ tag, telling }) => [tag, telling]);

  it("are the lines of all members around events, most telling first", () => {
    expect(tags([1_000])).to.deep.equal([["election", true], ["slow", true], ["warning", false], ["other", false]]);
  });

  it("keep the most telling ones where there is no room for all", () => {
    expect(tags([1_000, 5_000], { ...around, mostLines: 2 })).to.deep.equal([["election", true], ["leader lost", true]]);
  });

  it("hold each line once where events are close together", () => {
    expect(tags([1_000, 1_050, 1_100])).to.have.length(4);
    expect(tags([])).to.deep.equal([]);
  });
});
