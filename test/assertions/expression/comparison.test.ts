import { expect } from "chai";
import { recording } from "../../recordings/builder.ts";
import { judgedText, problemOf } from "./expressions.ts";
import { counter, gauge, having, led, lost, phases, scraped } from "./runs.ts";

/** The outcome alone. */
function outcome(text: string, run: Parameters<typeof judgedText>[1]): string {
  return judgedText(text, run).outcome;
}

const rising = () => scraped(having((atMs) => atMs / 1_000));

describe("an expression of two measured sides", () => {
  const run = () => phases().operations(0, 4_000, 50, () => ({ tookMs: 10 })).operations(8_000, 10_000, 50, (atMs) => ({ tookMs: atMs < 9_000 ? 18 : 25 }));

  it("compares phases, and shows what it saw of both", () => {
    const verdict = judgedText("p50(put) during recovery <= 2 * p50(put) during baseline", run());
    expect(verdict).to.deep.include({ outcome: "pass", observed: "18 ms of 40 ok operations against 20 ms", bound: "at most 2 * p50(put) during baseline" });
    expect(verdict.evidence.slice(0, 2).map(({ text }) => text)).to.deep.equal(["40 operations meant to start in recovery, all of them ok", "80 operations meant to start in baseline, all of them ok"]);
    expect(judgedText("p99(put) during recovery <= 2 * p99(put) during baseline", run())).to.deep.include({
      outcome: "fail",
      reason: "25 ms of 40 ok operations against 20 ms, not at most 2 * p99(put) during baseline",
    });
  });

  it("is inconclusive where one side has nothing to go by, or its window never was", () => {
    expect(judgedText("p99(put) during recovery <= 2 * p99(put) during isolated", run())).to.deep.include({ outcome: "inconclusive", observed: "nothing", reason: "no put was meant to start in isolated" });
    expect(judgedText("p99(get) during recovery <= 2 * p99(put) during baseline", run()).reason).to.equal("no get was meant to start in recovery");
    expect(judgedText("p99(put) during recovery <= 2 * p99(put) during baselin", run())).to.deep.include({ outcome: "inconclusive", observed: "no such time in the recording" });
    const failing = phases().operations(0, 4_000, 50).operations(8_000, 10_000, 50, () => ({ outcome: "fail" }));
    expect(judgedText("p99(put) during recovery <= 2 * p99(put) during baseline", failing).reason).to.equal("none of 40 operations in recovery ended ok");
  });

  it("compares each member with itself", () => {
    const text = `increase(${counter}) during recovery <= increase(${counter}) during baseline`;
    expect(judgedText(text, rising())).to.deep.include({ outcome: "pass", observed: "2 against 4 on etcd-1 (worst of 2 members)" });
    const worse = () => scraped(having((atMs) => atMs / 1_000), having((atMs) => (atMs < 8_250 ? 0 : 9)));
    expect(judgedText(text, worse())).to.deep.include({ outcome: "fail", reason: `etcd-2: 9 against 0, not at most increase(${counter}) during baseline` });
    expect(problemOf(`${text} on any`), "on any belongs to the right side alone").to.include("it is to be compared on each and on any");
    expect(outcome(`increase(${counter}) during recovery on any <= increase(${counter}) during baseline on any`, worse())).to.equal("pass");
  });

  it("adds members up, and compares all with one", () => {
    const run2 = () => scraped(having(() => 3), having(() => 4));
    expect(judgedText(`sum(value(${gauge})) - value(${gauge}) on etcd-2 == 3 at end`, run2())).to.deep.include({ outcome: "pass", observed: "3 on etcd-2" });
    expect(judgedText(`value(${gauge}) at end <= value(${gauge}) on etcd-1 at end`, run2())).to.deep.include({ outcome: "fail", reason: `etcd-2: 4 against 3, not at most value(${gauge}) at end on etcd-1` });
  });

  it("compares two members, and knows which there are", () => {
    const run4 = () => scraped(having(() => 3), having(() => 4));
    expect(judgedText(`value(${gauge}) on etcd-1 at end < value(${gauge}) on etcd-2 at end`, run4())).to.deep.include({ outcome: "pass", observed: "3 against 4" });
    expect(judgedText(`value(${gauge}) on etcd-1 at end < value(${gauge}) on etcd-7 at end`, run4())).to.deep.include({ outcome: "inconclusive", reason: "this cluster has no member etcd-7, only etcd-1, etcd-2" });
    expect(outcome(`value(${gauge}) at end >= value(${gauge}) on etcd-2 at end`, run4()), "etcd-1 has less").to.equal("fail");
  });

  it("knows no value at the end of a time at which the member did not run", () => {
    const down = (toMs: number) => scraped(lost(4_500, toMs, having(() => 1))).event({ type: "member", atMs: 4_400, member: "etcd-1", state: "killed" }).event({ type: "member", atMs: toMs, member: "etcd-1", state: "started" });
    const text = `value(${gauge}) == 1 at end of isolated on etcd-1`;
    expect(judgedText(text, down(8_250))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: 1 is what was seen, but etcd-1 was not scraped from 4.25 s to 8 s" });
    expect(outcome(text, down(7_250)), "it runs again").to.equal("pass");
  });

  it("is of the members that a fault hit in any of its windows", () => {
    const run5 = () => scraped(having(() => 3), having((atMs) => atMs)).fault({ phase: "isolated", targets: ["etcd-2"], requestedMs: 4_100, effectiveMs: 4_200, healingMs: 8_000, healedMs: 8_050 });
    const text = (whom: string) => `value(${gauge}) at end on ${whom} > value(${gauge}) at end of baseline on ${whom}`;
    expect(judgedText(text("faulted"), run5())).to.deep.include({ outcome: "pass", observed: "10,000 against 4,000 on etcd-2" });
    expect(judgedText(text("unfaulted"), run5())).to.deep.include({ outcome: "fail", observed: "3 against 3 on etcd-1" });
  });

  it("is as certain as its parts: a gap in one of them leaves it open unless it could not matter", () => {
    const gap = () => scraped(lost(5_500, 7_500, having((atMs) => (atMs < 4_250 ? 0 : 10))));
    const compare = (operator: string, factor: string) => judgedText(`increase(${counter}) during isolated ${operator} ${factor} * increase(${counter}) during recovery + 5`, gap());
    expect(compare(">", "1").outcome, "at least 10 is above 5").to.equal("pass");
    expect(compare("<", "1").outcome).to.equal("fail");
    expect(compare("<", "1").evidence).to.have.length.above(1);
    const more = judgedText(`increase(${counter}) during isolated < 20 + 0 * increase(${counter}) during recovery`, gap());
    expect(more).to.deep.include({ outcome: "inconclusive" });
    expect(more.reason).to.include("at least 10 against 20 is what was seen, but etcd-1 was not scraped from 5.25 s to 7.75 s");
    expect(judgedText(`20 - increase(${counter}) > 15 during isolated`, gap())).to.deep.include({ outcome: "fail", observed: "at most 10 on etcd-1 (worst of 2 members)" });
    expect(outcome(`20 - increase(${counter}) < 15 during isolated`, gap())).to.equal("pass");
    expect(outcome(`20 - increase(${counter}) > 5 during isolated`, gap()), "it may be less").to.equal("inconclusive");
    expect(outcome(`increase(${counter}) * -1 > -15 during isolated`, gap())).to.equal("inconclusive");
    expect(outcome(`increase(${counter}) * -1 > -10 during isolated`, gap())).to.equal("fail");
    expect(outcome(`20 / increase(${counter}) <= 2 during isolated`, gap())).to.equal("pass");
    expect(outcome(`20 / increase(${counter}) >= 1 during isolated`, gap())).to.equal("inconclusive");
  });

  it("takes the increase over a restart for the least that it can be, on either side", () => {
    const restarted = () => scraped(having((atMs) => (atMs < 5_500 ? 10 : 4), (atMs) => (atMs < 5_500 ? 1 : 2)));
    const text = (operator: string, added: number) => `increase(${counter}) during isolated ${operator} increase(${counter}) during recovery + ${added}`;
    expect(outcome(text(">=", 4), restarted())).to.equal("pass");
    expect(outcome(text("<", 4), restarted())).to.equal("fail");
    expect(outcome(text("<=", 4), restarted()), "what it counted just before its end is lost").to.equal("inconclusive");
    expect(judgedText(text("<=", 4), restarted()).reason).to.include("started anew, seen at 5.5 s");
    expect(outcome(`5 + increase(${counter}) during recovery <= increase(${counter}) during isolated`, restarted())).to.equal("inconclusive");
  });

  it("is inconclusive where something is divided by nothing", () => {
    const verdict = judgedText(`increase(${counter}) / increase(${counter}) < 2 during recovery`, scraped(having(() => 3)));
    expect(verdict).to.deep.include({ outcome: "inconclusive", observed: "something divided by 0 on etcd-1 (worst of 2 members)" });
  });

  it("says != where the long form cannot, and turns around what has its number on the left", () => {
    const run3 = () => scraped(having(() => 3));
    expect(judgedText(`value(${gauge}) != 3 at end`, run3())).to.deep.include({ outcome: "fail", bound: "not 3" });
    expect(outcome(`value(${gauge}) != 4 at end`, run3())).to.equal("pass");
    expect(judgedText(`4 > value(${gauge}) at end`, run3())).to.deep.include({ outcome: "pass", bound: "below 4" });
    expect(outcome(`3 > value(${gauge}) at end`, run3())).to.equal("fail");
  });

  it("does not pass in a run that was cut short, whichever of its windows it was, and fails there for what was seen", () => {
    const cut = () => rising().interrupted(10_000);
    const text = (operator: string) => `increase(${counter}) during recovery ${operator} increase(${counter}) during baseline`;
    expect(judgedText(text("<="), cut())).to.deep.include({ outcome: "inconclusive", reason: "recovery was cut short at 10 s: the run was interrupted by SIGINT" });
    expect(outcome(`increase(${counter}) during recovery <= 0 * increase(${counter}) during baseline`, cut())).to.equal("fail");
    expect(outcome(`increase(${counter}) during baseline >= increase(${counter}) during isolated`, cut()), "neither is cut").to.equal("pass");
  });
});

describe("the window of an expression", () => {
  const run = () => scraped(having((atMs) => atMs)).log("etcd-1", 4_000, "here").log("etcd-2", 4_000, "here");

  it("may be the time before a phase, a moment, or the whole run but for its beginning", () => {
    expect(outcome(`increase(${counter}) != 4000 before isolated`, run())).to.equal("fail");
    expect(outcome(`value(${gauge}) != 4000 at start of isolated`, run())).to.equal("fail");
    expect(outcome(`value(${gauge}) == 8000 at end of isolated`, run())).to.equal("pass");
    expect(outcome(`value(${gauge}) == 10000 at end`, run())).to.equal("pass");
    expect(outcome(`min(${gauge}) == 2250 after 2s`, run())).to.equal("pass");
    expect(outcome(`increase(${counter}) == 1000 within 1s of isolated after 1s`, run())).to.equal("pass");
    expect(outcome(`increase(${counter}) == 6000 during isolated..recovery`, run())).to.equal("pass");
  });

  it("holds its start and not its end, for lines and operations", () => {
    for (const [text, expected] of [["during isolated", "pass"], ["before isolated", "fail"], ["during baseline", "fail"], ["within 1ms of isolated", "pass"], ["after 4s", "pass"], ["during isolated after 1ms", "fail"]] as const) {
      expect(outcome(`count(log /here/) >= 1 ${text}`, run()), text).to.equal(expected);
    }
  });

  it("that comes before a phase that never began is cut short, and there is none before the first", () => {
    const cut = () => rising().interrupted(10_000);
    expect(outcome(`increase(${counter}) >= 1 before upkeep`, cut())).to.equal("inconclusive");
    expect(outcome(`increase(${counter}) <= 1 before upkeep`, cut())).to.equal("fail");
    expect(judgedText(`increase(${counter}) >= 1 before upkeep`, rising()).reason).to.equal("upkeep never began: the recording has no such phase");
    expect(judgedText(`increase(${counter}) >= 1 before baseline`, rising()).reason).to.equal("nothing comes before baseline");
  });

  it("has no value at its start where no scrape came in the second before", () => {
    expect(judgedText(`value(${gauge}) == 0 at start`, rising())).to.deep.include({ outcome: "pass" });
    const late = scraped(lost(3_000, 4_000, having(() => 0)));
    expect(judgedText(`value(${gauge}) == 0 at start of isolated`, late)).to.deep.include({ outcome: "inconclusive", reason: "etcd-1, etcd-2: no scrape in the start of isolated was successful" });
  });
});

describe("an expression on the leader", () => {
  const run = () => led(scraped(having((atMs) => (atMs < 5_000 ? atMs / 1_000 : 5)), having((atMs) => (atMs < 5_000 ? 100 : 100 + (atMs - 5_000) / 500))));

  it("is about whoever led, and for each in turn while it led", () => {
    expect(judgedText(`increase(${counter}) != 4 during baseline on leader`, run())).to.deep.include({ outcome: "fail", observed: "4 on the leader" });
    expect(judgedText(`increase(${counter}) <= 2 during isolated on leader`, run())).to.deep.include({ outcome: "fail", observed: "6 on etcd-2 while it led (worst of 2 members)" });
    expect(outcome(`increase(${counter}) <= 6 during isolated on leader`, run())).to.equal("pass");
    expect(outcome(`increase(${counter}) >= 1 during isolated on leader`, run())).to.equal("pass");
    expect(outcome(`increase(${counter}) >= 2 during isolated on leader`, run()), "the first leader's was 1").to.equal("fail");
  });

  it("takes the value of who led in the end", () => {
    expect(outcome(`value(${gauge}) == 106 at end of isolated on leader`, run())).to.equal("pass");
    expect(outcome(`value(${gauge}) == 4 at start of isolated on leader`, run())).to.equal("pass");
    expect(outcome(`value(${gauge}) == 4 at end of baseline on leader`, run())).to.equal("pass");
  });

  it("compares phases where each had one leader, and is inconclusive where one had several", () => {
    expect(outcome(`increase(${counter}) during recovery on leader >= increase(${counter}) during baseline on leader`, run())).to.equal("pass");
    expect(judgedText(`increase(${counter}) during isolated on leader <= 9 * increase(${counter}) during baseline on leader`, run())).to.deep.include({ outcome: "inconclusive", reason: "etcd-1 and then etcd-2 led in isolated" });
  });

  it("is inconclusive where no leader was seen", () => {
    expect(judgedText(`value(${gauge}) == 4 at end on leader`, scraped(having(() => 4)))).to.deep.include({ outcome: "inconclusive", reason: "no leader was seen in run" });
  });
});

describe("an expression of what clients got", () => {
  const run = () => phases().operations(0, 10_000, 100, (atMs) => ({ op: atMs % 200 === 0 ? "put" : "get", tookMs: 1 + (atMs % 1_000) / 100, member: atMs < 5_000 ? "etcd-1" : "etcd-2", outcome: atMs >= 4_000 && atMs < 5_000 ? "info" : "ok" }));

  it("counts by outcome, and only those that ended ok where nothing is said", () => {
    expect(outcome("count(put) != 15 during isolated", run())).to.equal("fail");
    expect(outcome("count(put, outcome=info) == 5 during isolated", run())).to.equal("pass");
    expect(outcome("count(put, outcome=any) == 20 during isolated", run())).to.equal("pass");
    expect(outcome("rate(ops) == 7.5 during isolated", run())).to.equal("pass");
    expect(outcome("rate(any, outcome=info) == 2.5 during isolated", run())).to.equal("pass");
  });

  it("does not take an operation that nobody tried for one that did not fail", () => {
    expect(judgedText("count(txn, outcome=fail) == 0", run())).to.deep.include({ outcome: "inconclusive", reason: "no txn was meant to start in run" });
  });

  it("measures extremes and means of latencies, and those at some members' endpoints", () => {
    expect(outcome("max(put) <= 9ms during baseline", run())).to.equal("pass");
    expect(outcome("max(put) < 9ms during baseline", run())).to.equal("fail");
    expect(outcome("min(get) >= 2ms during baseline", run())).to.equal("pass");
    expect(outcome("avg(any) == 5.5ms during baseline", run())).to.equal("pass");
    expect(outcome("availability(any) >= 100% during isolated on etcd-2", run())).to.equal("pass");
    expect(judgedText("availability(any) >= 50% during isolated on etcd-1", run())).to.deep.include({ outcome: "fail", observed: "0 % ok of 10 operations on etcd-1" });
    expect(judgedText("count(any) > 1 during recovery on each", run()).reason).to.equal("etcd-1: no operation was meant to start in recovery");
  });

  it("counts what was due and never sent against availability", () => {
    const missing = () => run().event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 1_000, count: 10 }] });
    expect(judgedText("availability(any) < 90% during baseline", missing())).to.deep.include({ outcome: "pass", observed: "80 % ok of 50 operations, 10 of them never sent" });
    expect(outcome("availability(any) < 100% during baseline on etcd-2", missing())).to.equal("inconclusive");
  });

  it("never rounds a part of an operation that was not sent to none", () => {
    const missing = () => recording().phase("baseline", 0, 5_000).operations(0, 1_000, 10, (atMs) => ({ op: atMs % 40 === 0 ? "put" : "get" })).event({ type: "missed", atMs: 900, requests: [{ member: "etcd-1", atMs: 800, count: 1 }] });
    expect(judgedText("availability(put) > 99.5%", missing())).to.deep.include({ outcome: "fail", observed: "99 % ok of 25.25 operations, 0.25 of them never sent" });
    expect(outcome("availability(put) >= 100%", missing())).to.equal("fail");
  });

  it("is uncertain to the side that is open where the window was cut short", () => {
    const cut = () => run().interrupted(10_000);
    expect(outcome("count(put) < 5 during recovery", cut())).to.equal("fail");
    expect(outcome("count(put) > 50 during recovery", cut())).to.equal("inconclusive");
    expect(outcome("max(put) < 2ms during recovery", cut())).to.equal("fail");
    expect(outcome("min(put) > 2ms during recovery", cut())).to.equal("fail");
    expect(outcome("avg(put) > 50ms during recovery", cut())).to.equal("inconclusive");
  });
});
