import { expect } from "chai";

import type { RunEvent } from "../../src/recording/events.ts";
import { phaseWindows } from "../../src/recording/phases.ts";

const phase = (atMs: number, name: string, state: "started" | "ended"): RunEvent => ({ type: "phase", atMs, phase: name, state });

describe("the phases of a run", () => {
  it("are from start to end, in order", () => {
    const events = [phase(10, "baseline", "started"), phase(20, "baseline", "ended"), phase(21, "isolated", "started"), phase(40, "isolated", "ended")];
    expect(phaseWindows(events, 99)).to.deep.equal({
      phases: [{ name: "baseline", startMs: 10, endMs: 20 }, { name: "isolated", startMs: 21, endMs: 40 }],
      unended: [],
    });
  });

  it("end at the last thing seen when the run was killed in them", () => {
    expect(phaseWindows([phase(10, "baseline", "started")], 33)).to.deep.equal({
      phases: [{ name: "baseline", startMs: 10, endMs: 33 }],
      unended: ["baseline"],
    });
  });

  it("never end before they start", () => {
    expect(phaseWindows([phase(10, "baseline", "started")], 0).phases).to.deep.equal([{ name: "baseline", startMs: 10, endMs: 10 }]);
  });
});
