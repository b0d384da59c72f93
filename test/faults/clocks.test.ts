import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { clockJump } from "../../src/faults/clock-jump.ts";
import { clockRate } from "../../src/faults/clock-rate.ts";
import { excuse } from "../../src/faults/holds.ts";
import { showsRate, showsTrueTime, telltaleMs } from "../../src/faults/own-time.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { timedDouble } from "./timed-double.ts";

describe("what a while shows of a clock", () => {
  it("is its rate where it is nearer to that than to the true time, and not before its time", () => {
    expect(showsRate({ ownMs: 2_000, tookMs: 1_050 }, 2)).to.equal(true);
    expect(showsRate({ ownMs: 2_000, tookMs: 1_600 }, 2)).to.equal(false, "nearer to the true time");
    expect(showsRate({ ownMs: 2_000, tookMs: 500 }, 2)).to.equal(false, "faster than that");
    expect(showsRate({ ownMs: 1_000, tookMs: 2_100 }, 0.5)).to.equal(true);
    expect(showsRate({ ownMs: 1_000, tookMs: 1_100 }, 0.5)).to.equal(false);
  });

  it("is the true time where it took as long as the member thinks, or little longer", () => {
    expect(showsTrueTime({ ownMs: 1_000, tookMs: 1_100 })).to.equal(true);
    expect(showsTrueTime({ ownMs: 1_000, tookMs: 500 })).to.equal(false);
    expect(showsTrueTime({ ownMs: 1_000, tookMs: 2_000 })).to.equal(false);
  });

  it("tells most by a while in which the two are a second apart", () => {
    for (const rate of [0.25, 0.5, 0.8, 1.25, 2, 10]) expect(Math.abs(telltaleMs(rate) - telltaleMs(rate) / rate)).to.be.closeTo(1_000, 0.001);
  });
});

describe("a jump of the clock", function () {
  this.timeout(20_000);

  it("is proven by the process, by a watch that ends early, and by a lease of the leader", async () => {
    await using leader = await timedDouble();
    leader.process.leads = true;
    const active = await hurt(clockJump, [leader], { options: { by: "70s" } });
    const { proofs } = await active.effect();
    expect(proofs.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect(proofs.map(({ source }) => source)).to.deep.equal(["process clock", "watch", "lease"]);
    expect(proofs[0]?.text).to.equal("etcd-1's clock runs at the true speed, 1 m 10 s ahead of the machine's");
    expect(proofs[1]?.text).to.match(/^etcd-1 ended a watch that it was to end after 1 m 10 s after [\d.]+ ms$/);
    expect(proofs[2]?.text).to.match(/^a lease of 70 s that etcd-1, the leader, granted had 0 s left after [\d.]+ ms$/);
    await active.heal();
    await active.heal();
    expect(leader.process.leases.size).to.equal(0, "the lease is revoked");
    const healed = await active.healed();
    expect(healed.proofs.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect(leader.process.done).to.deep.equal(["jump 70000"]);
  });

  it("of a follower needs no lease, of which it does not count the time", async () => {
    await using follower = await timedDouble();
    const active = await hurt(clockJump, [follower], { options: { by: "10s" } });
    expect((await active.effect()).proofs.map(({ source, holds }) => ({ source, holds }))).to.deep.equal([{ source: "process clock", holds: true }, { source: "watch", holds: true }]);
    await active.heal();
  });

  it("that only pretends is found out, by the watch and by the lease", async () => {
    await using leader = await timedDouble();
    Object.assign(leader.process, { leads: true, pretends: true });
    const clock = new HastyClock(10);
    const active = await hurt(clockJump, [leader], { options: { by: "10s" }, clock });
    const { proofs } = await active.effect();
    expect(proofs.map(({ source, holds }) => ({ source, holds }))).to.deep.equal([{ source: "process clock", holds: true }, { source: "watch", holds: false }, { source: "lease", holds: false }]);
    expect(proofs[1]?.text).to.equal("etcd-1 did not end a watch that it was to end after 10 s");
    await active.heal();
  });

  it("is not shown by a watch whose connection breaks", async () => {
    await using follower = await timedDouble();
    follower.process.pretends = true;
    const active = await hurt(clockJump, [follower], { options: { by: "10s" }, clock: new HastyClock(10) });
    follower.hangUp();
    expect((await active.effect()).proofs.map(({ source, holds }) => ({ source, holds }))).to.deep.equal([{ source: "process clock", holds: true }, { source: "watch", holds: false }]);
    await active.heal();
  });

  it("is not made where a member is down or frozen, nor while another fault has its clock", async () => {
    await using first = await timedDouble("etcd-1");
    await using second = await timedDouble("etcd-2");
    for (const kind of ["down", "paused"] as const) {
      second.process.kind = kind;
      expect(await hurt(clockJump, [first, second]).catch(messageOf)).to.equal(`etcd-2 is ${kind}: its clock cannot be changed now`);
    }
    const active = await hurt(clockRate, [first], { options: { rate: 2 } });
    expect(await hurt(clockJump, [first], { clock: new HastyClock(20) }).catch(messageOf)).to.equal("etcd-1 is set to a wrong time by another fault already");
    await active.heal();
    expect(excuse([first, second], ["set to a wrong time"])).to.equal(undefined);
    expect(second.process.done).to.deep.equal([]);
  });

  it("that is refused leaves neither a hold nor a lease behind", async () => {
    await using leader = await timedDouble();
    Object.assign(leader.process, { leads: true, refuses: 1 });
    expect(await hurt(clockJump, [leader]).catch(messageOf)).to.equal("it refuses to jump 70000");
    expect(excuse([leader], ["set to a wrong time"])).to.equal(undefined);
    expect(leader.process.leases.size).to.equal(0);
  });

  it("is at least long enough to be told from a slow answer, and forward", () => {
    for (const by of ["9s", "25h", "-70s"]) expect(() => clockJump.bind({ target: "leader", by }), by).to.throw(/must be/);
    expect(clockJump.bind({ target: "leader" }).title).to.equal("clock of leader jumps by 1 m 10 s");
  });
});

describe("a clock at another speed", function () {
  this.timeout(20_000);

  for (const rate of [10, 0.5]) {
    it(`of ${rate} times the true one is proven by the process, by a watch and by a lease of the leader, and heals`, async () => {
      await using leader = await timedDouble();
      leader.process.leads = true;
      const active = await hurt(clockRate, [leader], { options: { rate } });
      const { proofs } = await active.effect();
      expect(proofs.filter(({ holds }) => !holds)).to.deep.equal([]);
      expect(proofs.map(({ source }) => source)).to.deep.equal(["process clock", "watch", "lease"]);
      expect(proofs[0]?.text).to.include(`etcd-1's clock runs at ${rate} times the true speed`);
      await active.heal();
      await active.heal();
      const healed = await active.healed();
      expect(healed.proofs.filter(({ holds }) => !holds)).to.deep.equal([]);
      expect(leader.process.leases.size).to.equal(0, "the lease is revoked");
      expect(excuse([leader], ["set to a wrong time"])).to.equal(undefined);
    });
  }

  it("that only pretends is found out", async () => {
    await using leader = await timedDouble();
    Object.assign(leader.process, { leads: true, pretends: true });
    const active = await hurt(clockRate, [leader], { options: { rate: 10 } });
    const { proofs } = await active.effect();
    expect(proofs.map(({ source, holds }) => ({ source, holds }))).to.deep.equal([{ source: "process clock", holds: true }, { source: "watch", holds: false }, { source: "lease", holds: false }]);
    await active.heal();
  });

  it("that is not set right is not taken for healed", async () => {
    await using member = await timedDouble();
    const clock = new HastyClock();
    const active = await hurt(clockRate, [member], { options: { rate: 10 }, clock });
    await active.heal();
    await member.process.pace(10);
    clock.run(20);
    expect((await active.healed()).proofs.slice(0, 2).map(({ holds }) => holds)).to.deep.equal([false, false]);
  });

  it("that one member refuses is taken from the others", async () => {
    await using first = await timedDouble("etcd-1");
    await using second = await timedDouble("etcd-2");
    second.process.refuses = 1;
    expect(await hurt(clockRate, [first, second], { options: { rate: 2 } }).catch(messageOf)).to.equal("it refuses to pace 2");
    expect([first, second].map(({ process }) => process.rate)).to.deep.equal([1, 1]);
    expect(excuse([first, second], ["set to a wrong time"])).to.equal(undefined);
  });

  it("too near to the true one is refused", () => {
    for (const rate of [0.2, 0.9, 1, 1.2, 11]) expect(() => clockRate.bind({ target: "all", rate }), String(rate)).to.throw(/must be|Too|>=|<=/);
  });
});
