import { expect } from "chai";
import { Coverage } from "../../src/explore/coverage.ts";
import { coveredFeatures, messageShape } from "../../src/explore/covered.ts";
import { featureKey, type Feature } from "../../src/explore/feature.ts";
import { intendedFeatures } from "../../src/explore/intended.ts";
import { recording } from "../recordings/builder.ts";
import { plain } from "./sketches.ts";

const keys = (features: readonly Feature[]): string[] => features.map(featureKey);

describe("what a run covered", () => {
  const base = () => recording().phase("storm", 0, 10_000).statuses(0, 10_000, { leader: "etcd-1", term: 2 });
  const killed = { kind: "kill", phase: "storm", targets: ["etcd-1"], requestedMs: 1_000, effectiveMs: 1_100, healingMs: 3_000, healedMs: 3_500 };
  const slowed = { kind: "latency", phase: "storm", targets: ["etcd-2"], requestedMs: 2_000, effectiveMs: 2_100, healingMs: 5_000, healedMs: 5_500 };

  it("are faults that bit, on whom, and which were in force together", () => {
    const features = keys(coveredFeatures(base().fault(killed).fault(slowed).build()));
    expect(features).to.include.members(["fault: kill", "fault: latency", "pair of faults: kill + latency", "role of the target: kill on the leader", "role of the target: latency on the follower"]);
  });

  it("are not faults without proof, nor pairs of which one was over", () => {
    const { effectiveMs: _, ...unproven } = { ...slowed, ineffectiveMs: 2_500 };
    expect(keys(coveredFeatures(base().fault(killed).fault(unproven).build())).filter((key) => key.includes("latency"))).to.deep.equal([]);
    const after = { ...slowed, requestedMs: 3_000, effectiveMs: 3_100 };
    expect(keys(coveredFeatures(base().fault(killed).fault(after).build()))).to.not.include("pair of faults: kill + latency");
  });

  it("are log messages without what differs from run to run, and metrics that moved", () => {
    const built = base().log("etcd-1", 500, "compacted Raft logs at 1200").log("etcd-1", 600, "secret", { level: "debug" }).metrics("etcd-1", 700, { etcd_a_total: 3, etcd_b_total: 0, go_c: 4 }, { full: true }).build();
    const features = keys(coveredFeatures(built));
    expect(features).to.include.members(["log message: compacted Raft logs at #", "metric: etcd_a_total", "transition: raft log compacted"]);
    expect(features).to.not.include.members(["metric: etcd_b_total"]);
    expect(features.filter((key) => key.includes("secret") || key.includes("go_c"))).to.deep.equal([]);
  });

  it("are a new leader while a fault was in force", () => {
    const built = recording().phase("storm", 0, 10_000).statuses(0, 1_500, { leader: "etcd-1", term: 2 }).statuses(2_000, 9_000, { leader: "etcd-2", term: 3 }).fault(killed).build();
    expect(keys(coveredFeatures(built))).to.include("transition: new leader during kill");
  });
});

describe("a message's shape", () => {
  it("is the same whatever the member, term, address and duration", () => {
    expect(messageShape("8211f1d0f64f3269 became leader at term 12")).to.equal(messageShape("91bc3c398fb3c146 became leader at term 3"));
    expect(messageShape('apply took 12.5ms for "k7" [id 4]')).to.equal(messageShape('apply took 900µs for "a" [id 99, x]'));
    expect(messageShape("listening on 127.0.0.1:2380")).to.equal(messageShape("listening on 127.77.3.1:40123"));
  });
});

describe("coverage", () => {
  it("tells what is new, and how much a run would tell", () => {
    const coverage = new Coverage();
    const kill: Feature = { of: "fault", name: "kill" };
    const pause: Feature = { of: "fault", name: "pause" };
    expect(coverage.take(1, [kill])).to.deep.equal([kill]);
    expect(coverage.take(2, [kill, pause])).to.deep.equal([pause]);
    expect(coverage.novelty([kill])).to.be.closeTo(1 / 3, 1e-9);
    expect(coverage.novelty([{ of: "fault", name: "stop" }])).to.equal(1);
    expect(coverage.table().find(({ of }) => of === "fault")?.covered).to.deep.equal([{ name: "pause", count: 1, firstRun: 2 }, { name: "kill", count: 2, firstRun: 1 }]);
  });

  it("is foreseen from a sketch: faults, pairs that overlap, faults under each load", () => {
    const faults = [{ kind: "kill", options: { target: "leader" }, atMs: 0, forMs: 2_000 }, { kind: "latency", options: { target: "all" }, atMs: 1_000, forMs: 1_000 }, { kind: "pause", options: { target: "leader" }, atMs: 3_000, forMs: 1_000 }];
    const features = keys(intendedFeatures({ ...plain, faults }));
    expect(features).to.include.members(["pair of faults: kill + latency", "fault under load: pause, kv", "way of watching: nobody watches"]);
    expect(features).to.not.include("pair of faults: kill + pause");
  });
});
