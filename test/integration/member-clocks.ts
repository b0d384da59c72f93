import { expect } from "chai";
import { whyNoClockFaults } from "../../src/cluster/clock/clock-shim.ts";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { capabilities, type ClockFaultable, type Killable, type Member, type Pausable, type Restartable } from "../../src/cluster/member.ts";
import { startTestCluster } from "../support/cluster.ts";
import { expectHolding, failureOf, inject, leaderFirst, untilUsable } from "./live-faults.ts";

const missing = await whyNoClockFaults();

type Able = Member & ClockFaultable & Killable & Restartable & Pausable;

function able(member: Member): Able {
  if (capabilities.clock(member) && capabilities.kill(member) && capabilities.restart(member) && capabilities.pause(member)) return member;
  throw new Error(`${member.name} lacks an ability`);
}

/** What the clock of a real member does when its process ends or is frozen. */
export function describeMemberClocks(runtime: RuntimeKind): void {
  describe(`the clock of a ${runtime} member${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
    this.timeout(60_000);
    if (missing !== undefined) {
      it("is left alone on this machine");
      return;
    }
    let cluster: RunningCluster;
    let member: Able;
    before(async () => void (cluster = await startTestCluster(runtime)));
    after(() => cluster[Symbol.asyncDispose]());
    beforeEach(async () => void (member = able((await leaderFirst(cluster))[1])));
    afterEach(() => untilUsable(cluster));

    it("keeps its pace when the member is restarted, and is no longer ahead", async () => {
      const clock = member.monotonicClock;
      await clock.jump(3_600_000);
      await clock.pace(2);
      try {
        await member.kill();
        expect(await clock.read()).to.equal(undefined);
        await member.restart();
        const reading = await clock.read();
        expect(reading?.rate).to.equal(2);
        expect(reading?.aheadMs).to.be.within(0, 60_000);
      } finally {
        await clock.pace(1);
      }
      expect((await clock.read())?.rate).to.equal(1);
    });

    it("is set right while the member is down", async () => {
      const active = await inject(cluster, "clock-rate", [member], { rate: 2 });
      await member.kill();
      await active.heal();
      await member.restart();
      expect(await member.monotonicClock.read()).to.deep.equal({ aheadMs: 0, rate: 1 });
      expectHolding(await active.healed());
    });

    it("is set right while the member is frozen, and is not led astray then", async () => {
      const active = await inject(cluster, "clock-rate", [member], { rate: 2 });
      await member.pause();
      try {
        await active.heal();
        expect(await failureOf(inject(cluster, "clock-jump", [member]))).to.equal(`${member.name} is paused: its clock cannot be changed now`);
      } finally {
        await member.resume();
      }
      expectHolding(await active.healed());
    });

    it("is none while the member is down", async () => {
      await member.kill();
      try {
        expect(await failureOf(inject(cluster, "clock-rate", [member], { rate: 2 }))).to.equal(`${member.name} is down: its clock cannot be changed now`);
      } finally {
        await member.restart();
      }
      expect(await member.monotonicClock.read()).to.deep.equal({ aheadMs: 0, rate: 1 });
    });
  });
}
