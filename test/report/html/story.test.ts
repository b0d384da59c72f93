import { expect } from "chai";
import { faultWindows } from "../../../src/analysis/fault-windows.ts";
import { sinceFault, tellStory } from "../../../src/report/html/story.ts";
import { recording } from "../../recordings/builder.ts";

const builder = () =>
  recording()
    .phase("broken", 0, 10_000)
    .fault({ kind: "kill", phase: "broken", targets: ["etcd-1"], requestedMs: 1_000, effectiveMs: 1_050, healingMs: 4_000, healedMs: 4_500 })
    .fault({ kind: "latency", phase: "broken", targets: ["etcd-2"], requestedMs: 3_000, ineffectiveMs: 3_500, healingMs: 5_000, unhealedMs: 5_500 });

describe("the story of a run", () => {
  it("tells how long every fault in force has lasted", () => {
    const faults = faultWindows(builder().build());
    expect(sinceFault(500, faults)).to.equal(undefined);
    expect(sinceFault(2_210, faults)).to.equal("1.21 s into kill");
    expect(sinceFault(3_500, faults)).to.equal("2.5 s into kill, 500 ms into latency");
  });

  it("takes a fault that did not heal for one that is still in force", () => {
    expect(sinceFault(9_000, faultWindows(builder().build()))).to.equal("6 s into latency");
  });

  it("tells how long ago the last fault healed, once none is in force", () => {
    const [kill] = faultWindows(builder().build());
    expect(sinceFault(4_750, kill === undefined ? [] : [kill])).to.equal("250 ms after kill healed");
  });

  it("puts events of all sources in order of time, each with an anchor of its own", () => {
    const run = builder().event({ type: "member", atMs: 1_040, member: "etcd-1", state: "killed", detail: "SIGKILL" }).build();
    const leader = { term: 3, leader: "etcd-2", firstSeenMs: 2_000, seenBy: "log", source: "etcd-3", text: "elected" } as const;
    const { entries, left } = tellStory(run, faultWindows(run), [leader], [{ startMs: 1_100, endMs: 2_100, attempted: 7 }], 100);
    const times = entries.map(({ atMs }) => atMs);
    expect(times).to.deep.equal([1_000, 1_040, 1_050, 1_100, 2_000, 2_100, 3_000, 3_500, 4_000, 4_500, 5_000, 5_500]);
    expect(new Set(entries.map(({ id }) => id)).size).to.equal(entries.length);
    expect(left).to.equal(0);
  });

  it("says in words that a fault had no effect, or did not heal", () => {
    const run = builder().build();
    const said = tellStory(run, faultWindows(run), [], [], 100).entries.map(({ what }) => what);
    expect(said).to.include("latency leader: no evidence that it took effect on etcd-2");
    expect(said).to.include("latency leader: not healed on etcd-2");
  });

  it("leaves out the least telling first, and says how many", () => {
    const run = builder().event({ type: "note", atMs: 100, level: "info", text: "a note" }).event({ type: "member", atMs: 1_040, member: "etcd-1", state: "killed" }).build();
    const { entries, left } = tellStory(run, faultWindows(run), [], [], 9);
    expect(left).to.equal(1);
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds).to.not.include("note");
    expect(kinds).to.include("member");
  });
});
