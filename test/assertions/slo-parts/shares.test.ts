import { expect } from "chai";

import { recording } from "../../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "../judged.ts";

const run = () => recording().phase("baseline", 0, 5_000).phase("isolated", 5_000, 13_000);
const failing = { outcome: "fail" as const };
/** A put every 10 ms; those from 5 s to 6 s fail. */
const interrupted = () => run().operations(0, 13_000, 10, (atMs) => (atMs >= 5_000 && atMs < 6_000 ? failing : {}));

describe("shares of an slo", () => {
  it("may be written in per cent", () => {
    expect(judged("slo", { availability: "99.5%" }, run().operations(0, 13_000, 10))).to.deep.include({ outcome: "pass", bound: "at least 99.5 % ok", observed: "100 % ok of 1,300 operations, 0 % of the error budget (0 of 6.5)" });
    expect(problemsOf("slo", { availability: "0%" })).to.have.length(1);
    expect(problemsOf("slo", { availability: "101%" })).to.have.length(1);
    expect(problemsOf("slo", { availability: "many" })).to.have.length(1);
  });

  it("tell how much of the error budget was spent, also where it is more than all", () => {
    expect(judged("slo", { availability: 0.99 }, interrupted()).observed).to.equal("92.3 % ok of 1,300 operations, 769 % of the error budget (100 of 13)");
    expect(judged("slo", { availability: 0.9 }, interrupted()).observed).to.equal("92.3 % ok of 1,300 operations, 76.92 % of the error budget (100 of 130)");
  });

  describe("of answers in time", () => {
    const answered = { within: "100ms", share: "99%" };
    const slow = (every: number) => run().operations(0, 13_000, 10, (atMs) => ({ tookMs: atMs % every === 0 ? 100 : 5 }));

    it("count what took as long as the bound, failed or was never sent as bad", () => {
      expect(judged("slo", { answered }, slow(1_000))).to.deep.include({ outcome: "pass", observed: "99 % answered within 100 ms of 1,300 operations, 100 % of the error budget (13 of 13)" });
      expect(judged("slo", { answered }, slow(500))).to.deep.include({ outcome: "fail", reason: "26 operations of 1,300 in run were not answered within 100 ms" });
      expect(judged("slo", { answered }, interrupted()).outcome).to.equal("fail");
      const held = run().operations(0, 13_000, 10).event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 8_000, count: 20 }] });
      expect(judged("slo", { answered }, held).reason).to.equal("20 operations of 1,320 in run were not answered within 100 ms, 20 of them never sent");
    });

    it("are inconclusive without operations, and where the run was cut short", () => {
      expect(judged("slo", { answered }, run())).to.deep.include({ outcome: "inconclusive", reason: "no operation was meant to start in run" });
      const cut = recording().phase("baseline", 0, 3_000).operations(0, 3_000, 10).interrupted(3_000);
      expect(judged("slo", { answered }, cut).outcome).to.equal("inconclusive");
    });
  });

  describe("in each phase", () => {
    const each = (share: number) => ({ availability: share, window: "per-phase" });
    const bad = (fromMs: number, toMs: number) => (atMs: number) => (atMs >= fromMs && atMs < toMs ? failing : {});

    it("do not fail for a phase that was cut short, and may yet become what is asked for", () => {
      const cut = (fromMs: number, toMs: number) => recording().phase("baseline", 0, 3_000).phase("isolated", 3_000, 4_000).operations(0, 4_000, 10, bad(fromMs, toMs)).interrupted(4_000);
      expect(judged("slo", each(0.9), cut(3_000, 4_000)).outcome).to.equal("inconclusive");
      expect(judged("slo", each(0.9), cut(0, 4_000))).to.deep.include({ outcome: "fail", reason: "300 operations of 300 in baseline did not end ok" });
      expect(judged("slo", each(0.9), cut(1_000, 1_500))).to.deep.include({ outcome: "fail", reason: "50 operations of 300 in baseline did not end ok" });
    });

    it("are inconclusive where a phase has nothing to count, unless another is bad", () => {
      const half = (fromMs: number, toMs: number) => run().operations(0, 5_000, 10, bad(fromMs, toMs));
      expect(judged("slo", each(0.9), half(0, 0))).to.deep.include({ outcome: "inconclusive", reason: "no operation was meant to start in isolated" });
      expect(judged("slo", each(0.9), half(0, 1_000)).outcome).to.equal("fail");
    });
  });

  describe("in every stretch of a length", () => {
    const sliding = (length: string, share: number) => ({ availability: share, window: { sliding: length } });

    it("find the worst stretch, wherever it begins", () => {
      const verdict = judged("slo", sliding("2s", 0.6), interrupted());
      expect(verdict).to.deep.include({ outcome: "fail", bound: "at least 60 % ok in any 2 s" });
      expect(verdict.observed).to.match(/^50 % ok of 200 operations in the 2 s up to [567](\.\d+)? s, /);
      expect(judged("slo", sliding("2s", 0.5), interrupted()).outcome).to.equal("pass");
    });

    it("fail for a stretch that is over, also in a run that was cut short", () => {
      const cut = () => recording().phase("baseline", 0, 3_000).operations(0, 3_000, 10, (atMs) => (atMs < 1_000 ? failing : {})).interrupted(3_000);
      expect(judged("slo", sliding("1s", 0.5), cut()).outcome).to.equal("fail");
      expect(judged("slo", sliding("2s", 0.5), cut()).outcome).to.equal("inconclusive");
    });

    it("hold a stretch's start and not its end, and leave out what lies outside of the window", () => {
      const edges = () => recording().phase("one", 0, 1_000).phase("two", 1_000, 2_000).operations(0, 2_000, 100, (atMs) => (atMs === 0 || atMs === 1_000 ? failing : {}));
      expect(judged("slo", sliding("1s", 0.9), edges()).outcome).to.equal("pass");
      expect(judged("slo", { ...sliding("1s", 1), during: "one", after: "100ms" }, edges())).to.deep.include({ outcome: "inconclusive", reason: "one is shorter than the 1 s that are to be looked at" });
      expect(judged("slo", { ...sliding("900ms", 1), during: "one", after: "100ms" }, edges()).outcome).to.equal("pass");
    });

    it("take a stretch without operations for neither good nor bad", () => {
      const gap = run().operations(0, 1_000, 10).operations(9_000, 13_000, 10);
      expect(judged("slo", sliding("2s", 1), gap).outcome).to.equal("pass");
    });
  });

  it("may have to hold in each phase", () => {
    const verdict = judged("slo", { availability: 0.9, window: "per-phase" }, interrupted());
    expect(verdict).to.deep.include({ outcome: "fail", bound: "at least 90 % ok in each phase", reason: "100 operations of 800 in isolated did not end ok" });
    expect(verdict.observed).to.equal("87.5 % ok of 800 operations in isolated (worst of 2 phases), 125 % of the error budget (100 of 80)");
    expect(judged("slo", { availability: 0.9 }, interrupted()).outcome).to.equal("pass");
  });

  describe("by their burn rate", () => {
    const burn = (long: string, short: string, atMost: number) => ({ availability: 0.9, "burn-rate": { long, short, "at-most": atMost } });

    it("fail where both windows spent the budget too fast at one moment", () => {
      // All of the second that fails: ten times too fast; of the four seconds around it: two and a half times.
      const verdict = judged("slo", burn("4s", "1s", 2.4), interrupted());
      expect(verdict).to.deep.include({ outcome: "fail" });
      expect(verdict.reason).to.match(/^the error budget was spent 2.5 times too fast in the 4 s up to 6(\.\d+)? s, and still (9\.\d+|10) times in their last 1 s$/);
      expect(judged("slo", burn("4s", "1s", 2.6), interrupted()).outcome).to.equal("pass");
    });

    it("pass what was over before it had spent enough for the long window", () => {
      const blip = () => run().operations(0, 13_000, 10, (atMs) => (atMs >= 5_000 && atMs < 5_100 ? failing : {}));
      expect(judged("slo", burn("4s", "200ms", 2), blip()).outcome).to.equal("pass");
      expect(judged("slo", burn("500ms", "200ms", 1.9), blip()).outcome).to.equal("fail");
    });

    it("judge no moment before a whole long window was seen", () => {
      const early = () => run().operations(0, 13_000, 10, (atMs) => (atMs < 100 ? failing : {}));
      expect(judged("slo", burn("2s", "1s", 1), early()).outcome).to.equal("pass");
      expect(judged("slo", { ...burn("6s", "1s", 1), during: "baseline" }, early())).to.deep.include({ outcome: "inconclusive", reason: "baseline is shorter than the 6 s that the burn rate is of" });
    });

    it("may be several, of which each is to hold", () => {
      const both = { availability: 0.9, "burn-rate": [{ long: "4s", short: "1s", "at-most": 5 }, { long: "1s", short: "200ms", "at-most": 5 }] };
      expect(judged("slo", both, interrupted()).outcome).to.equal("fail");
    });

    it("are refused without a budget, and without a share", () => {
      expect(problemsOf("slo", { availability: 1, "burn-rate": { long: "4s", short: "1s", "at-most": 5 } })).to.deep.equal(["burn-rate: an objective of 100 % has no error budget that could burn"]);
      expect(problemsOf("slo", { latency: { below: "1s" }, "burn-rate": { long: "4s", short: "1s", "at-most": 5 } })).to.deep.equal(["window: windows and burn rates are about shares: availability, answered, fresh-reads, watch-delay"]);
      expect(problemsOf("slo", { availability: 0.9, "burn-rate": { long: "1s", short: "1s", "at-most": 5 } }).join()).to.include("must be shorter than the long window");
    });
  });

  it("have titles that tell what is asked for", () => {
    expect(titleOf("slo", { op: "put", answered: { within: "1s", share: 0.9 }, "burn-rate": { long: "4s", short: "1s", "at-most": 5 } })).to.equal("answers in time, burn rate of answers in time of puts over the run");
    expect(titleOf("slo", { "fresh-reads": { within: "1s", share: 0.9 }, during: "isolated" })).to.equal("fresh reads during isolated");
    expect(titleOf("slo", { "after-effect": { "acknowledged-write": "1s" } })).to.equal("recovery after each fault over the run");
  });
});
