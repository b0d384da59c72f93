import { expect } from "chai";
import { fsyncSeries } from "../../../src/report/html/fsync-series.ts";
import { recording } from "../../recordings/builder.ts";

const bucket = (le: string) => `etcd_disk_wal_fsync_duration_seconds_bucket{le="${le}"}`;
const run = { name: "run", startMs: 0, endMs: 4_000 };

describe("WAL fsync over time", () => {
  it("is the p99 of what was synced in each second, empty where no scrape tells or nothing was synced", () => {
    const built = recording({ members: 1 })
      .phase("p", 0, 4_000)
      .metrics("etcd-1", 100, { [bucket("0.001")]: 0, [bucket("0.002")]: 0, [bucket("+Inf")]: 0 })
      .metrics("etcd-1", 900, { [bucket("0.001")]: 0, [bucket("0.002")]: 100, [bucket("+Inf")]: 100 })
      .metrics("etcd-1", 1_900, {})
      .metrics("etcd-1", 2_500, { failed: "connection refused" })
      .metrics("etcd-1", 3_100, { [bucket("0.001")]: 0, [bucket("0.002")]: 100, [bucket("+Inf")]: 100 })
      .metrics("etcd-1", 3_900, { [bucket("+Inf")]: 150 })
      .build();
    const [series, ...others] = fsyncSeries(built, run, 100);
    expect(others).to.deep.equal([]);
    expect(series?.member).to.equal("etcd-1");
    expect(series?.points.map(({ p99Ms }) => p99Ms?.toFixed(2))).to.deep.equal(["1.99", undefined, undefined, "2.00"]);
  });

  it("has no line for a member without the histogram", () => {
    expect(fsyncSeries(recording({ members: 3 }).phase("p", 0, 4_000).build(), run, 100)).to.deep.equal([]);
  });
});
