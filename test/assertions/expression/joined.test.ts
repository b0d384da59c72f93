import { expect } from "chai";
import fc from "fast-check";
import { printExpression } from "../../../assertions/expression/printer.ts";
import { parseExpression } from "../../../assertions/expression/parser.ts";
import type { Outcome } from "../../../assertions/verdict.ts";
import { assertionOf, judgedText, problemOf } from "./expressions.ts";
import { counter, having, lost, phases, scraped } from "./runs.ts";

/** A counter that rises by 4000 in baseline; etcd-1 logs. */
const run = () => scraped(having((atMs) => atMs)).log("etcd-1", 4_500, "here").log("etcd-2", 500, "ready").operations(0, 4_000, 100);

const statements: Readonly<Record<Outcome, string>> = {
  pass: `increase(${counter}) >= 4000 during baseline`,
  fail: `increase(${counter}) < 4000 during baseline`,
  inconclusive: "p99(get) < 1s during baseline",
};
const outcomes = ["pass", "fail", "inconclusive"] as const;

describe("statements that are joined", () => {
  it("come to what the parts come to, where what cannot be told is left open", () => {
    const and = { pass: { pass: "pass", fail: "fail", inconclusive: "inconclusive" }, fail: { pass: "fail", fail: "fail", inconclusive: "fail" }, inconclusive: { pass: "inconclusive", fail: "fail", inconclusive: "inconclusive" } } as const;
    const or = { pass: { pass: "pass", fail: "pass", inconclusive: "pass" }, fail: { pass: "pass", fail: "fail", inconclusive: "inconclusive" }, inconclusive: { pass: "pass", fail: "inconclusive", inconclusive: "inconclusive" } } as const;
    for (const one of outcomes) {
      for (const other of outcomes) {
        expect(judgedText(`${statements[one]} and ${statements[other]}`, run()).outcome, `${one} and ${other}`).to.equal(and[one][other]);
        expect(judgedText(`${statements[one]} or ${statements[other]}`, run()).outcome, `${one} or ${other}`).to.equal(or[one][other]);
      }
    }
    expect(outcomes.map((one) => judgedText(`not ${statements[one]}`, run()).outcome)).to.deep.equal(["fail", "pass", "inconclusive"]);
  });

  it("obey De Morgan, and a double not, whatever the parts", () => {
    const one = fc.constantFrom(...outcomes).map((outcome) => statements[outcome]);
    const built = run();
    const recorded = { build: () => built.build() };
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        const come = (text: string): Outcome => judgedText(text, recorded).outcome;
        expect(come(`not (${a} and (${b} or ${c}))`)).to.equal(come(`not ${a} or not ${b} and not ${c}`));
        expect(come(`not not ${a}`)).to.equal(come(a));
        expect(come(`(${a} or ${b}) and ${c}`)).to.equal(come(`${a} and ${c} or ${b} and ${c}`));
      }),
      { numRuns: 27 },
    );
  });

  it("show the parts that decided, and nothing of the others", () => {
    const failed = judgedText(`${statements.pass} and ${statements.fail}`, run());
    expect(failed).to.deep.include({ observed: `${statements.fail}: 4,000 on etcd-1 (worst of 2 members)`, bound: "at least 4000 and below 4000" });
    expect(failed.reason).to.match(/^"increase\(.*\) < 4000 during baseline" is not so: etcd-1, etcd-2: 4,000, not below 4,000$/);
    expect(failed.evidence).to.have.length(2);
    const open = judgedText(`${statements.pass} and ${statements.inconclusive}`, run());
    expect(open.reason).to.equal('"p99(get) < 1s during baseline" cannot be told: no operation was meant to start in baseline');
    const passed = judgedText(`${statements.fail} or ${statements.pass}`, run());
    expect(passed.reason).to.equal(undefined);
    expect(passed.observed).to.match(/^increase\(.*\) >= 4000 during baseline: 4,000 on/);
    const denied = judgedText(`not ${statements.pass}`, run());
    expect(denied.reason).to.match(/is so: 4,000 on/);
    expect(denied.bound).to.equal("not (at least 4000)");
    const many = judgedText(`not (${statements.pass} and count(put) >= 1 and count(put) >= 2 and count(put) >= 3) during baseline`, run());
    expect(many.observed).to.match(/; and 1 more$/);
  });

  it("take a window after the brackets where they have none of their own", () => {
    expect(judgedText(`(increase(${counter}) == 4000 and count(log /here/) == 0 during isolated) during baseline`, run()).outcome).to.equal("fail");
    expect(judgedText(`(increase(${counter}) == 4000 and count(log /here/) == 0) during baseline`, run()).outcome).to.equal("pass");
    expect(judgedText(`(increase(${counter}) == 4000 and (count(log /here/) >= 1 on any) during isolated) during baseline`, run()).outcome).to.equal("pass");
    expect(judgedText(`(count(put) >= 40 and not (count(put) > 40 or leader-changes >= 1)) during baseline`, run().statuses(-500, 10_000, { leader: "etcd-1", term: 2 })).outcome).to.equal("pass");
    expect(problemOf("(count(put) > 5 during a and count(get) > 5 during b) or healthy")).to.match(/^"healthy": of which part of the run this is, is not said/);
  });

  it("may be one, in brackets, whose sides then share the window and the members", () => {
    expect(assertionOf(`(increase(${counter}) >= 4000) during baseline on etcd-1`)).to.deep.include({ kind: "metric" });
    expect(judgedText("(count(put) >= count(get, outcome=any)) during baseline", run()).outcome).to.equal("inconclusive");
    expect(judgedText("(count(put) >= count(put) on etcd-1) during baseline", run()).outcome).to.equal("pass");
  });

  it("bind and closer than or, and not closest", () => {
    const shape = (text: string): string => printExpression(parseExpression(text));
    expect(shape("(healthy) or ((unhealthy and (healthy)))")).to.equal("healthy or unhealthy and healthy");
    expect(shape("(healthy or unhealthy) and not (healthy and healthy)")).to.equal("(healthy or unhealthy) and not (healthy and healthy)");
    expect(shape("(value(b_c) + 1) * 2 < 5 and (1 + 2) < 5")).to.equal("(value(b_c) + 1) * 2 < 5 and 1 + 2 < 5");
  });

  it("are open in a run that was cut short, but for a part that decides it", () => {
    const cut = () => phases().log("etcd-1", 500, "here").log("etcd-2", 500, "here").interrupted(10_000);
    expect(judgedText("count(log /here/) >= 1 during baseline and count(log /there/) == 0 during recovery", cut()).outcome).to.equal("inconclusive");
    expect(judgedText("count(log /here/) == 0 during baseline and count(log /there/) == 0 during recovery", cut()).outcome).to.equal("fail");
    expect(judgedText("count(log /here/) >= 1 during baseline or count(log /there/) == 0 during recovery", cut()).outcome).to.equal("pass");
  });

  it("are open where scrapes are missing, or a member started anew", () => {
    const gap = scraped(lost(1_000, 3_000, having((atMs) => atMs)));
    expect(judgedText(`not increase(${counter}) > 5000 during baseline`, gap).outcome).to.equal("inconclusive");
    const anew = scraped(having((atMs) => (atMs < 2_000 ? atMs : atMs - 2_000), (atMs) => (atMs < 2_000 ? 1 : 3)));
    expect(judgedText(`not increase(${counter}) > 5000 during baseline`, anew).outcome).to.equal("inconclusive");
    expect(judgedText(`not increase(${counter}) > 3000 during baseline`, anew).outcome).to.equal("fail");
  });
});

describe("the number of log lines", () => {
  for (const [text, isTaken] of [
    ["count(log /x/) <= 5", false],
    ["count(log /x/) < 2", false],
    ["count(log /x/) == 3", false],
    ["count(log /x/) != 3", false],
    ["5 > count(log /x/)", false],
    ["5 - count(log /x/) > 2", false],
    ["10 / count(log /x/) > 2", false],
    ["-count(log /x/) > -2", false],
    ["count(log /x/) <= count(put)", false],
    ["count(log /x/) during a >= count(log /x/) during b", false],
    ["not count(log /x/) >= 5", false],
    ["not (healthy or count(log /x/) > 5)", false],
    ["count(log /x/) < 1", true],
    ["count(log /x/) <= 0", true],
    ["count(log /x/) == 0", true],
    ["count(log /x/) != 0", true],
    ["not count(log /x/) >= 1", true],
    ["2 * count(log /x/) < 1", true],
    ["not count(log /x/) <= 5", true],
    ["count(log /x/) >= 5", true],
    ["10 - count(log /x/) < 5", true],
  ] as const) {
    it(`${isTaken ? "may be asked for" : "is but a lower bound, so that this is refused"}: ${text}`, () => {
      expect(problemOf(text) ?? "").to.match(isTaken ? /^$/ : /^"count\(log .*etcd leaves lines out when it logs many alike, so that a count is a lower bound/);
    });
  }
});
