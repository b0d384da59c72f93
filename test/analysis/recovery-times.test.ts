import { expect } from "chai";

import { recoveryTimes, type FaultRecovery } from "../../src/analysis/recovery-times.ts";
import { recording, type FaultSketch, type RecordingBuilder } from "../recordings/builder.ts";

const failing = { outcome: "fail" as const };
const cut: FaultSketch = { phase: "cut", targets: ["etcd-1"], requestedMs: 4_000, effectiveMs: 4_000, healingMs: 10_000, healedMs: 10_500 };
const run = () => recording().phase("baseline", 0, 4_000).phase("cut", 4_000, 10_000).phase("recovery", 10_000, 16_000);
/** A put every 10 ms; those from 4 s to 6 s fail, and those from then on are slow until 8 s. */
const hurt = () =>
  run().operations(0, 16_000, 10, (atMs) => (atMs >= 4_000 && atMs < 6_000 ? { ...failing, tookMs: 1_000 } : { tookMs: atMs >= 6_000 && atMs < 8_000 ? 30 : 5 }));
const led = (builder: RecordingBuilder) => builder.statuses(0, 4_500, { leader: "etcd-1", term: 2 }).statuses(4_500, 6_000, { leader: null, term: 2 }).statuses(6_000, 16_000, { leader: "etcd-2", term: 3 });

function onlyOne(builder: RecordingBuilder): FaultRecovery {
  const [first, ...others] = recoveryTimes(builder.build());
  if (first === undefined || others.length > 0) throw new Error("one fault was to be told of");
  return first;
}

describe("recovery times", () => {
  it("count from the fault's effect to the first sign, the new leader, the first acknowledged write and usual latency", () => {
    const { fault, afterEffect } = onlyOne(led(hurt()).fault({ ...cut, effectiveMs: 4_100 }));
    expect(fault).to.deep.include({ kind: "partition", effectiveMs: 4_100 });
    expect(afterEffect?.detected).to.deep.equal({ ms: 400, atMs: 4_500, text: "etcd-1 said that it has no leader" });
    expect(afterEffect?.newLeader).to.deep.include({ ms: 1_900, atMs: 6_000 });
    expect(afterEffect?.firstAckedWrite).to.deep.include({ ms: 1_930, atMs: 6_030 });
    // The last second with more than one slow put of a hundred begins a little before 8 s.
    expect(afterEffect?.p99WithinTwiceBaseline.ms).to.be.within(3_750, 4_150);
  });

  it("count from when the harness begins to heal, too", () => {
    const slow = run().operations(0, 16_000, 10, (atMs) => ({ tookMs: atMs >= 4_000 && atMs < 11_000 ? 50 : 5 })).fault(cut);
    const { afterHealing } = onlyOne(slow);
    expect(afterHealing).to.deep.include({ fromMs: 10_000, untilMs: 16_000 });
    expect(afterHealing?.firstAckedWrite.ms).to.equal(50);
    expect(afterHealing?.p99WithinTwiceBaseline.ms).to.be.within(750, 1_250);
    expect(afterHealing?.newLeader).to.deep.equal({ ms: undefined, never: true, text: "no new leader was seen up to 16 s" });
  });

  it("take a log line for a sign only where no member wrote such before the fault", () => {
    const noisy = (before: boolean) => {
      const builder = run().fault(cut).log("etcd-2", 4_700, "lost leader 91bc3c398fb3c146 at term 2").log("etcd-3", 4_200, "apply request took too long");
      return before ? builder.log("etcd-3", 2_000, "apply request took too long") : builder;
    };
    expect(onlyOne(noisy(false)).afterEffect?.detected).to.deep.include({ ms: 200, text: "etcd-3 wrote: apply request took too long" });
    expect(onlyOne(noisy(true)).afterEffect?.detected).to.deep.include({ ms: 700 });
    expect(onlyOne(run().fault(cut)).afterEffect?.detected.ms).to.equal(undefined);
  });

  it("take no time for what came while the fault was put on", () => {
    const { afterEffect } = onlyOne(led(hurt()).fault({ ...cut, requestedMs: 4_400, effectiveMs: 6_050 }));
    expect(afterEffect?.newLeader).to.deep.include({ ms: 0, atMs: 6_000 });
    expect(afterEffect?.detected).to.deep.include({ ms: 0, atMs: 4_500 });
  });

  it("are not told of what was never proven, and never healed", () => {
    const { afterEffect, afterHealing } = onlyOne(hurt().fault({ phase: "cut", targets: ["etcd-1"], requestedMs: 4_000, ineffectiveMs: 5_000 }));
    expect([afterEffect, afterHealing]).to.deep.equal([undefined, undefined]);
  });

  it("look no further than the next fault", () => {
    const twice = led(hurt()).fault(cut).fault({ phase: "cut", targets: ["etcd-2"], requestedMs: 5_500, effectiveMs: 5_600, healingMs: 10_000, healedMs: 10_100 });
    const [first, second] = recoveryTimes(twice.build());
    expect(first?.afterEffect).to.deep.include({ untilMs: 5_500, newLeader: { ms: undefined, never: true, text: "no new leader was seen up to 5.5 s" } });
    expect(first?.afterEffect?.firstAckedWrite).to.deep.equal({ ms: undefined, never: true, text: "none of 150 writes was acknowledged up to 5.5 s" });
    expect(second?.afterEffect?.newLeader.ms).to.equal(400);
  });

  it("say why there is nothing to tell of", () => {
    const idle = onlyOne(run().fault(cut)).afterEffect;
    expect(idle?.firstAckedWrite).to.deep.equal({ ms: undefined, never: false, text: "no write was begun up to 16 s" });
    expect(idle?.p99WithinTwiceBaseline).to.deep.equal({ ms: undefined, never: false, text: "there were too few operations before the first fault to compare with" });
    const broken = onlyOne(run().operations(0, 16_000, 10, () => failing).fault(cut)).afterEffect;
    expect(broken?.p99WithinTwiceBaseline.text).to.equal("not even 99 % of operations were ok before the first fault");
    const late = onlyOne(run().operations(0, 16_000, 10, (atMs) => ({ tookMs: atMs < 4_000 ? 5 : 50 })).fault(cut)).afterEffect;
    expect(late?.p99WithinTwiceBaseline).to.deep.equal({ ms: undefined, never: true, text: "it was still above a p99 of 10 ms, twice that before the first fault, up to 16 s" });
    const calm = onlyOne(run().operations(0, 16_000, 10).fault(cut)).afterEffect;
    expect(calm?.p99WithinTwiceBaseline.ms).to.equal(0);
  });

  it("count what was never sent as never answered", () => {
    const held = run().operations(0, 16_000, 10).event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 6_050, count: 50 }] }).fault(cut);
    expect(onlyOne(held).afterEffect?.p99WithinTwiceBaseline.ms).to.be.within(1_900, 2_300);
  });
});
