import { expect } from "chai";

import type { PromqlAnswer } from "../../src/recording/promql.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const stepMs = 500;
const [fromMs, toMs] = [1_000, 16_000];

/** At each moment a value; where it has none, none. */
type Values = (atMs: number) => number | string | undefined;

function series(labels: Readonly<Record<string, string>>, value: Values) {
  const points: [number, string][] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const at = value(atMs);
    if (at !== undefined) points.push([atMs, String(at)]);
  }
  return { labels, points };
}

function answer(query: string, ...found: ReturnType<typeof series>[]): PromqlAnswer {
  return { query, fromMs, toMs, stepMs, series: found };
}

/** Scraped without a gap, unless it says when a member was not. */
function up(of: Values = () => 1): PromqlAnswer {
  return answer("up", series({ member: "etcd-1", job: "etcd" }, () => 1), series({ member: "etcd-2", job: "etcd" }, of));
}

const two = (): RecordingBuilder => recording({ members: 2 }).phase("baseline", 1_000, 6_000).phase("isolated", 6_000, 16_000);
const asked = (values: Values, scraped = up()): RecordingBuilder => two().promql(scraped, answer("x", series({ __name__: "x", member: "etcd-2" }, values)));
const x = { query: "x", below: 10, during: "isolated" };

describe("promql", () => {
  describe("always", () => {
    it("passes where each value is within its bounds, and shows the one that is nearest to them", () => {
      const verdict = judged("promql", x, asked((atMs) => (atMs === 8_000 ? 9 : 1)));
      expect(verdict).to.deep.include({ outcome: "pass", observed: '9 at 8 s on x{member="etcd-2"}', bound: "always below 10" });
      expect(verdict.evidence).to.deep.equal([{ kind: "metric", atMs: 8_000, member: "etcd-2", text: 'x{member="etcd-2"} is 9, by x' }]);
    });

    it("fails at the sample that breaks it, with its time, labels and value", () => {
      const verdict = judged("promql", x, asked((atMs) => (atMs >= 9_000 && atMs < 10_000 ? 12.5 : 1)));
      expect(verdict).to.deep.include({ outcome: "fail", observed: '12.5 at 9 s on x{member="etcd-2"}', reason: 'x{member="etcd-2"}: 12.5 at 9 s, not below 10, in 2 of 19 values' });
      expect(verdict.evidence.map(({ atMs }) => atMs)).to.deep.equal([9_000, 9_500]);
    });

    it("judges each series of the result, and leads with the worst", () => {
      const run = two().promql(up(), answer("x", series({ le: "0.1" }, () => 1), series({ le: "0.2" }, () => 20), series({ le: "0.4" }, () => 30)));
      expect(judged("promql", x, run)).to.deep.include({ outcome: "fail", observed: '30 at 6.5 s on {le="0.4"} (worst of 3 series)' });
    });

    it("takes a bound with a unit in seconds, and writes values so", () => {
      const run = asked(() => 0.02);
      expect(judged("promql", { ...x, below: "100ms" }, run)).to.deep.include({ outcome: "pass", observed: '20 ms at 6.5 s on x{member="etcd-2"}', bound: "always below 100 ms" });
      expect(judged("promql", { ...x, below: "10ms" }, run).outcome).to.equal("fail");
    });

    it("leaves out a moment whose scrape may be of before the window, and what comes after it", () => {
      expect(judged("promql", x, asked((atMs) => (atMs <= 6_000 || atMs >= 16_000 ? 99 : 1))).outcome).to.equal("pass");
      expect(judged("promql", x, asked((atMs) => (atMs === 6_500 ? 99 : 1))).outcome).to.equal("fail");
      expect(judged("promql", x, asked((atMs) => (atMs === 15_500 ? 99 : 1))).outcome).to.equal("fail");
      expect(judged("promql", { ...x, after: "2s", within: "1s" }, asked((atMs) => (atMs >= 8_500 && atMs < 9_000 ? 1 : 99))).outcome).to.equal("pass");
    });

    it("knows infinities", () => {
      expect(judged("promql", x, asked(() => "+Inf")).outcome).to.equal("fail");
      expect(judged("promql", x, asked(() => "-Inf")).outcome).to.equal("pass");
    });
  });

  describe("eventually", () => {
    const eventually = { ...x, when: "eventually" };
    it("passes with one value", () => {
      expect(judged("promql", eventually, asked((atMs) => (atMs === 12_000 ? 9 : 99)))).to.deep.include({ outcome: "pass", observed: '9 at 12 s on x{member="etcd-2"}', bound: "eventually below 10" });
    });
    it("fails with none, where all was seen", () => {
      expect(judged("promql", eventually, asked(() => 99))).to.deep.include({ outcome: "fail", reason: 'x{member="etcd-2"}: in none of 19 values below 10' });
    });
    it("is open with none, where not all was seen", () => {
      expect(judged("promql", eventually, asked((atMs) => (atMs > 8_000 && atMs < 12_000 ? undefined : 99))).outcome).to.equal("inconclusive");
    });
  });

  describe("at the end", () => {
    const atEnd = { ...x, when: "at-end" };
    it("goes by the last value in the window", () => {
      expect(judged("promql", atEnd, asked((atMs) => (atMs === 15_500 ? 9 : 99)))).to.deep.include({ outcome: "pass", observed: '9 at 15.5 s on x{member="etcd-2"}' });
      expect(judged("promql", atEnd, asked((atMs) => (atMs === 15_500 ? 99 : 9)))).to.deep.include({ outcome: "fail", reason: 'x{member="etcd-2"}: 99 at 15.5 s, not below 10' });
    });
    it("is open where the last value is NaN, or is long before the end", () => {
      expect(judged("promql", atEnd, asked((atMs) => (atMs === 15_500 ? "NaN" : 9))).outcome).to.equal("inconclusive");
      expect(judged("promql", atEnd, asked((atMs) => (atMs > 13_500 ? undefined : 9))).outcome).to.equal("inconclusive");
    });
    it("is open where a member was not scraped at the end", () => {
      expect(judged("promql", atEnd, asked(() => 9, up((atMs) => (atMs > 12_000 ? 0 : 1)))).outcome).to.equal("inconclusive");
    });
  });

  describe("is inconclusive", () => {
    const cases: Record<string, readonly [run: RecordingBuilder, reason: RegExp]> = {
      "where the query was not asked": [two().promql(up(), answer("y")), /this query was not asked while it ran/],
      "in a recording of before there was a Prometheus": [two(), /was not asked/],
      "where Prometheus did not answer, with what is to be done": [two().promql(up(), { query: "x", fromMs, toMs, stepMs, error: "it scraped nothing", hint: "Tell it what." }), /^it scraped nothing\. Tell it what\.$/],
      "where the result is empty": [two().promql(up(), answer("x")), /nothing for this query in isolated: nor in the rest of the run/],
      "where the result is empty in the window alone": [asked((atMs) => (atMs < 6_000 ? 1 : undefined)), /nothing for this query in isolated: only at other times/],
      "where a value is NaN": [asked((atMs) => (atMs === 9_000 ? "NaN" : 1)), /it is NaN at 9 s/],
      "where a series has a gap": [asked((atMs) => (atMs > 8_000 && atMs < 11_000 ? undefined : 1)), /it has no value from 8 s to 11 s/],
      "where a series is there only from some time on": [asked((atMs) => (atMs < 9_000 ? undefined : 1)), /it has no value from 6.5 s to 9 s/],
      "where a member of an aggregate was not scraped": [two().promql(up((atMs) => (atMs > 8_000 && atMs < 12_000 ? 0 : 1)), answer("x", series({}, () => 1))), /the result: etcd-2 was not scraped from 8 s to 12 s/],
      "where a member was never scraped": [two().promql(answer("up", series({ member: "etcd-1" }, () => 1)), answer("x", series({}, () => 1))), /etcd-2 was not scraped/],
      "where it is not known what was scraped": [two().promql(answer("x", series({}, () => 1))), /which scrapes were successful is not known/],
      "where the run was cut short": [asked(() => 1).interrupted(16_000), /cut short/],
    };
    for (const [title, [run, reason]] of Object.entries(cases)) {
      it(title, () => {
        const verdict = judged("promql", x, run);
        expect(verdict.outcome).to.equal("inconclusive");
        expect(verdict.reason).to.match(reason);
      });
    }

    it("where the window lies between two moments", () => {
      expect(judged("promql", { ...x, within: "400ms" }, asked(() => 1))).to.deep.include({ outcome: "inconclusive", reason: "no moment of isolated was asked for: it scrapes every 500 ms" });
    });
  });

  it("does not miss what a member cannot have while its process does not run", () => {
    const gone = (atMs: number): boolean => atMs > 8_000 && atMs < 12_000;
    const run = (): RecordingBuilder => asked((atMs) => (gone(atMs) ? undefined : 1), up((atMs) => (gone(atMs) ? 0 : 1)));
    const killed = run().event({ type: "member", atMs: 8_100, member: "etcd-2", state: "killed" }).event({ type: "member", atMs: 11_000, member: "etcd-2", state: "started" });
    expect(judged("promql", x, killed).outcome).to.equal("pass");
    expect(judged("promql", x, run()).outcome).to.equal("inconclusive");
  });

  it("misses a member that was not scraped at any moment of a short window, unless it did not run", () => {
    const sum = (run: RecordingBuilder) => run.promql(up((atMs) => (atMs >= 6_500 && atMs < 8_000 ? 0 : 1)), answer("x", series({}, () => 1)));
    const short = { ...x, within: "2s" };
    expect(judged("promql", short, sum(two()))).to.deep.include({ outcome: "inconclusive", reason: "the result: etcd-2 was not scraped from 6.5 s to 7.5 s" });
    expect(judged("promql", { ...short, within: "1s" }, sum(two())).outcome).to.equal("inconclusive");
    const down = () => two().event({ type: "member", atMs: 6_100, member: "etcd-2", state: "killed" }).event({ type: "member", atMs: 9_000, member: "etcd-2", state: "started" });
    expect(judged("promql", short, sum(down())).outcome).to.equal("pass");
    expect(judged("promql", { ...short, within: "1s" }, sum(down())).outcome).to.equal("pass");
  });

  it("lets a short gap be, as one slow scrape makes it", () => {
    const slow = (atMs: number): boolean => atMs === 9_000 || atMs === 9_500;
    expect(judged("promql", x, asked((atMs) => (slow(atMs) ? undefined : 1), up((atMs) => (slow(atMs) ? 0 : 1)))).outcome).to.equal("pass");
  });

  it("fails for what was seen, also where not all was, and where the run was cut short", () => {
    expect(judged("promql", x, asked((atMs) => (atMs === 7_000 ? 99 : atMs < 12_000 ? "NaN" : undefined))).outcome).to.equal("fail");
    expect(judged("promql", x, asked((atMs) => (atMs === 7_000 ? 99 : 1)).interrupted(16_000)).outcome).to.equal("fail");
  });

  it("says what it is about, on one line", () => {
    expect(titleOf("promql", { query: "sum(\n  rate(x[2s])\n)", below: 1, during: "isolated" })).to.equal("PromQL sum( rate(x[2s]) ) during isolated");
  });

  it("refuses what is no PromQL, has no bound, or can never hold", () => {
    expect(problemsOf("promql", { query: "sum(x", below: 1 })).to.deep.equal(["query: cannot be asked: the query ends where more must follow"]);
    expect(problemsOf("promql", { query: "x" })).to.deep.equal(["needs one of above, at-least, below, at-most, equals"]);
    expect(problemsOf("promql", { query: "x", below: 1, above: 2 })).to.deep.equal(["nothing can be above 2 and below 1"]);
    expect(problemsOf("promql", { query: "x", below: "fast" })).to.have.length(1);
  });
});
