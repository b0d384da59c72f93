import { expect } from "chai";
import fc from "fast-check";

import { blindSpots, standstills, without, type Stretch } from "../../src/analysis/coverage.ts";
import { faultWindows } from "../../src/analysis/fault-windows.ts";
import { isCutShort, phaseWindow, runWindow, whyUnfinished } from "../../src/analysis/windows.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

describe("windows", () => {
  it("of a run reach from its first phase to its last", () => {
    const run = recording().phase("baseline", 100, 5_000).phase("isolated", 5_000, 9_000).build();
    expect(runWindow(run)).to.deep.equal({ name: "run", startMs: 100, endMs: 9_000 });
    expect(phaseWindow(run, "isolated")).to.deep.equal({ name: "isolated", startMs: 5_000, endMs: 9_000 });
    expect(phaseWindow(run, "recovery")).to.equal(undefined);
  });

  it("are cut short in the last phase of a run that did not finish, and in no other", () => {
    const run = () => recording().phase("baseline", 0, 5_000).phase("isolated", 5_000, 6_000);
    const cutShort = (builder: RecordingBuilder) => builder.build().phases.map((phase) => isCutShort(builder.build(), phase));
    expect(cutShort(run())).to.deep.equal([false, false]);
    expect(cutShort(run().interrupted(6_000))).to.deep.equal([false, true]);
    expect(cutShort(run().ended("crashed", "no space left"))).to.deep.equal([false, true]);
    expect(cutShort(run().ended("running"))).to.deep.equal([false, true]);
  });

  it("have a reason where the run did not finish", () => {
    expect(whyUnfinished(recording().build())).to.equal(undefined);
    expect(whyUnfinished(recording().interrupted(5, "SIGTERM").build())).to.equal("the run was interrupted by SIGTERM");
    expect(whyUnfinished(recording().ended("crashed", "no space left").build())).to.equal("the harness stopped the run");
    expect(whyUnfinished(recording().ended("running").build())).to.include("killed");
  });
});

const stretch = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 50 })).map(([startMs, lengthMs]): Stretch => ({ startMs, endMs: startMs + lengthMs }));
const holds = (stretches: readonly Stretch[], atMs: number) => stretches.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);

describe("coverage", () => {
  it("finds where nothing was observed for too long, at the edges too", () => {
    expect(blindSpots([200, 300, 900], { startMs: 0, endMs: 1_000 }, 150)).to.deep.equal([{ startMs: 0, endMs: 200 }, { startMs: 300, endMs: 900 }]);
    expect(blindSpots([], { startMs: 0, endMs: 1_000 }, 150)).to.deep.equal([{ startMs: 0, endMs: 1_000 }]);
  });

  it("leaves no observation inside a blind spot, and no longer gap outside of one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200)), stretch, fc.nat(20), (times, window, toleranceMs) => {
        const observed = times.sort((a, b) => a - b);
        const spots = blindSpots(observed, window, toleranceMs);
        expect(spots.every(({ startMs, endMs }) => endMs - startMs > toleranceMs && !observed.some((atMs) => atMs > startMs && atMs < endMs))).to.equal(true);
        for (let atMs = window.startMs; atMs < window.endMs; atMs += 1) {
          const near = [window.startMs, ...observed, window.endMs].some((other) => other <= atMs && atMs - other <= toleranceMs);
          expect(near || holds(spots, atMs)).to.equal(true);
        }
      }),
    );
  });

  it("is what is left when stretches are cut out", () => {
    fc.assert(
      fc.property(fc.array(stretch), fc.array(stretch), (stretches, cuts) => {
        const left = without(stretches, cuts);
        for (let atMs = 0; atMs < 160; atMs += 1) expect(holds(left, atMs)).to.equal(holds(stretches, atMs) && !holds(cuts, atMs));
      }),
    );
  });

  it("knows when a process stood still", () => {
    const run = recording()
      .event({ type: "member", atMs: 100, member: "etcd-1", state: "killed" })
      .event({ type: "member", atMs: 110, member: "etcd-1", state: "exited" })
      .event({ type: "member", atMs: 150, member: "etcd-2", state: "ready" })
      .event({ type: "member", atMs: 400, member: "etcd-1", state: "started" })
      .event({ type: "member", atMs: 900, member: "etcd-1", state: "paused" })
      .build();
    expect(standstills(run, "etcd-1")).to.deep.equal([{ startMs: 100, endMs: 400 }, { startMs: 900, endMs: Infinity }]);
    expect(standstills(run, "etcd-2")).to.deep.equal([]);
  });
});

describe("fault windows", () => {
  const base = { phase: "isolated", targets: ["etcd-2"], requestedMs: 5_000 } as const;
  const outcomeOf = (more: object) => faultWindows(recording().fault({ ...base, ...more }).build())[0]?.outcome;

  it("tell a fault's life from its request to its healing", () => {
    const [window] = faultWindows(recording().fault({ ...base, effectiveMs: 5_100, healingMs: 9_000, healedMs: 9_200 }).build());
    expect(window).to.deep.include({ fault: "isolated/0-partition", targets: ["etcd-2"], requestedMs: 5_000, effectiveMs: 5_100, healingMs: 9_000, healedMs: 9_200, outcome: "proven" });
    expect(window?.proofs.injected).to.have.length(1);
    expect(window?.proofs.healed).to.have.length(1);
  });

  it("are proven only when both ends are", () => {
    expect(outcomeOf({ ineffectiveMs: 5_100, healedMs: 9_000 })).to.equal("ineffective");
    expect(outcomeOf({ effectiveMs: 5_100, unhealedMs: 9_000 })).to.equal("unhealed");
    expect(outcomeOf({ ineffectiveMs: 5_100, unhealedMs: 9_000 })).to.equal("unhealed");
    expect(outcomeOf({ failedMs: 5_100 })).to.equal("failed");
    expect(outcomeOf({ effectiveMs: 5_100 })).to.equal("cut-short");
    expect(outcomeOf({ healedMs: 9_000 })).to.equal("cut-short");
  });

  it("exist for a fault that failed before it had a target", () => {
    const failed = recording().event({ type: "fault", atMs: 5_000, fault: "isolated/1-kill", kind: "kill", state: "failed", error: "no member leads" }).build();
    expect(faultWindows(failed)).to.deep.equal([
      {
        fault: "isolated/1-kill", kind: "kill", title: "kill", phase: "isolated", targets: [], because: "no target was found", requestedMs: 5_000,
        outcome: "failed", proofs: { injected: [], healed: [] }, error: "no member leads",
      },
    ]);
  });

  it("keep faults of one time apart, in order of their requests", () => {
    const run = recording().fault({ ...base, requestedMs: 6_000 }).fault({ ...base, kind: "pause" }).build();
    expect(faultWindows(run).map(({ kind }) => kind)).to.deep.equal(["pause", "partition"]);
  });
});
