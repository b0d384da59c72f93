import { expect } from "chai";
import { interruptedAt, violationIn } from "../../../src/judge/violation.ts";
import { assertionOf, judgedText } from "./expressions.ts";
import { counter, gauge, having, led, lost, phases, scraped, type Values } from "./runs.ts";

function outcome(text: string, run: Parameters<typeof judgedText>[1]): string {
  return judgedText(text, run).outcome;
}

/** A gauge that is 1, and 0 in a time. */
const outage = (fromMs: number, toMs: number): Values => having((atMs) => (atMs >= fromMs && atMs < toMs ? 0 : 1));
const well = having(() => 1);

describe("eventually", () => {
  const text = `eventually value(${gauge}) == 1 within 2s of isolated on etcd-1`;

  it("passes where it held once, and tells when first", () => {
    expect(judgedText(text, scraped(outage(3_000, 5_500)))).to.deep.include({ outcome: "pass", observed: "1 at 5.5 s on etcd-1", bound: "eventually exactly 1" });
    expect(judgedText(text, scraped(outage(3_000, 5_500))).evidence[0]).to.deep.include({ atMs: 5_500, member: "etcd-1" });
  });

  it("fails where it never held in a window that was seen whole: up to its end, and not after", () => {
    expect(outcome(text, scraped(outage(4_000, 6_000)))).to.equal("pass");
    expect(judgedText(text, scraped(outage(4_000, 6_250)))).to.deep.include({ outcome: "fail", observed: "held in 0 of 8 scrapes on etcd-1", reason: "etcd-1: it held in 0 of 8 scrapes of isolated" });
  });

  it("is inconclusive where it may have held unseen, or the window was cut short", () => {
    expect(judgedText(text, scraped(lost(4_500, 5_250, outage(4_000, 9_000))))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: nothing was seen from 4.25 s to 5.5 s" });
    expect(outcome(text, scraped(lost(4_500, 5_000, outage(4_000, 9_000)))), "three scrapes are no gap").to.equal("fail");
    expect(judgedText(text, scraped(lost(4_000, 6_000, well))).reason).to.equal("etcd-1: nothing of it was seen in isolated");
    const cut = (values: Values) => scraped(values, values, phases().interrupted(10_000));
    expect(outcome(`eventually value(${gauge}) == 1 during recovery`, cut(outage(8_000, 11_000)))).to.equal("inconclusive");
    expect(judgedText(`eventually value(${gauge}) == 1 during recovery`, cut(well))).to.deep.include({ outcome: "inconclusive", reason: "recovery was cut short at 10 s: the run was interrupted by SIGINT" });
  });

  it("has to hold for each member, or for any where so said", () => {
    const one = () => scraped(outage(4_000, 9_000), well);
    expect(judgedText(`eventually value(${gauge}) == 1 during isolated`, one())).to.deep.include({ outcome: "fail", observed: "held in 0 of 16 scrapes on etcd-1 (worst of 2 members)" });
    expect(outcome(`eventually value(${gauge}) == 1 during isolated on any`, one())).to.equal("pass");
  });

  it("compares each second with another phase: a load that recovers to most of what it was", () => {
    const load = (fullFromMs: number) => phases().operations(0, 4_000, 50).operations(4_000, fullFromMs, 500).operations(fullFromMs, 10_000, 50);
    const recovers = "eventually rate(ops) >= 90% * rate(ops) during baseline within 3s of isolated";
    expect(judgedText(recovers, load(5_000))).to.deep.include({ outcome: "pass", observed: "20 a second against 18 at 6 s" });
    expect(judgedText(recovers, load(6_500))).to.deep.include({ outcome: "fail", observed: "held in 0 of 3 seconds" });
  });
});

describe("always", () => {
  const text = `always value(${gauge}) == 1 during isolated`;

  it("passes where it held in every scrape, and fails at the first in which it did not", () => {
    expect(judgedText(text, scraped(well))).to.deep.include({ outcome: "pass", observed: "held in 16 of 16 scrapes on etcd-1 (worst of 2 members)" });
    const verdict = judgedText(text, scraped(well, outage(6_000, 6_500)));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "0 at 6 s on etcd-2 (worst of 2 members)", reason: "etcd-2: 0 at 6 s; it held in 14 of 16 scrapes" });
    expect(verdict.evidence.map(({ atMs }) => atMs)).to.deep.equal([6_000, 6_250]);
  });

  it("does not look beyond its window", () => {
    expect(outcome(text, scraped(outage(8_250, 9_000)))).to.equal("pass");
    expect(outcome(text, scraped(outage(8_000, 8_250)))).to.equal("fail");
    expect(outcome(text, scraped(outage(3_000, 4_250)))).to.equal("pass");
  });

  it("is inconclusive over a gap, and not where the member did not run", () => {
    expect(judgedText(text, scraped(lost(5_000, 6_500, well)))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1, etcd-2: nothing was seen from 4.75 s to 6.75 s" });
    const down = scraped(lost(5_000, 6_500, well), well).event({ type: "member", atMs: 4_900, member: "etcd-1", state: "killed" }).event({ type: "member", atMs: 6_600, member: "etcd-1", state: "started" });
    expect(outcome(text, down)).to.equal("pass");
    expect(outcome(text, scraped(lost(5_000, 6_500, outage(7_000, 7_500)))), "it was seen not to hold").to.equal("fail");
  });

  it("looks second by second at what takes time, and tells where a second says nothing", () => {
    const run = (everyMs: number) => phases().operations(0, 4_000, 50).operations(4_000, 8_000, everyMs);
    expect(outcome("always rate(put) >= 10 during isolated", run(100))).to.equal("pass");
    expect(judgedText("always rate(put) >= 10 during isolated", run(200))).to.deep.include({ outcome: "fail", observed: "5 a second at 5 s" });
    expect(judgedText("always rate(put) >= 10 during isolated..recovery", run(100))).to.deep.include({ outcome: "inconclusive", reason: "at 9 s it cannot be told: no put was meant to start in a second of isolated to recovery" });
  });

  it("does not take for a violation what clients had under way when the run was cut short", () => {
    const cut = (slowFromMs: number) => phases().operations(0, slowFromMs, 50).operations(slowFromMs, 10_000, 500).interrupted(10_000);
    expect(outcome("always rate(put) >= 10 during isolated..recovery", cut(9_000))).to.equal("inconclusive");
    expect(judgedText("always rate(put) >= 10 during isolated..recovery", cut(4_000))).to.deep.include({ outcome: "fail", observed: "2 a second at 5 s" });
  });

  it("looks second by second at members that are added up, and at a restart's lower bound", () => {
    expect(judgedText(`always sum(value(${gauge})) == 2 during isolated`, scraped(well))).to.deep.include({ outcome: "pass", observed: "held in 4 of 4 seconds" });
    const restarted = scraped(having((atMs) => atMs / 1_000, (atMs) => (atMs < 5_500 ? 1 : 2)));
    expect(outcome(`always rate(${counter}) <= 1 during isolated on etcd-1`, restarted)).to.equal("fail");
    expect(outcome(`always rate(${counter}) <= 7 during isolated on etcd-1`, restarted), "what was counted before the restart is lost").to.equal("inconclusive");
  });

  it("may be about the leader, whoever it is", () => {
    const run = () => led(scraped(having((atMs) => (atMs <= 5_000 ? 1 : 0)), having((atMs) => (atMs <= 5_000 ? 0 : 1))));
    expect(judgedText(`always value(${gauge}) == 1 during isolated on leader`, run())).to.deep.include({ outcome: "pass", observed: "held in 16 of 16 scrapes on the leader" });
    expect(outcome(`always value(${gauge}) == 0 during isolated on leader`, run())).to.equal("fail");
    expect(outcome(`always value(${gauge}) == 1 on leader`, scraped(well))).to.equal("inconclusive");
  });
});

describe("always … for", () => {
  const text = (seconds: number) => `always value(${gauge}) == 1 for ${seconds}s during isolated on etcd-1`;
  const broken = (atMs: number) => (atMs === 6_000 ? 0 : 1);

  it("passes where it held so long on end, wherever in the window", () => {
    expect(judgedText(text(2), scraped(having(broken)))).to.deep.include({ outcome: "pass", observed: "held for 2 s on end on etcd-1", bound: "always exactly 1 for 2 s on end" });
    expect(outcome(text(4), scraped(well))).to.equal("pass");
  });

  it("fails where the longest time was shorter", () => {
    expect(judgedText(text(3), scraped(having(broken)))).to.deep.include({ outcome: "fail", reason: "etcd-1: it held for 2 s on end in isolated, not for 3 s" });
    expect(judgedText(text(1), scraped(outage(0, 11_000))).observed).to.equal("held never on etcd-1");
  });

  it("is inconclusive where a gap lies between, long enough to matter", () => {
    const gap = lost(5_000, 6_250, well);
    expect(outcome(text(1), scraped(gap))).to.equal("pass");
    expect(judgedText(text(3), scraped(gap))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: nothing was seen from 4.75 s to 6.5 s" });
    expect(outcome(text(2), scraped(lost(5_000, 6_250, having((atMs) => (atMs < 6_500 ? 0 : 1))))), "it may have begun unseen").to.equal("inconclusive");
    expect(outcome(text(2), scraped(lost(5_000, 6_000, outage(6_250, 9_000)))), "from 4 s to 6.25 s it may have held").to.equal("inconclusive");
    expect(outcome(text(3), scraped(lost(5_000, 6_000, outage(6_250, 9_000)))), "no gap could make it three seconds").to.equal("fail");
  });

  it("does not hold while the member does not run, where nobody sees anything", () => {
    const down = (values: Values) => scraped(lost(4_500, 7_500, values)).event({ type: "member", atMs: 4_400, member: "etcd-1", state: "killed" }).event({ type: "member", atMs: 7_600, member: "etcd-1", state: "started" });
    expect(judgedText(text(2), down(well))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: nothing was seen from 4.25 s to 7.75 s" });
    expect(outcome(text(4), down(outage(7_750, 8_250)))).to.equal("fail");
    const idle = down(having((atMs) => (atMs < 4_500 ? 0 : 1)));
    expect(outcome(`always rate(${counter}) == 0 for 2s during isolated on etcd-1`, idle)).to.equal("inconclusive");
  });

  it("is not passed by a time that was cut short", () => {
    const cut = scraped(well, well, phases().interrupted(10_000));
    expect(outcome(`always value(${gauge}) == 1 for 1s during recovery`, cut)).to.equal("inconclusive");
    expect(outcome(`always value(${gauge}) == 0 for 1s during recovery`, scraped(well, well, phases().interrupted(10_000)))).to.equal("inconclusive");
  });
});

describe("never", () => {
  const text = `never value(${gauge}) == 0 during isolated on etcd-1`;

  it("fails at the first scrape in which it held, and passes where there was none", () => {
    expect(judgedText(text, scraped(outage(5_000, 5_500)))).to.deep.include({ outcome: "fail", observed: "0 at 5 s on etcd-1", bound: "never exactly 0", reason: "etcd-1: 0 at 5 s; it held in 2 of 16 scrapes" });
    expect(judgedText(text, scraped(well))).to.deep.include({ outcome: "pass", observed: "held in 0 of 16 scrapes on etcd-1" });
  });

  it("is inconclusive over a gap, without data, and in a window that was cut short", () => {
    expect(outcome(text, scraped(lost(5_000, 6_250, well)))).to.equal("inconclusive");
    expect(outcome(text, phases())).to.equal("inconclusive");
    expect(outcome(`never value(${gauge}) == 0 during recovery`, scraped(well, well, phases().interrupted(10_000)))).to.equal("inconclusive");
    expect(outcome(`never value(${gauge}) == 0 during recovery`, scraped(outage(9_000, 9_500), well, phases().interrupted(10_000)))).to.equal("fail");
    expect(violationIn(interruptedAt(scraped(outage(9_000, 9_500)).build(), 8_900), [assertionOf(`never value(${gauge}) == 0`)]), "not yet").to.equal(undefined);
    expect(violationIn(interruptedAt(scraped(outage(9_000, 9_500)).build(), 9_100), [assertionOf(`never value(${gauge}) == 0`)])).to.equal(
      `never value(${gauge}) == 0: etcd-1, etcd-2: 0 at 9 s; it held in 1 of 36 scrapes (etcd-1 at 9 s: last of ${gauge} 0, at 9 s)`,
    );
    expect(judgedText(`never value(no_such_metric) == 0`, scraped(well)).reason).to.include("no member ever had a metric no_such_metric");
  });
});
