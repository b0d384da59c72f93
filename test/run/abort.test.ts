import { expect } from "chai";
import { untilAbort } from "../../src/run/abort.ts";
import type { AbortConditions } from "../../src/scenario/scenario.ts";
import { ManualClock } from "../observe/manual-clock.ts";

/** Waits on a clock that the test moves on, with a leader and a load as it says. */
class Watch {
  readonly clock = new ManualClock();
  readonly over = new AbortController();
  leader: string | undefined = "etcd-1";
  acknowledgedMs: number | undefined;
  violation: string | undefined;
  said: string | undefined | "nothing yet" = "nothing yet";

  constructor(conditions: Omit<AbortConditions, "violated">) {
    void untilAbort(conditions, { clock: this.clock, leader: () => this.leader, acknowledgedMs: () => this.acknowledgedMs, violation: () => this.violation }, this.over.signal).then((said) => (this.said = said));
  }
}

describe("an abort condition", () => {
  it("is met once nobody has led for so long, counted from the last leader", async () => {
    const watch = new Watch({ noLeaderForMs: 2_000 });
    await watch.clock.advance(5_000);
    watch.leader = undefined;
    await watch.clock.advance(1_500);
    watch.leader = "etcd-2";
    await watch.clock.advance(200);
    watch.leader = undefined;
    await watch.clock.advance(1_800);
    expect(watch.said).to.equal("nothing yet");
    await watch.clock.advance(500);
    expect(watch.said).to.equal("no leader for 2 s");
  });

  it("is met once nothing was acknowledged for so long, and never where there is no load", async () => {
    const [loaded, idle] = [new Watch({ nothingAcknowledgedForMs: 1_000 }), new Watch({ nothingAcknowledgedForMs: 1_000 })];
    loaded.acknowledgedMs = 300;
    await Promise.all([loaded.clock.advance(1_200), idle.clock.advance(60_000)]);
    expect(loaded.said).to.equal("nothing yet");
    await loaded.clock.advance(300);
    expect(loaded.said).to.equal("nothing acknowledged for 1 s");
    expect(idle.said).to.equal("nothing yet");
  });

  it("is met once an assertion is violated, and says what violates it", async () => {
    const watch = new Watch({});
    await watch.clock.advance(60_000);
    expect(watch.said).to.equal("nothing yet");
    watch.violation = "no line: etcd-1: 1 line matched";
    await watch.clock.advance(200);
    expect(watch.said).to.equal("no line: etcd-1: 1 line matched");
  });

  it("is not waited for any longer once the timeline is over", async () => {
    const watch = new Watch({ noLeaderForMs: 1_000 });
    await watch.clock.advance(150);
    watch.over.abort();
    await watch.clock.advance(200);
    expect(watch.said).to.equal(undefined);
  });
});
