import { expect } from "chai";

import { conditions } from "../../src/judge/conditions.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

const run = () => recording({ members: 1 }).phase("baseline", 0, 4_000).phase("cut", 4_000, 8_000).event({ type: "workload", atMs: 0, state: "started" });
const missed = (atMs: number, count: number) => ({ type: "missed" as const, atMs, requests: [{ member: "etcd-1", atMs, count }] });
const cut = { phase: "cut", targets: ["etcd-1"], requestedMs: 4_000, effectiveMs: 4_000, healingMs: 7_900, healedMs: 8_000 };

function told(builder: RecordingBuilder, title: string) {
  return conditions(builder.build()).find((each) => each.title === title);
}

describe("the conditions of a run", () => {
  describe("its load", () => {
    const title = "the load that was asked for was sent";

    it("has to be sent by half at least in each phase without a fault", () => {
      expect(told(run().operations(0, 8_000, 10).event(missed(1_000, 400)), title)).to.deep.include({ outcome: "pass", observed: "of what was due: 50 % in baseline, 100 % in cut" });
      expect(told(run().operations(0, 8_000, 10).event(missed(1_000, 401)), title)).to.deep.include({ outcome: "inconclusive", observed: "of what was due: 49 % in baseline" });
    });

    it("may fail to be sent while a fault is in force", () => {
      expect(told(run().operations(0, 4_000, 10).event(missed(5_000, 400)).fault(cut), title)).to.deep.include({ outcome: "pass", observed: "of what was due: 100 % in baseline, 0 % in cut" });
      expect(told(run().operations(0, 4_000, 10).event(missed(5_000, 400)), title)?.outcome).to.equal("inconclusive");
    });

    it("has to be something, also where nothing is due", () => {
      expect(told(run().operations(4_000, 8_000, 10), title)).to.deep.include({ outcome: "inconclusive", observed: "of what was due: nothing in baseline" });
      expect(told(recording().phase("baseline", 0, 4_000), title)).to.equal(undefined);
    });
  });

  describe("its clocks", () => {
    const title = "the wall clock kept pace with the run's clock";
    const clock = (atMs: number, aheadMs: number) => ({ type: "clock" as const, atMs, wallMs: 1_700_000_000_000 + atMs + aheadMs });

    it("may be corrected by little and must not jump", () => {
      expect(told(run().event(clock(0, 0)), title)).to.deep.include({ outcome: "pass", observed: "it was never moved" });
      expect(told(run().event(clock(0, 0)).event(clock(2_000, 3)).event(clock(4_000, -97)), title)).to.deep.include({ outcome: "pass", observed: "it was moved by −100 ms at 4 s, the most of 2 times" });
      expect(told(run().event(clock(0, 0)).event(clock(2_000, 101)), title)).to.deep.include({ outcome: "inconclusive", observed: "it was moved by 101 ms at 2 s, the most of 1 times" });
      expect(told(run(), title)).to.equal(undefined);
    });
  });

  describe("its observers", () => {
    const title = "members were watched throughout";
    const leads = { leader: "etcd-1", term: 2 };

    it("must not be held up for long, whatever they were answered", () => {
      expect(told(run().statuses(0, 8_000, leads), title)?.outcome).to.equal("pass");
      expect(told(run().statuses(0, 3_000, leads).statuses(3_000, 8_000, { error: "connection refused" }), title)?.outcome).to.equal("pass");
      expect(told(run().statuses(0, 2_000, leads).statuses(4_900, 8_000, leads), title)?.outcome).to.equal("pass");
      expect(told(run().statuses(0, 2_000, leads).statuses(5_100, 8_000, leads), title)).to.deep.include({ outcome: "inconclusive", observed: "Status of etcd-1 was not asked for from 1.9 s to 5.1 s" });
      expect(told(run().statuses(0, 4_000, leads), title)?.outcome).to.equal("inconclusive");
    });

    it("are looked at by each kind of sample that there is", () => {
      expect(told(run().statuses(0, 8_000, leads).metrics("etcd-1", 100, {}).metrics("etcd-1", 7_000, {}), title)).to.deep.include({ outcome: "inconclusive", observed: "metrics of etcd-1 was not asked for from 100 ms to 7 s" });
      expect(told(run(), title)).to.equal(undefined);
    });
  });

  it("its machine is told of, and never decides by itself", () => {
    const title = "the machine had time for the run";
    expect(told(run(), title)).to.deep.include({ outcome: "pass", observed: "not recorded" });
    expect(told(run().machine(0, 8_000, { "etcd-1": { ranMs: 100, waitedMs: 50 } }), title)).to.deep.include({ outcome: "pass", observed: "no process waited long for a CPU in 8 samples" });
    const busy = told(run().machine(0, 4_000, { "etcd-1": { ranMs: 50, waitedMs: 950 } }).machine(4_000, 8_000, { "etcd-1": { ranMs: 100, waitedMs: 50 } }), title);
    expect(busy).to.deep.include({ outcome: "pass" });
    expect(busy?.observed).to.match(/^processes waited long for a CPU in 4 of 8 samples, etcd-1 most: 95 %/);
  });
});
