import { expect } from "chai";

import { expressions } from "../../assertions/expression/language.ts";
import { recording } from "../recordings/builder.ts";
import { judged } from "./judged.ts";

const busy = { "etcd-1": { ranMs: 40, waitedMs: 360 }, "etcd-2": { ranMs: 50, waitedMs: 950 } };
const idle = { "etcd-1": { ranMs: 40, waitedMs: 5 }, "etcd-2": { ranMs: 50, waitedMs: 10 } };
/** Every put takes 100 ms in the second half. */
const slow = () => recording().phase("first", 0, 5_000).phase("second", 5_000, 10_000).operations(0, 10_000, 10, (atMs) => ({ tookMs: atMs < 5_000 ? 2 : 100 }));
const bound = (below: string) => ({ latency: { below } });

describe("a time bound on a busy machine", () => {
  it("is left open where it may have been missed for the waits alone", () => {
    const verdict = judged("slo", bound("50ms"), slow().machine(0, 10_000, busy));
    expect(verdict).to.deep.include({ outcome: "inconclusive", observed: "p99 100 ms of 1,000 ok operations" });
    expect(verdict.reason).to.equal("p99 in run was 100 ms, not below 50 ms; but etcd-2 waited for a CPU in 95 % of the time in which it wanted one, and without such waits it may hold: so busy a machine cannot tell");
    expect(verdict.evidence.at(-1)?.text).to.equal("etcd-2 waited for a CPU in 95 % of the time in which it wanted one, in 1 s");
  });

  it("is left open, too, where all that was not ok could not even be sent", () => {
    const held = () => recording().phase("only", 0, 10_000).operations(0, 10_000, 10).event({ type: "missed", atMs: 7_000, requests: [{ member: "etcd-2", atMs: 6_000, count: 3 }] });
    expect(judged("slo", { "recovery-within": "2s" }, held().machine(0, 10_000, busy)).outcome).to.equal("inconclusive");
    expect(judged("slo", { "recovery-within": "2s" }, held().machine(0, 10_000, idle)).outcome).to.equal("fail");
  });

  it("stays missed where it was missed even without the waits", () => {
    expect(judged("slo", bound("4ms"), slow().machine(0, 10_000, busy)).outcome).to.equal("fail");
  });

  it("stays missed where the machine was not busy, or nobody looked", () => {
    expect(judged("slo", bound("50ms"), slow().machine(0, 10_000, idle)).outcome).to.equal("fail");
    expect(judged("slo", bound("50ms"), slow()).outcome).to.equal("fail");
  });

  it("stays missed where the machine was busy at another time", () => {
    expect(judged("slo", bound("50ms"), slow().machine(0, 4_000, busy).machine(4_000, 10_000, idle)).outcome).to.equal("fail");
  });

  it("stays missed where only the harness waited, or hardly anybody wanted to run", () => {
    expect(judged("slo", bound("50ms"), slow().machine(0, 10_000, { harness: { ranMs: 10, waitedMs: 900 } })).outcome).to.equal("fail");
    expect(judged("slo", bound("50ms"), slow().machine(0, 10_000, { "etcd-1": { ranMs: 1, waitedMs: 99 } })).outcome).to.equal("fail");
  });

  it("stays missed where a fault of ours held the member back", () => {
    const starved = (kind: string, target: string) =>
      slow().machine(0, 10_000, busy).fault({ kind, phase: "second", targets: [target], requestedMs: 0, effectiveMs: 0, healingMs: 9_990, healedMs: 10_000 });
    expect(judged("slo", bound("50ms"), starved("cpu-starvation", "etcd-2")).outcome).to.equal("fail");
    expect(judged("slo", bound("50ms"), starved("cpu-starvation", "etcd-1")).outcome).to.equal("inconclusive");
    expect(judged("slo", bound("50ms"), starved("partition", "etcd-2")).outcome).to.equal("inconclusive");
  });

  it("counts time-outs and what was not sent as answered, and what certainly failed as it is", () => {
    const ended = (outcome: "info" | "fail") => recording().phase("only", 0, 5_000).operations(0, 5_000, 10, (atMs) => (atMs >= 2_000 && atMs < 3_000 ? { outcome, tookMs: 900 } : {})).machine(0, 5_000, busy);
    expect(judged("slo", { availability: 0.99 }, ended("info")).outcome).to.equal("inconclusive");
    expect(judged("slo", { availability: 0.99 }, ended("fail")).outcome).to.equal("fail");
    const held = recording().phase("only", 0, 5_000).operations(0, 5_000, 10).event({ type: "missed", atMs: 4_000, requests: [{ member: "etcd-1", atMs: 2_500, count: 400 }] });
    expect(judged("slo", { answered: { within: "1s", share: 0.99 } }, held).outcome).to.equal("fail");
  });

  it("does not count a time-out as answered of which the waits were the smaller part", () => {
    const hung = (busyMs: number) => recording().phase("only", 0, 20_000).operations(0, 20_000, 10, (atMs) => (atMs >= 5_000 && atMs < 6_000 ? { outcome: "info", tookMs: 10_000 } : {})).machine(5_000, 5_000 + busyMs, busy);
    expect(judged("slo", { availability: 0.99 }, hung(1_000)).outcome).to.equal("fail");
    expect(judged("slo", { availability: 0.99 }, hung(10_000)).outcome).to.equal("inconclusive");
  });

  it("passes where it is kept, however busy the machine was", () => {
    expect(judged("slo", bound("200ms"), slow().machine(0, 10_000, busy)).outcome).to.equal("pass");
  });

  it("is what an expression about latencies is, too, and one about anything else is not", () => {
    const outcome = (text: string, busyFromMs: number): string | undefined => {
      const read = expressions.read(text);
      return "assertion" in read ? read.assertion.judge(slow().machine(busyFromMs, 11_000, busy).build()).outcome : undefined;
    };
    expect(outcome("p99(put) during second <= 5 * p99(put) during first", 5_000)).to.equal("inconclusive");
    expect(outcome("p99(put) during second <= p99(put) during first", 5_000)).to.equal("fail");
    // Busy all the time it is busy on both sides.
    expect(outcome("p99(put) during second <= 5 * p99(put) during first", 0)).to.equal("fail");
    expect(outcome("count(put) < 10", 0)).to.equal("fail");
  });

  it("is the same where its opposite is denied, or the long form has no word for it", () => {
    const outcome = (text: string, run = slow().machine(0, 10_000, busy)): string | undefined => {
      const read = expressions.read(text);
      return "assertion" in read ? read.assertion.judge(run.build()).outcome : undefined;
    };
    expect(outcome("not p99(put) > 50ms")).to.equal("inconclusive");
    expect(outcome("not p99(put) >= 50ms")).to.equal("inconclusive");
    expect(outcome("not p99(put) > 4ms")).to.equal("fail");
    expect(outcome("not p99(put) > 50ms", slow())).to.equal("fail");
    expect(outcome("not not p99(put) < 50ms")).to.equal("inconclusive");
    const hung = recording().phase("only", 0, 5_000).operations(0, 5_000, 10, (atMs) => (atMs >= 2_000 && atMs < 3_000 ? { outcome: "info", tookMs: 900 } : {})).machine(0, 5_000, busy);
    expect(outcome("availability(put) >= 99%", hung)).to.equal("inconclusive");
    expect(outcome("availability(put) > 99%", hung)).to.equal("inconclusive");
    expect(outcome("always availability(put) >= 99%", hung)).to.equal("inconclusive");
  });

  it("does not soften what is not about time: how many leaders there were", () => {
    expect(judged("leader-changes", { "at-most": 0 }, elected(5_000).machine(0, 10_000, busy)).outcome).to.equal("fail");
    expect(judged("leader-changes", { "at-most": 0, "new-leader-within": "4s" }, elected(5_000).machine(0, 10_000, busy)).outcome).to.equal("fail");
  });
});

/** Another leader is seen at this time. */
const elected = (atMs: number) => recording().phase("only", 0, 10_000).statuses(0, atMs, { leader: "etcd-1", term: 2 }).statuses(atMs, 10_000, { leader: "etcd-2", term: 3 });

describe("the time to a new leader on a busy machine", () => {
  const within = (limit: string) => ({ "new-leader-within": limit });

  it("is left open where members waited for so much of it", () => {
    const verdict = judged("leader-changes", within("4s"), elected(6_000).machine(0, 10_000, busy));
    expect(verdict.outcome).to.equal("inconclusive");
    expect(verdict.reason).to.match(/^1 change, new leader after 6 s was seen in the 10 s of run; but etcd-2 waited for a CPU in 95 % of the time/);
  });

  it("stays missed where it took too long without the waits, or they came after it", () => {
    expect(judged("leader-changes", within("4s"), elected(6_000).machine(0, 1_000, busy).machine(1_000, 10_000, idle)).outcome).to.equal("fail");
    expect(judged("leader-changes", within("4s"), elected(6_000).machine(0, 6_000, idle).machine(6_000, 10_000, busy)).outcome).to.equal("fail");
    expect(judged("leader-changes", within("4s"), elected(6_000)).outcome).to.equal("fail");
  });

  it("stays missed where only the load or the proxy waited: members elect", () => {
    expect(judged("leader-changes", within("4s"), elected(6_000).machine(0, 10_000, { load: { ranMs: 50, waitedMs: 950 }, proxy: { ranMs: 50, waitedMs: 950 } })).outcome).to.equal("fail");
  });

  it("stays missed where none came", () => {
    const none = recording().phase("only", 0, 10_000).statuses(0, 10_000, { leader: "etcd-1", term: 2 }).machine(0, 10_000, busy);
    expect(judged("leader-changes", within("4s"), none).outcome).to.equal("fail");
  });

  it("is the same for an slo of what followed on a fault", () => {
    const struck = () => elected(6_000).operations(0, 10_000, 10).fault({ phase: "only", targets: ["etcd-1"], requestedMs: 1_000, effectiveMs: 1_000, healingMs: 9_000, healedMs: 9_500 });
    const bounds = { "after-effect": { "new-leader": "2s" } };
    expect(judged("slo", bounds, struck().machine(0, 10_000, busy)).outcome).to.equal("inconclusive");
    expect(judged("slo", bounds, struck().machine(0, 10_000, idle)).outcome).to.equal("fail");
  });
});

describe("health on a busy machine", () => {
  const silent = { tookMs: 999.4, reason: "no answer within 1 s" };
  /** Each member is asked four times a second; at 5.5 s one says this. */
  const asked = (unhealthy: { readonly tookMs: number; readonly reason: string }) => {
    const run = recording().phase("only", 0, 10_000);
    for (let atMs = 100; atMs < 10_000; atMs += 250) for (const member of ["etcd-1", "etcd-2", "etcd-3"]) run.health(member, atMs, true);
    return run.health("etcd-2", 5_500, false, unhealthy);
  };
  const always = { state: "healthy" };

  it("is left open where members did not say it in time for the waits", () => {
    const verdict = judged("health", always, asked(silent).machine(0, 10_000, busy));
    expect(verdict.outcome).to.equal("inconclusive");
    expect(verdict.reason).to.include("so busy a machine cannot tell");
  });

  it("is what it is where nobody waited, or a member says of itself that it is not healthy", () => {
    expect(judged("health", always, asked(silent).machine(0, 10_000, idle)).outcome).to.equal("fail");
    expect(judged("health", always, asked(silent).machine(0, 10_000, { load: { ranMs: 50, waitedMs: 950 } })).outcome).to.equal("fail");
    expect(judged("health", always, asked(silent).machine(0, 4_000, busy).machine(4_000, 10_000, idle)).outcome).to.equal("fail");
    expect(judged("health", always, asked({ tookMs: 5, reason: "RAFT NO LEADER" }).machine(0, 10_000, busy)).outcome).to.equal("fail");
  });

  it("is the same where its opposite is denied, as one line of text", () => {
    const outcome = (text: string, machine: typeof busy): string | undefined => {
      const read = expressions.read(text);
      return "assertion" in read ? read.assertion.judge(asked(silent).machine(0, 10_000, machine).build()).outcome : undefined;
    };
    for (const text of ["healthy", "never unhealthy", "not eventually unhealthy on any"]) {
      expect(outcome(text, busy), text).to.equal("inconclusive");
      expect(outcome(text, idle), text).to.equal("fail");
    }
    expect(outcome("not healthy", busy)).to.equal("inconclusive");
    expect(outcome("not healthy", idle)).to.equal("pass");
  });
});
