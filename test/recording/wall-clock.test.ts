import { expect } from "chai";
import fc from "fast-check";

import type { RunEvent } from "../../src/recording/events.ts";
import { WallClockMap } from "../../src/recording/wall-clock.ts";

const clock = (atMs: number, wallMs: number): RunEvent => ({ type: "clock", atMs, wallMs });

describe("the wall clock on the run's clock", () => {
  it("is what the clock event says, before and after it", () => {
    const map = new WallClockMap([clock(2, 1_000_002)]);
    expect([999_000, 1_000_002, 1_000_500].map((wallMs) => map.toRunMs(wallMs))).to.deep.equal([-1000, 2, 500]);
  });

  it("follows a wall clock that was set forward, also in what was logged before it was noticed", () => {
    // Set 5 s forward at 10.0 s, noticed at 10.7 s.
    const map = new WallClockMap([clock(0, 1_000_000), clock(10_700, 1_015_700)]);
    expect([1_009_900, 1_015_200, 1_016_000].map((wallMs) => map.toRunMs(wallMs))).to.deep.equal([9900, 10_200, 11_000]);
  });

  it("follows a wall clock that was set back, although its times come twice", () => {
    // Set 5 s back at 10.0 s, noticed at 10.7 s.
    const map = new WallClockMap([clock(0, 1_000_000), clock(10_700, 1_005_700)]);
    const times = [1_003_000, 1_009_900, 1_005_200, 1_006_000, 1_009_950];
    expect(times.map((wallMs) => map.toRunMs(wallMs))).to.deep.equal([3000, 9900, 10_200, 11_000, 14_950]);
  });

  it("never goes back, so that a log keeps its order", () => {
    const event = fc.tuple(fc.nat(10_000), fc.nat(20_000)).map(([atMs, wallMs]) => clock(atMs, wallMs));
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(20_000)), (events, times) => {
        const map = new WallClockMap(events.sort((a, b) => a.atMs - b.atMs));
        const mapped = times.map((wallMs) => map.toRunMs(wallMs));
        expect(mapped).to.deep.equal([...mapped].sort((a, b) => a - b));
      }),
    );
  });

  it("is right to the millisecond when it drifts and a new event comes with every millisecond of drift", () => {
    const driftPerMs = 0.0005;
    const wallAt = (atMs: number): number => 1_000_000 + atMs * (1 + driftPerMs);
    const map = new WallClockMap(Array.from({ length: 30 }, (_, i) => clock(i * 2000, wallAt(i * 2000))));
    for (let atMs = 0; atMs < 60_000; atMs += 137) expect(map.toRunMs(wallAt(atMs))).to.be.closeTo(atMs, 1.1);
  });

  it("is 0 without any clock event", () => {
    expect(new WallClockMap([]).toRunMs(1_000_000)).to.equal(0);
  });
});
