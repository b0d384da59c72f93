import { expect } from "chai";

import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const counter = "etcd_server_proposals_failed_total";
const gauge = "etcd_server_proposals_pending";
const started = (at: number) => ({ process_start_time_seconds: at });

/** Two members scraped every 250 ms from 0 to 10 s; `values` tells what etcd-2 has at a time, etcd-1 has zeros. */
function scraped(values: (atMs: number) => Record<string, number> | undefined, run: RecordingBuilder = phases()): RecordingBuilder {
  for (let atMs = 0; atMs <= 10_000; atMs += 250) {
    run.metrics("etcd-1", atMs, { ...started(1), [counter]: 0, [gauge]: 0 });
    run.metrics("etcd-2", atMs, values(atMs) ?? { failed: "connection refused" });
  }
  return run;
}

const phases = () => recording({ members: 2 }).phase("baseline", 0, 4_000).phase("isolated", 4_000, 8_000).phase("recovery", 8_000, 10_000);
const counting = (valueAt: (atMs: number) => number) => scraped((atMs) => ({ ...started(1), [counter]: valueAt(atMs), [gauge]: valueAt(atMs) }));
const steps = () => counting((atMs) => (atMs < 5_000 ? 3 : 10));
const increase = { name: counter, measure: "increase", during: "isolated" };

describe("metric", () => {
  it("judges the increase in the window alone", () => {
    expect(judged("metric", { ...increase, of: "etcd-2", equals: 7 }, steps())).to.deep.equal({
      outcome: "pass",
      observed: "7 on etcd-2",
      bound: "exactly 7",
      evidence: [{ kind: "metric", atMs: 4_000, endMs: 8_000, member: "etcd-2", text: `increase of ${counter} 7, from 4 s to 8 s` }],
    });
    expect(judged("metric", { ...increase, during: "recovery", of: "etcd-2", equals: 0 }, steps()).outcome).to.equal("pass");
    expect(judged("metric", { ...increase, "at-most": 5 }, steps())).to.deep.include({
      outcome: "fail",
      observed: "7 on etcd-2 (worst of 2 members)",
      reason: "etcd-2: 7, not at most 5",
    });
  });

  it("counts what grew between the scrape before the window and the last one in it", () => {
    const at = (changeMs: number) => judged("metric", { ...increase, after: "100ms", of: "etcd-2", "at-least": 1 }, counting((atMs) => (atMs < changeMs ? 0 : 1))).outcome;
    expect([4_000, 4_250, 8_000, 8_250].map(at)).to.deep.equal(["fail", "pass", "pass", "fail"]);
  });

  it("measures rates, differences, extremes and the last value", () => {
    const value = (measure: string, equals: number, more: object = {}) => judged("metric", { name: gauge, measure, equals, during: "isolated", of: "etcd-2", ...more }, steps());
    expect(value("rate", 1.75)).to.deep.include({ outcome: "pass", observed: "1.75 a second on etcd-2" });
    expect(value("delta", 7).outcome).to.equal("pass");
    expect(value("min", 3).outcome).to.equal("pass");
    expect(value("max", 10)).to.deep.include({ outcome: "pass" });
    expect(value("max", 10).evidence[0]).to.deep.include({ atMs: 5_000, endMs: 5_000 });
    expect(value("last", 10).outcome).to.equal("pass");
    expect(value("last", 3, { within: "900ms" }).outcome).to.equal("pass");
    expect(value("min", 10, { after: "1s" }).outcome).to.equal("pass");
  });

  it("adds members up where asked to, and series that match", () => {
    expect(judged("metric", { ...increase, of: "all", equals: 7 }, steps())).to.deep.include({ outcome: "pass", observed: "7 on all members" });
    expect(judged("metric", { ...increase, of: "any", above: 5 }, steps())).to.deep.include({ outcome: "pass", observed: "7 on etcd-2 (best of 2 members)" });
    const labelled = () => scraped((atMs) => ({ 'sent_total{To="a"}': atMs, 'sent_total{To="b"}': atMs * 2 }));
    const sent = { name: "sent_total", measure: "increase", during: "isolated", of: "etcd-2" };
    expect(judged("metric", { ...sent, equals: 12_000 }, labelled()).outcome).to.equal("pass");
    expect(judged("metric", { ...sent, labels: { To: "b" }, equals: 8_000 }, labelled()).outcome).to.equal("pass");
    for (const measure of ["increase", "rate", "delta", "max"]) {
      expect(judged("metric", { ...sent, measure, labels: { To: "c" }, equals: 0 }, labelled()), measure).to.deep.include({
        outcome: "inconclusive",
        reason: 'etcd-2: no member ever had a sent_total{To="c"}',
      });
    }
  });

  it("counts from 0 after a restart in the window, says so, and takes the sum for the least that it can be", () => {
    const down = (atMs: number) => atMs > 5_000 && atMs < 6_000;
    const restarted = () => scraped((atMs) => (down(atMs) ? undefined : { ...started(atMs < 5_500 ? 1 : 2), [counter]: atMs < 5_500 ? 10 : 4 }));
    const verdict = judged("metric", { ...increase, of: "etcd-2", "at-least": 4 }, restarted());
    expect(verdict.outcome).to.equal("pass");
    expect(judged("metric", { ...increase, of: "etcd-2", "at-most": 3 }, restarted()).outcome).to.equal("fail");
    for (const bound of [{ "at-most": 4 }, { equals: 4 }, { "at-least": 5 }]) {
      expect(judged("metric", { ...increase, of: "etcd-2", ...bound }, restarted()).outcome, "what it counted just before its end is lost").to.equal("inconclusive");
    }
    expect(verdict.evidence[0]?.text).to.include("etcd-2 started anew, seen at 6 s");
  });

  describe("where scrapes are missing", () => {
    const lost = (fromMs: number, toMs: number) => () => scraped((atMs) => (atMs >= fromMs && atMs <= toMs ? undefined : { ...started(1), [counter]: atMs < 4_500 ? 0 : 2, [gauge]: 1 }));

    it("is inconclusive when there is none in the window", () => {
      const verdict = judged("metric", { ...increase, of: "etcd-2", "at-most": 5 }, lost(4_000, 8_000)());
      expect(verdict).to.deep.include({ outcome: "inconclusive", reason: "etcd-2: no scrape in isolated was successful" });
      expect(judged("metric", { ...increase, of: "etcd-2", "at-most": 5 }, phases().metrics("etcd-1", 0, { [counter]: 0 })).outcome).to.equal("inconclusive");
    });

    it("is inconclusive where the unseen part could decide it, and says which part that is", () => {
      const atMost = judged("metric", { ...increase, of: "etcd-2", "at-most": 5 }, lost(6_000, 8_000)());
      expect(atMost).to.deep.include({ outcome: "inconclusive", observed: "at least 2 on etcd-2", reason: "etcd-2: at least 2 is what was seen, but etcd-2 was not scraped from 5.75 s to 8 s" });
      expect(judged("metric", { name: gauge, measure: "last", of: "etcd-2", equals: 1, during: "isolated" }, lost(6_000, 8_000)()).outcome).to.equal("inconclusive");
    });

    it("wants no more of a last value than that the end was seen", () => {
      const last = (more: object) => judged("metric", { name: gauge, measure: "last", of: "etcd-2", equals: 1, during: "isolated", ...more }, lost(5_000, 6_500)()).outcome;
      expect(last({})).to.equal("pass");
      expect(last({ within: "2s" }), "the gap is at its end").to.equal("inconclusive");
    });

    it("stands by what was seen where nothing unseen could change it", () => {
      expect(judged("metric", { ...increase, of: "etcd-2", "at-least": 2 }, lost(6_000, 8_000)()).outcome).to.equal("pass");
      expect(judged("metric", { ...increase, of: "etcd-2", "at-most": 1 }, lost(6_000, 8_000)()).outcome).to.equal("fail");
      expect(judged("metric", { name: gauge, measure: "max", of: "etcd-2", below: 1, during: "isolated" }, lost(6_000, 8_000)()).outcome).to.equal("fail");
      expect(judged("metric", { name: gauge, measure: "max", of: "etcd-2", below: 2, during: "isolated" }, lost(6_000, 8_000)()).outcome).to.equal("inconclusive");
    });

    it("does not miss a few, nor those of a process that did not run", () => {
      expect(judged("metric", { ...increase, of: "etcd-2", "at-most": 5 }, lost(5_000, 5_500)()).outcome).to.equal("pass");
      const killed = lost(6_000, 9_000)().event({ type: "member", atMs: 5_800, member: "etcd-2", state: "killed" }).event({ type: "member", atMs: 9_100, member: "etcd-2", state: "started" });
      expect(judged("metric", { ...increase, of: "etcd-2", "at-most": 5 }, killed).outcome).to.equal("pass");
    });

    it("adds up the others where a member did not run in the window", () => {
      const down = () => lost(4_000, 8_000)().event({ type: "member", atMs: 4_100, member: "etcd-2", state: "exited" });
      expect(judged("metric", { ...increase, of: "all", equals: 0 }, down()).outcome).to.equal("pass");
      expect(judged("metric", { ...increase, of: "all", equals: 0 }, lost(4_000, 8_000)())).to.deep.include({ outcome: "inconclusive", observed: "at least 0 on all members" });
    });

    it("is inconclusive in a window that was cut short, unless a violation was seen", () => {
      expect(judged("metric", { ...increase, during: "recovery", "at-most": 5 }, steps().interrupted(10_000)).outcome).to.equal("inconclusive");
      expect(judged("metric", { ...increase, during: "run", "at-most": 5 }, steps().interrupted(10_000)).outcome).to.equal("fail");
    });
  });

  it("is inconclusive about a metric that nobody has, and tells the nearest name", () => {
    const verdict = judged("metric", { name: "etcd_server_proposals_faild_total", measure: "increase", "at-most": 0 }, steps());
    expect(verdict.outcome).to.equal("inconclusive");
    expect(verdict.reason).to.include(`no member ever had a metric etcd_server_proposals_faild_total; the nearest name is ${counter}`);
  });

  describe("of a histogram", () => {
    const name = "etcd_disk_backend_commit_duration_seconds";
    const buckets = (small: number, large: number, beyond = 0) => ({
      [`${name}_bucket{le="0.001"}`]: small,
      [`${name}_bucket{le="0.128"}`]: small + large,
      [`${name}_bucket{le="+Inf"}`]: small + large + beyond,
    });
    const quantile = { name, measure: "quantile", during: "isolated", of: "etcd-2" };
    const slowBefore = () => scraped((atMs) => (atMs < 4_000 ? buckets(0, atMs / 40) : buckets(((atMs - 4_000) / 250) * 10, 100)));

    it("takes the quantile from what the buckets counted in the window", () => {
      expect(judged("metric", { ...quantile, below: "1ms" }, slowBefore())).to.deep.include({ outcome: "pass", observed: "0.99 ms (of 160 values) on etcd-2", bound: "below 1 ms" });
      expect(judged("metric", { ...quantile, during: "run", below: "1ms" }, slowBefore())).to.deep.include({ outcome: "fail" });
      expect(judged("metric", { ...quantile, name: `${name}_bucket`, quantile: 0.5, below: 0.0006 }, slowBefore()).outcome).to.equal("pass");
    });

    it("says no more than that it is above the highest bound where it is beyond it", () => {
      const slow = () => scraped((atMs) => (atMs < 4_500 ? buckets(1, 1) : buckets(1, 1, 50)));
      expect(judged("metric", { ...quantile, below: "1s" }, slow())).to.deep.include({
        outcome: "inconclusive",
        observed: "above 128 ms (of 50 values) on etcd-2",
        reason: "etcd-2: above 128 ms (of 50 values) is what was seen, but it lies beyond the highest bucket",
      });
      expect(judged("metric", { ...quantile, below: "100ms" }, slow()).outcome).to.equal("fail");
      expect(judged("metric", { ...quantile, above: "100ms" }, slow()).outcome).to.equal("pass");
    });

    it("is inconclusive where nothing was counted", () => {
      expect(judged("metric", { ...quantile, below: "1ms" }, scraped(() => buckets(5, 5)))).to.deep.include({ outcome: "inconclusive", reason: "etcd-2: the histogram counted nothing in this time" });
    });

    it("merges the buckets of all members", () => {
      const run = phases();
      for (const [member, values] of [["etcd-1", buckets(90, 0)], ["etcd-2", buckets(0, 10)]] as const) {
        run.metrics(member, 3_900, buckets(0, 0));
        for (const atMs of [4_800, 5_700, 6_600, 7_500]) run.metrics(member, atMs, {});
        run.metrics(member, 7_900, values);
      }
      expect(judged("metric", { ...quantile, of: "all", quantile: 0.9, "at-most": "1ms" }, run)).to.deep.include({ outcome: "pass", observed: "1 ms (of 100 values) on all members" });
    });
  });

  it("wants a bound, in the metric's unit", () => {
    expect(problemsOf("metric", increase)).to.deep.equal(["needs one of above, at-least, below, at-most, equals"]);
    expect(problemsOf("metric", { ...increase, below: "5s" })).to.deep.equal([`below: must be a number: increase of ${counter} is not in seconds`]);
    expect(problemsOf("metric", { ...increase, below: "5 s" })).to.deep.equal(["below: must be a number, or a duration such as 5s"]);
    expect(problemsOf("metric", { ...increase, measure: "max", of: "all", below: 5 })).to.deep.equal(["of: members cannot be added up for max: say each or any"]);
    expect(problemsOf("metric", { ...increase, name: "has leader", below: 5 })).to.deep.equal(["name: must be the name of a metric such as etcd_server_has_leader"]);
    expect(problemsOf("metric", { name: "process_cpu_seconds_total", measure: "increase", below: "2s" })).to.deep.equal([]);
    expect(titleOf("metric", { ...increase, labels: { To: "a" }, below: 5 })).to.equal(`increase of ${counter}{To="a"} during isolated, each member`);
  });
});
