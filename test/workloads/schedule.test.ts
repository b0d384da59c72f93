import { expect } from "chai";
import fc from "fast-check";
import { kv } from "../../src/workloads/kv.ts";
import { ClosedLoop, OpenLoop, scheduleOf } from "../../src/workloads/schedule.ts";

const msNs = 1e6;

describe("the schedule of an open loop", () => {
  it("wants a request at every interval, however fast the answers come", () => {
    const schedule = new OpenLoop(5 * msNs, 50 * msNs, 1_000 * msNs);
    const slots = [0, 0, 0, 0].map((nowNs) => {
      const slot = schedule.next(nowNs);
      schedule.take();
      return slot;
    });
    expect(slots.map(({ atNs }) => atNs / msNs)).to.deep.equal([5, 55, 105, 155]);
  });

  it("still wants those that came due while the client was held up", () => {
    const schedule = new OpenLoop(0, 100 * msNs, 1_000 * msNs);
    const late = Array.from({ length: 6 }, () => {
      const slot = schedule.next(450 * msNs);
      schedule.take();
      return slot;
    });
    expect(late.map(({ atNs }) => atNs / msNs)).to.deep.equal([0, 100, 200, 300, 400, 500]);
    expect(late.every(({ missed }) => missed === 0)).to.equal(true);
  });

  it("gives up those that are late by more than the time-out, and counts them", () => {
    const schedule = new OpenLoop(0, 100 * msNs, 1_000 * msNs);
    expect(schedule.next(60_050 * msNs)).to.deep.equal({ atNs: 59_100 * msNs, missed: 591 });
  });

  it("does not lose the slot of which a client only heard", () => {
    const schedule = new OpenLoop(0, 100 * msNs, 1_000 * msNs);
    schedule.next(0);
    expect(schedule.next(0)).to.deep.equal({ atNs: 0, missed: 0 });
    expect(schedule.giveUp(250 * msNs)).to.equal(3);
    expect(schedule.giveUp(250 * msNs)).to.equal(0);
  });

  it("never leaves more than a time-out's worth to catch up with, and accounts for every slot, whatever happens", () => {
    const stalls = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 10, max: 2_000 }), stalls, (intervalMs, lateMaxMs, stallsMs) => {
        const schedule = new OpenLoop(0, intervalMs * msNs, lateMaxMs * msNs);
        let nowNs = 0;
        let passed = 0;
        for (const stallMs of stallsMs) {
          nowNs += stallMs * msNs;
          const { atNs, missed } = schedule.next(nowNs);
          passed += missed;
          expect(atNs).to.equal(passed * intervalMs * msNs);
          expect(nowNs - atNs).to.be.at.most(lateMaxMs * msNs);
          schedule.take();
          passed += 1;
        }
        expect(schedule.dueNs).to.equal(passed * intervalMs * msNs);
      }),
    );
  });

  it("has all clients together ask at the rate, at equal distances", () => {
    const workload = kv.bind({ rate: 200, clients: 8 });
    const due = Array.from({ length: 8 }, (_, client) => scheduleOf(workload, client, 1_000 * msNs)).flatMap((schedule) =>
      Array.from({ length: 5 }, () => {
        const { atNs } = schedule.next(0, undefined);
        schedule.take();
        return (atNs - 1_000 * msNs) / msNs;
      }),
    );
    expect(due.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 40 }, (_, index) => index * 5));
  });
});

describe("the schedule of a closed loop", () => {
  it("wants the next request as soon as the last is answered and the client has thought", () => {
    const schedule = new ClosedLoop(7, 30 * msNs);
    expect(schedule.next(5, undefined).atNs).to.equal(7);
    expect(schedule.next(1_000 * msNs, "ok").atNs).to.equal(1_030 * msNs);
    expect(new ClosedLoop(0, 0).next(1_000 * msNs, "info").atNs).to.equal(1_000 * msNs);
  });

  it("lets a client that was refused rest, or it would do nothing but be refused", () => {
    expect(new ClosedLoop(0, 0).next(1_000 * msNs, "fail").atNs).to.equal(1_020 * msNs);
    expect(new ClosedLoop(0, 90 * msNs).next(1_000 * msNs, "fail").atNs).to.equal(1_090 * msNs);
  });

  it("misses nothing and is never behind", () => {
    const schedule = new ClosedLoop(0, 0);
    expect(schedule.giveUp()).to.equal(0);
    expect(schedule.dueNs).to.equal(Infinity);
  });
});
