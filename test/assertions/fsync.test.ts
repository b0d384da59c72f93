import { expect } from "chai";

import { recording } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const bucket = (le: string) => `etcd_disk_wal_fsync_duration_seconds_bucket{le="${le}"}`;

/** One member that syncs so often between two scrapes: fast before 4 s, slow from then on. */
function syncing(perScrape: number) {
  const run = recording({ members: 1 }).phase("baseline", 0, 4_000).phase("slow", 4_000, 8_000);
  for (let atMs = 0; atMs <= 8_000; atMs += 250) {
    const fast = Math.min(atMs / 250, 16) * perScrape;
    const slow = Math.max(0, atMs / 250 - 16) * perScrape;
    run.metrics("etcd-1", atMs, { [bucket("0.001")]: 0, [bucket("0.002")]: fast, [bucket("0.064")]: fast, [bucket("0.128")]: fast + slow, [bucket("+Inf")]: fast + slow });
  }
  return run;
}

describe("fsync", () => {
  it("passes where the quantile is below the bound", () => {
    expect(judged("fsync", { below: "10ms", during: "baseline" }, syncing(5))).to.deep.include({ outcome: "pass", observed: "2 ms (of 80 values) on etcd-1", bound: "below 10 ms" });
  });

  it("fails where it is not, and shows the bucket", () => {
    const verdict = judged("fsync", { below: "100ms", during: "slow" }, syncing(5));
    expect(verdict).to.deep.include({ outcome: "fail", reason: "etcd-1: 127 ms (of 80 values), not below 100 ms" });
    expect(verdict.evidence[0]?.text).to.include("in the bucket above 64 ms up to 128 ms, of 80 values, from 4 s to 8 s");
    expect(judged("fsync", { below: "10ms", quantile: 0.4 }, syncing(5)).outcome).to.equal("pass");
  });

  it("is inconclusive of a few fsyncs, and says how many there were", () => {
    expect(judged("fsync", { below: "10ms", during: "baseline", within: "500ms" }, syncing(1))).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: only 2 values in this time, at least 10 are needed" });
  });

  it("is left open where the member waited for a CPU for so much of the time", () => {
    const busy = { "etcd-1": { ranMs: 50, waitedMs: 950 } };
    const bound = { below: "100ms", during: "slow" };
    expect(judged("fsync", bound, syncing(5).machine(0, 8_000, busy)).outcome).to.equal("inconclusive");
    expect(judged("fsync", { ...bound, below: "5ms" }, syncing(5).machine(0, 8_000, busy)).outcome).to.equal("fail");
    expect(judged("fsync", bound, syncing(5).machine(0, 4_000, busy)).outcome).to.equal("fail");
    expect(judged("fsync", bound, syncing(5).machine(0, 8_000, { load: { ranMs: 50, waitedMs: 950 } })).outcome).to.equal("fail");
  });

  it("is never left open because the machine waited for its disk: etcd's own syncs are such waits", () => {
    expect(judged("fsync", { below: "100ms", during: "slow" }, syncing(5).machine(0, 8_000, { "etcd-1": { ranMs: 50, waitedMs: 10 } }, { ioStalledMs: 990 })).outcome).to.equal("fail");
  });

  it("is inconclusive without scrapes", () => {
    expect(judged("fsync", { below: "10ms" }, recording().phase("baseline", 0, 1_000)).outcome).to.equal("inconclusive");
  });

  it("has a title and wants a bound", () => {
    expect(titleOf("fsync", { below: "10ms", quantile: 0.999, of: "all" })).to.equal("WAL fsync p99.9 over the run, all members added up");
    expect(problemsOf("fsync", {})).to.have.length(1);
    expect(problemsOf("fsync", { below: "0ms" })).to.deep.equal(["below: must be longer than zero"]);
    expect(problemsOf("fsync", { below: "1ms", quantile: 99 })).to.have.length(1);
  });
});
