import { expect } from "chai";
import { faultSpans, figureNames, figuresOf, keyFigures, operationCounts } from "../../src/analysis/key-figures.ts";
import { recording } from "../recordings/builder.ts";

/** Puts every 10 ms: 2 ms before the fault of 5 s to 10 s, 40 ms in it but for a second in which none is answered, 4 ms after it. */
const struck = recording()
  .phase("all", 0, 15_000)
  .fault({ phase: "all", targets: ["etcd-1"], requestedMs: 5_000, effectiveMs: 5_100, healingMs: 9_900, healedMs: 10_000 })
  .statuses(0, 15_000, { leader: "etcd-1", term: 2 })
  .operations(0, 15_000, 10, (atMs) => (atMs < 5_000 ? { tookMs: 2 } : atMs >= 6_000 && atMs < 7_000 ? { tookMs: 1_500, outcome: "info" } : { tookMs: atMs < 10_000 ? 40 : 4 }))
  .build();

describe("the key figures of a run", () => {
  it("are those before, during and after its faults", () => {
    expect(figuresOf(struck)).to.deep.include({ "put-p50-before": 2, "put-p99-before": 2, "put-p50-during": 40, "put-p99-after": 4, "leader-changes": 0 });
    expect(faultSpans(struck)).to.deep.include({ during: { name: "during", startMs: 5_000, endMs: 10_000 }, after: { name: "after", startMs: 10_000, endMs: 15_000 } });
  });

  it("count what was not ok against availability, and time without writes", () => {
    const { availability, throughput, "longest-unavailability": longest } = figuresOf(struck);
    expect(availability).to.be.closeTo(1_400 / 1_500, 1e-6);
    expect(throughput).to.be.closeTo(1_400 / 15, 1e-3);
    expect(longest).to.be.within(950, 1_050);
    expect(operationCounts(struck)).to.deep.equal({ ok: 1_400, fail: 0, info: 100, due: 1_500 });
  });

  it("count what was never sent as due", () => {
    const unsent = recording().phase("all", 0, 1_000).operation({ atMs: 5 }).event({ type: "missed", atMs: 900, requests: [{ member: "etcd-1", atMs: 500, count: 3 }] }).build();
    expect(operationCounts(unsent)).to.deep.equal({ ok: 1, fail: 0, info: 0, due: 4 });
    expect(figuresOf(unsent).availability).to.equal(0.25);
  });

  it("are left out where nothing is known: of a run without a fault, and of one in which nothing happened", () => {
    const calm = figuresOf(recording().phase("all", 0, 5_000).operations(0, 5_000, 10).build());
    expect(calm).to.have.property("put-p99-before", 2);
    expect(calm).to.not.have.any.keys("put-p99-during", "put-p99-after", "first-write", "new-leader");
    expect(figuresOf(recording().phase("all", 0, 5_000).build())).to.deep.equal({});
    expect(figuresOf(recording().build())).to.deep.equal({});
  });

  it("are listed in full, in the order in which they are shown", () => {
    expect(figureNames).to.have.members(Object.keys(keyFigures));
  });
});
