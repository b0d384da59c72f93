import { expect } from "chai";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const slow = "apply request took too long";

/** One member; baseline 0 to 5 s, isolated to 10 s. */
const phases = (): RecordingBuilder => recording({ members: 1 }).phase("baseline", 0, 5_000).phase("isolated", 5_000, 10_000);
const run = () =>
  phases()
    .log("etcd-1", 1_000, "ready")
    .log("etcd-1", 5_000, slow, { level: "warn", took: "120.5ms", caller: "v3rpc/util.go:1", "expected-duration": "100ms" })
    .log("etcd-1", 6_000, slow, { level: "warn", took: "1.09s", caller: "v3rpc/util.go:1", "expected-duration": "100ms" })
    .log("etcd-1", 7_000, "compacted", { revision: 500, took: "80µs" });

/** So many lines that zap may have left some out, from 6 s on. */
const flooded = (lines: number) => {
  const flood = run();
  for (let index = 0; index < lines; index += 1) flood.log("etcd-1", 6_100 + index * 5, slow, { level: "warn", took: "101ms" });
  return flood;
};

const outcome = (options: object, of: Pick<RecordingBuilder, "build"> = run()): string => judged("log", { during: "isolated", ...options }, of).outcome;

describe("log lines by their fields", () => {
  const counted = (match: object, of = run()) => judged("log", { match, "at-least": 1, during: "isolated" }, of).observed;

  it("are chosen by text, by whole matches and by what they are not", () => {
    expect(counted({ msg: { contains: "took too" } })).to.equal("2 lines on etcd-1");
    expect(counted({ level: { equals: "warn" } })).to.equal("2 lines on etcd-1");
    expect(counted({ level: { not: "warn" } })).to.equal("1 line on etcd-1");
    expect(counted({ caller: { matches: "v3rpc/.*" } })).to.equal("2 lines on etcd-1");
    expect(counted({ caller: { matches: "v3rpc" } })).to.equal("no line on etcd-1");
    expect(counted({ caller: { "not-matches": "v3rpc/.*" } })).to.equal("1 line on etcd-1");
    expect(counted({ revision: { equals: 500 } })).to.equal("1 line on etcd-1");
  });

  it("are compared as durations and as numbers, in the units that they have", () => {
    expect(counted({ took: { above: "120ms" } })).to.equal("2 lines on etcd-1");
    expect(counted({ took: { above: "120.5ms" } })).to.equal("1 line on etcd-1");
    expect(counted({ took: { "at-least": "120.5ms", below: "1s" } })).to.equal("1 line on etcd-1");
    expect(counted({ took: { "at-most": "80ms" } })).to.equal("1 line on etcd-1");
    expect(counted({ revision: { above: 499, "at-most": 500 } })).to.equal("1 line on etcd-1");
  });

  it("may be there where a field cannot be compared, which is said", () => {
    const odd = () => run().log("etcd-1", 8_000, slow, { took: "long" });
    expect(judged("log", { match: { took: { above: "5s" } }, none: true, during: "isolated" }, odd())).to.deep.include({ outcome: "inconclusive", reason: 'etcd-1: took is no duration in 1 line, such as "long"' });
    expect(outcome({ match: { took: { above: "1s" } }, none: true }, odd())).to.equal("fail");
    expect(outcome({ match: { took: { above: 5 } }, none: true })).to.equal("inconclusive");
    expect(outcome({ match: { took: { above: "5s" } }, none: true })).to.equal("pass");
  });

  it("may have been left out by etcd, which drops by the message and not by other fields", () => {
    const above = { match: { msg: slow, took: { above: "5s" } }, none: true };
    expect(outcome(above, flooded(98))).to.equal("pass");
    expect(judged("log", { ...above, during: "isolated" }, flooded(99))).to.deep.include({ outcome: "inconclusive", reason: `etcd-1: "${slow}" came 100 times in a second, and from there on etcd leaves most such lines out` });
    expect(outcome({ ...above, during: "baseline" }, flooded(100))).to.equal("pass");
    // None of these means none: one that is left out comes after a hundred like it.
    expect(outcome({ match: "compacted twice", none: true }, flooded(200))).to.equal("pass");
    const others = run();
    for (let index = 0; index < 200; index += 1) others.log("etcd-1", 6_100 + index, `${slow} ${index}`, { took: "101ms" });
    expect(outcome(above, others)).to.equal("pass");
  });

  it("are lower bounds: no other number than 0 can be the most", () => {
    expect(problemsOf("log", { match: "x", "at-most": 5 })).to.deep.equal(["at-most: can only be 0: etcd leaves lines out when it logs many alike, so that a count is a lower bound, of which only 0 can be asked for as the most"]);
    expect(outcome({ match: "panic", "at-most": 0 })).to.equal("pass");
    expect(outcome({ match: "compacted", "at-most": 0 })).to.equal("fail");
  });

  it("cannot be told where the log is damaged, or is not there", () => {
    const none = { match: "panic", none: true };
    expect(judged("log", { ...none, during: "isolated" }, run().defect("logs/etcd-1.log:5 is torn, as by a writer that was killed, and left out"))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: logs/etcd-1.log:5 is torn, as by a writer that was killed, and left out" });
    expect(outcome(none, run().defect("logs/etcd-2.log is not there"))).to.equal("pass");
    expect(outcome(none, run().rawLog("etcd-1", 7_500, '{"level":"warn","msg":"pan'))).to.equal("inconclusive");
    expect(outcome(none, run().rawLog("etcd-1", 7_500, "goroutine 1 [running]:"))).to.equal("pass");
    expect(outcome({ match: "compacted", "at-least": 1 }, run().rawLog("etcd-1", 7_500, "{"))).to.equal("pass");
  });

  it("go on after a restart of the member", () => {
    const restarted = () => run().event({ type: "member", atMs: 7_500, member: "etcd-1", state: "exited" }).log("etcd-1", 8_500, slow, { took: "2s" });
    expect(outcome({ match: { took: { above: "1.5s" } }, "at-least": 1 }, restarted())).to.equal("pass");
  });
});

describe("the first log line", () => {
  const first = (within: string, more: object = {}, of = run()) => judged("log", { match: "compacted", first: { within }, during: "isolated", ...more }, of);

  it("comes in time, at the very end of it too, or too late", () => {
    expect(first("2s")).to.deep.include({ outcome: "pass", observed: "first line after 2 s on etcd-1", bound: "the first within 2 s" });
    expect(first("1999ms")).to.deep.include({ outcome: "fail", reason: "etcd-1: first line after 2 s of isolated" });
  });

  it("is counted from the window's start, which holds it", () => {
    expect(first("1ms", { match: slow }).observed).to.equal("first line after 0 ms on etcd-1");
    expect(first("1s", { after: "1500ms", during: "isolated" }).observed).to.equal("first line after 500 ms on etcd-1");
  });

  it("comes too late where there is none for as long, and cannot be told where the window is shorter", () => {
    expect(first("4s", { match: "panic" })).to.deep.include({ outcome: "fail", observed: "no line in 5 s on etcd-1" });
    expect(first("6s", { match: "panic" }).outcome).to.equal("inconclusive");
    expect(first("4s", { match: "panic" }, run().interrupted(10_000)).outcome).to.equal("fail");
    expect(first("4s", { match: "panic" }, phases()).outcome).to.equal("inconclusive");
  });

  it("may have come before, where lines may be lost", () => {
    expect(first("1s", {}, run().rawLog("etcd-1", 5_100, "{")).outcome).to.equal("inconclusive");
    expect(first("2s", {}, run().rawLog("etcd-1", 5_100, "{")).outcome).to.equal("pass");
  });
});

describe("the order of log lines", () => {
  const lost = (atMs: number, found: number | undefined, member = "etcd-1") => (found === undefined ? run().log("etcd-1", atMs, "lost leader") : run().log("etcd-1", atMs, "lost leader").log(member, found, "elected leader"));
  const order = { match: "lost leader", then: { match: "elected leader", within: "2s" } };

  it("holds where each is followed in time, at the very end of it too", () => {
    expect(judged("log", { ...order, during: "isolated" }, lost(6_000, 8_000))).to.deep.include({ outcome: "pass", observed: "1 of 1 line followed, after 2 s at most on etcd-1", bound: "each followed within 2 s" });
    expect(judged("log", { ...order, during: "isolated" }, lost(6_000, 8_001))).to.deep.include({ outcome: "fail", reason: "etcd-1: nothing matched within 2 s after 6 s" });
    expect(outcome(order, lost(6_000, undefined))).to.equal("fail");
    expect(outcome(order, lost(6_000, 5_900))).to.equal("fail");
  });

  it("is of first lines in the window, whose followers may come after it", () => {
    const before = () => phases().log("etcd-1", 4_999, "lost leader").log("etcd-1", 5_500, "elected leader");
    expect(outcome({ ...order, during: "baseline" }, before())).to.equal("pass");
    expect(judged("log", { ...order, during: "isolated" }, before())).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: no line matched in isolated that could be followed" });
  });

  it("has to hold for each first line, which several may share", () => {
    const twice = () => lost(6_000, 6_500).log("etcd-1", 6_200, "lost leader");
    expect(outcome(order, twice())).to.equal("pass");
    expect(outcome(order, twice().log("etcd-1", 7_000, "lost leader"))).to.equal("fail");
  });

  it("is of each member's own lines, or of all together", () => {
    const two = () => recording({ members: 2 }).phase("isolated", 5_000, 10_000).log("etcd-2", 5_000, "ready").log("etcd-1", 6_000, "lost leader").log("etcd-2", 7_000, "elected leader");
    expect(outcome({ ...order, of: "etcd-1" }, two())).to.equal("fail");
    expect(outcome({ ...order, of: "all" }, two())).to.equal("pass");
    expect(outcome({ ...order, of: "all" }, two().log("etcd-2", 8_001, "lost leader"))).to.equal("inconclusive");
  });

  it("cannot be told where the run ended too soon, or lines may be lost", () => {
    expect(outcome(order, lost(9_000, undefined))).to.equal("inconclusive");
    expect(outcome(order, lost(6_000, undefined).rawLog("etcd-1", 6_500, "{"))).to.equal("inconclusive");
    expect(outcome(order, lost(6_000, 7_000).interrupted(10_000))).to.equal("inconclusive");
    expect(outcome(order, lost(6_000, undefined).interrupted(10_000))).to.equal("fail");
    expect(outcome({ ...order, then: { match: "absent", within: "1s" } }, lost(6_000, undefined))).to.equal("fail");
  });
});

describe("what a field of log lines comes to", () => {
  const value = (more: object, of: Pick<RecordingBuilder, "build"> = run(), rest: object = {}) => judged("log", { match: slow, value: { field: "took", ...more }, during: "isolated", ...rest }, of);

  it("is bounded like a metric", () => {
    expect(value({ below: "1.1s" })).to.deep.include({ outcome: "pass", observed: "1.09 s (of 2 lines) on etcd-1", bound: "below 1.1 s" });
    expect(value({ below: "1s" })).to.deep.include({ outcome: "fail", reason: "etcd-1: 1.09 s (of 2 lines), not below 1 s" });
    expect(value({ measure: "min", "at-least": "120.5ms" }).outcome).to.equal("pass");
    expect(value({ measure: "avg", below: "606ms" }).observed).to.equal("605 ms (of 2 lines) on etcd-1");
    expect(value({ measure: "quantile", quantile: 0.5, below: "121ms" }).outcome).to.equal("pass");
    expect(value({ field: "revision", above: 499 }, run(), { match: "compacted" }).observed).to.equal("500 (of 1 line) on etcd-1");
  });

  it("is nothing where no line matched, or none has such a field, or not the same", () => {
    expect(value({ below: "1s" }, run(), { during: "baseline" })).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: no line matched in baseline, so that there is no took" });
    expect(value({ field: "caller", below: "1s" }).reason).to.equal("etcd-1: none of 2 lines has a caller that is a duration or a number");
    expect(value({ below: 5 }).reason).to.equal("etcd-1: took is a duration, and is compared with a plain number");
    expect(value({ below: "5s" }, run().log("etcd-1", 8_000, slow, { took: 3 })).outcome).to.equal("inconclusive");
  });

  it("is a bound of the true one where lines may have been left out, or cannot be read", () => {
    expect(value({ below: "1.1s" }, flooded(100)).outcome).to.equal("inconclusive");
    expect(value({ below: "1s" }, flooded(100)).outcome).to.equal("fail");
    expect(value({ measure: "min", below: "500ms" }, flooded(100)).outcome).to.equal("pass");
    expect(value({ measure: "avg", below: "500ms" }, flooded(100)).outcome).to.equal("inconclusive");
    expect(value({ below: "1.1s" }, run().log("etcd-1", 8_000, slow))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: at least 1.09 s (of 2 lines) is what was seen, but 1 line had no took that can be read" });
    expect(value({ below: "1.1s" }, run().interrupted(10_000)).outcome).to.equal("inconclusive");
    expect(value({ below: "1s" }, run().interrupted(10_000)).outcome).to.equal("fail");
  });

  it("wants bounds that go together", () => {
    expect(problemsOf("log", { match: "x", value: { field: "took" } })).to.deep.equal(["value: needs one of above, at-least, below, at-most, equals"]);
    expect(problemsOf("log", { match: "x", value: { field: "took", below: "5s", above: 3 } })).to.deep.equal(["value: must be all numbers, or all durations"]);
    expect(problemsOf("log", { match: "x", value: { field: "took", below: "1s", above: "3s" } })[0]).to.match(/^value: nothing can be/);
    expect(titleOf("log", { match: "x", value: { field: "took", below: "1s" }, of: "leader" })).to.equal("max took of log lines with /x/ over the run, the leader");
  });
});

describe("log lines of the leader", () => {
  const led = () => recording({ members: 2 }).phase("isolated", 0, 10_000).statuses(-500, 5_000, { leader: "etcd-1", term: 2 }).statuses(5_000, 10_100, { leader: "etcd-2", term: 3 }).log("etcd-1", 100, "ready").log("etcd-2", 100, "ready");

  it("are those of each while it led", () => {
    const none = { match: "slow", none: true, of: "leader" };
    expect(outcome(none, led().log("etcd-1", 6_000, "slow").log("etcd-2", 4_999, "slow"))).to.equal("pass");
    expect(judged("log", none, led().log("etcd-1", 6_000, "slow").log("etcd-2", 5_000, "slow"))).to.deep.include({ outcome: "fail", observed: "1 line on etcd-2 while it led (worst of 2 members)" });
    expect(judged("log", none, recording({ members: 1 }).phase("isolated", 0, 10_000).log("etcd-1", 5, "ready"))).to.deep.include({ outcome: "inconclusive", reason: "no leader was seen in run" });
  });
});
