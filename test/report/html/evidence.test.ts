import { expect } from "chai";
import type { Evidence } from "../../../assertions/verdict.ts";
import { bestMatch, evidenceMaxEach, linkEvidence } from "../../../src/report/html/evidence.ts";
import { limitsAt } from "../../../src/report/html/limits.ts";
import type { StoryEntry } from "../../../src/report/html/story.ts";

const entry: StoryEntry = { id: "t1", atMs: 6_212, kind: "leader", glyph: "★", what: "etcd-3 leads", member: "etcd-3", details: [], proofs: [] };
const rows = [
  { id: "l1", atMs: 6_481, member: "etcd-1" },
  { id: "l2", atMs: 6_481, member: "etcd-2" },
];

function targets(...evidence: Evidence[]): string[] {
  const assertion = { kind: "log", title: "a", verdict: { outcome: "pass", observed: "o", bound: "b", evidence } } as const;
  return linkEvidence([assertion], [entry], rows, limitsAt(1)).flatMap((each) => each.evidence.map(({ target }) => target));
}

describe("evidence", () => {
  it("of a log leads to the line of the same moment and member", () => {
    expect(targets({ kind: "log", atMs: 6_481.2, member: "etcd-2", text: "" })).to.deep.equal(["l2"]);
  });

  it("of a log leads to the line that it quotes, where a member wrote several in a millisecond", () => {
    const lines = [
      { id: "l1", atMs: 7.1, member: "etcd-3", msg: "received MsgVoteResp" },
      { id: "l2", atMs: 7.4, member: "etcd-3", msg: "became leader at term 3" },
    ];
    expect(bestMatch(lines, { kind: "log", atMs: 7.2, member: "etcd-3", text: "etcd-3: became leader at term 3" })?.id).to.equal("l2");
    expect(bestMatch(lines, { kind: "log", atMs: 7.2, member: "etcd-3", text: "1 line" })?.id).to.equal("l1");
    expect(bestMatch(lines, { kind: "log", atMs: 7.2, member: "etcd-1", text: "" })).to.equal(undefined);
  });

  it("of an event or a status leads to the row of the story", () => {
    expect(targets({ kind: "status", atMs: 6_212, member: "etcd-3", text: "" })).to.deep.equal(["t1"]);
  });

  it("that has no row gets a mark in the timeline", () => {
    expect(targets({ kind: "log", atMs: 9, text: "" }, { kind: "metric", atMs: 6_212, member: "etcd-3", text: "" })).to.deep.equal(["e1-1", "e1-2"]);
  });

  it("is linked up to a limit, and what is left is counted", () => {
    const evidence = Array.from({ length: evidenceMaxEach + 5 }, (_, atMs): Evidence => ({ kind: "metric", atMs, text: "" }));
    const assertion = { kind: "log", title: "a", verdict: { outcome: "pass", observed: "o", bound: "b", evidence } } as const;
    const [linked] = linkEvidence([assertion], [], [], limitsAt(1));
    expect(linked?.evidence).to.have.length(evidenceMaxEach);
    expect(linked?.evidenceLeft).to.equal(5);
  });
});
