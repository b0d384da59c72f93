import { expect } from "chai";
import { describeDurations, parseDurations, quantileBucket, since, slowerThan, type Durations } from "../../src/faults/disk-durations.ts";
import { histogramText } from "./histogram-text.ts";

const name = "etcd_disk_wal_fsync_duration_seconds";

function durations(counts: Readonly<Record<string, number>>, sumS = 1): Durations {
  const parsed = parseDurations(histogramText({ "0.001": 0, "0.128": 0, "0.256": 0, "+Inf": 0, ...counts }, sumS), name);
  if (parsed === undefined) throw new Error("it was not read");
  return parsed;
}

describe("the durations of a member's syncs", () => {
  it("are read from etcd's histogram", () => {
    expect(durations({ "0.001": 5, "0.256": 2 }, 0.5)).to.deep.equal({
      count: 7,
      sumMs: 500,
      buckets: [{ leMs: 1, count: 5 }, { leMs: 128, count: 5 }, { leMs: 256, count: 7 }, { leMs: Infinity, count: 7 }],
    });
  });

  it("are none where the page has no such histogram", () => {
    expect(parseDurations("etcd_server_has_leader 1\n", name)).to.equal(undefined);
    expect(parseDurations(histogramText({ "+Inf": 1 }, 1, `${name}_other`), name)).to.equal(undefined);
  });

  it("are told for the time since a reading, and all of them where the process is a new one", () => {
    const before = durations({ "0.001": 10 }, 0.01);
    const now = since(durations({ "0.001": 11, "0.256": 3 }, 0.61), before);
    expect([now.count, Math.round(now.sumMs)]).to.deep.equal([4, 600]);
    expect(slowerThan(now, 200)).to.equal(3);
    expect(since(durations({ "0.256": 3 }), before).count).to.equal(3);
  });

  it("count as slower by the highest bound that is not above the limit", () => {
    const some = durations({ "0.001": 1, "0.128": 2, "0.256": 4, "+Inf": 8 });
    expect([256, 255, 128, 1, 0.5].map((limitMs) => slowerThan(some, limitMs))).to.deep.equal([8, 12, 12, 14, 15]);
  });

  it("have quantiles no finer than the buckets, and none without values", () => {
    expect(quantileBucket(durations({ "0.001": 98, "0.256": 2 }), 0.99)).to.deep.equal({ aboveMs: 128, upToMs: 256 });
    expect(quantileBucket(durations({ "0.001": 99, "0.256": 1 }), 0.99)).to.deep.equal({ aboveMs: 0, upToMs: 1 });
    expect(quantileBucket(durations({}), 0.99)).to.equal(undefined);
    expect(describeDurations(durations({ "+Inf": 1 }), "wal")).to.equal("1 WAL syncs, p99 above 256 ms");
    expect(describeDurations(durations({}), "db")).to.equal("no database commits");
  });
});
