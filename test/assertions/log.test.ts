import { expect } from "chai";

import { recording } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const run = () =>
  recording()
    .phase("baseline", 0, 5_000)
    .phase("isolated", 5_000, 13_000)
    .log("etcd-1", 100, "serving client traffic")
    .log("etcd-2", 100, "serving client traffic")
    .log("etcd-3", 100, "serving client traffic")
    .log("etcd-2", 6_480, "raft.node: 91bc lost leader 91bc at term 2")
    .log("etcd-1", 6_300, "apply request took too long", { level: "warn", took: "1.09s", term: 3, tags: { peer: "x" } });

describe("log", () => {
  it("passes where enough lines match, and shows them", () => {
    expect(judged("log", { match: "lost leader", "at-least": 1, of: "etcd-2", during: "isolated" }, run())).to.deep.equal({
      outcome: "pass",
      observed: "1 line on etcd-2",
      bound: "at least 1 line",
      evidence: [{ kind: "log", atMs: 6_480, member: "etcd-2", text: "raft.node: 91bc lost leader 91bc at term 2" }],
    });
  });

  it("has to hold for each member, for any, or for all together", () => {
    const match = { match: "lost leader|too long", "at-least": 1, during: "isolated" };
    expect(judged("log", match, run())).to.deep.include({ outcome: "fail", observed: "no line on etcd-3 (worst of 3 members)" });
    expect(judged("log", { ...match, of: "any" }, run()).outcome).to.equal("pass");
    expect(judged("log", { ...match, of: "all", "at-least": 2 }, run())).to.deep.include({ outcome: "pass", observed: "2 lines on all members" });
    expect(judged("log", { ...match, of: "any", "at-least": 2 }, run()).outcome).to.equal("fail");
  });

  it("is about the members that a fault hit, or did not", () => {
    const faulted = () => run().fault({ phase: "isolated", targets: ["etcd-2"], requestedMs: 5_000, effectiveMs: 5_050, healingMs: 13_000, healedMs: 13_100 });
    const match = { match: "lost leader", "at-least": 1, during: "isolated" };
    expect(judged("log", { ...match, of: "faulted" }, faulted()).outcome).to.equal("pass");
    expect(judged("log", { ...match, of: "unfaulted" }, faulted()).outcome).to.equal("fail");
    expect(judged("log", { ...match, of: "faulted" }, run())).to.deep.include({ outcome: "inconclusive", reason: "no fault hit a member in isolated" });
    expect(judged("log", { ...match, of: "faulted", during: "baseline" }, faulted()).outcome).to.equal("inconclusive");
    expect(judged("log", { match: "lost", none: true, of: "faulted", during: "recovery" }, faulted().phase("recovery", 13_101, 15_000)).outcome).to.equal("pass");
    const early = () => run().fault({ phase: "isolated", targets: ["etcd-2"], requestedMs: 4_999, healedMs: 9_000 });
    expect(judged("log", { ...match, of: "faulted", during: "baseline" }, early()).reason).to.equal("no fault hit a member in baseline");
    expect(judged("log", { ...match, of: "etcd-9" }, run())).to.deep.include({ outcome: "inconclusive", reason: "this cluster has no member etcd-9, only etcd-1, etcd-2, etcd-3" });
  });

  it("searches the fields that are named, all of which have to match", () => {
    const atLeast = (match: object) => judged("log", { match, "at-least": 1, of: "any" }, run()).outcome;
    expect(atLeast({ msg: "too long", level: "warn|error", took: "^1\\." })).to.equal("pass");
    expect(atLeast({ msg: "too long", level: "error" })).to.equal("fail");
    expect(atLeast({ term: "^3$" })).to.equal("pass");
    expect(atLeast({ tags: '"peer":"x"' })).to.equal("pass");
    expect(atLeast({ took: "^9" })).to.equal("fail");
    // A field that no line has is misspelt, or of another version.
    expect(atLeast({ absent: ".*" })).to.equal("inconclusive");
    expect(atLeast({ constructor: "." })).to.equal("inconclusive");
  });

  it("fails where there is a line that should not be, and passes where there is none", () => {
    expect(judged("log", { match: "lost leader", none: true }, run())).to.deep.include({ outcome: "fail", observed: "1 line on etcd-2 (worst of 3 members)", bound: "no line" });
    expect(judged("log", { match: "panic", none: true }, run())).to.deep.include({
      outcome: "pass",
      evidence: ["etcd-1", "etcd-2", "etcd-3"].map((member, index) => ({ kind: "window", atMs: 0, endMs: 13_000, member, text: `none of ${index === 2 ? "1 line" : "2 lines"} of ${member} in run matched` })),
    });
  });

  it("does not take a field that no line has for the lack of such lines", () => {
    expect(judged("log", { match: { lvl: "error" }, none: true }, run())).to.deep.include({ outcome: "inconclusive", reason: "etcd-1, etcd-2, etcd-3: no line of the whole run has a field lvl" });
  });

  it("holds the window's start, not its end", () => {
    const at = (atMs: number) => judged("log", { match: "mark", none: true, during: "isolated" }, run().log("etcd-1", atMs, "mark")).outcome;
    expect([4_999, 5_000, 12_999, 13_000].map(at)).to.deep.equal(["pass", "fail", "fail", "pass"]);
  });

  it("is inconclusive about a member of which no line was recorded at all", () => {
    const silent = () => recording({ members: 2 }).phase("baseline", 0, 5_000).log("etcd-1", 100, "ready");
    expect(judged("log", { match: "panic", none: true }, silent())).to.deep.include({ outcome: "inconclusive", reason: "etcd-2: nothing of the log was recorded in the whole run" });
    expect(judged("log", { match: "ready", "at-least": 1 }, silent()).outcome).to.equal("inconclusive");
    expect(judged("log", { match: "ready", none: true }, silent()).outcome).to.equal("fail");
    expect(judged("log", { match: "panic", none: true, of: "all" }, silent()).outcome).to.equal("inconclusive");
  });

  it("is inconclusive where etcd may have left lines out, or the window was cut short", () => {
    const flood = run();
    for (let index = 0; index < 100; index += 1) flood.log("etcd-1", 5_000 + index, "flood");
    expect(judged("log", { match: "flood", "at-least": 101, of: "etcd-1" }, flood).outcome).to.equal("inconclusive");
    expect(judged("log", { match: "flood", "at-least": 100, of: "etcd-1" }, flood).outcome).to.equal("pass");
    expect(judged("log", { match: "panic", none: true, during: "isolated" }, run().interrupted(13_000)).outcome).to.equal("inconclusive");
    expect(judged("log", { match: "lost", none: true, during: "isolated" }, run().interrupted(13_000)).outcome).to.equal("fail");
  });

  it("searches only the beginning of a very long line, and does not take it for searched", () => {
    const long = () => run().log("etcd-1", 6_000, `${"x".repeat(100_000)}needle`);
    expect(judged("log", { match: "needle", none: true }, long())).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: only the first 2000 characters of 1 line were searched" });
    expect(judged("log", { match: "^x+", none: true }, long()).outcome).to.equal("fail");
    expect(judged("log", { match: { level: "error" }, none: true }, long()).outcome).to.equal("pass");
  });

  it("refuses what is no regular expression, with the engine's words, and a count that zap cannot give", () => {
    expect(problemsOf("log", { match: "a(b", none: true })).to.deep.equal(["match: Invalid regular expression: /a(b/: Unterminated group"]);
    expect(problemsOf("log", { match: { msg: "[", level: "warn" }, none: true })[0]).to.match(/^match\.msg: Invalid regular expression/);
    expect(problemsOf("log", { match: {}, none: true })).to.deep.equal(["match: needs at least one field"]);
    expect(problemsOf("log", { match: "x" })).to.deep.equal(["needs exactly one of at-least, none, at-most, first, then, value"]);
    expect(problemsOf("log", { match: "x", none: true, "at-least": 1 })).to.deep.equal(["needs exactly one of at-least, none, at-most, first, then, value"]);
    expect(problemsOf("log", { match: "x", exactly: 3, none: true })).to.have.length(1);
    expect(titleOf("log", { match: { msg: "lost", level: "warn" }, none: true })).to.equal("log lines with /lost/, level /warn/ over the run, each member");
  });
});
