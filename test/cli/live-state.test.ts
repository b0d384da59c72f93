import { expect } from "chai";
import { LiveState } from "../../src/cli/live/live-state.ts";
import { cut, stats } from "./live-inputs.ts";

describe("the state of the live view", () => {
  it("knows the phase under way, and none between phases", () => {
    const state = new LiveState();
    expect(state.phase).to.equal(undefined);
    state.onEvent({ type: "phase", atMs: 0, phase: "baseline", state: "started" });
    expect(state.phase).to.equal("baseline");
    state.onEvent({ type: "phase", atMs: 1, phase: "baseline", state: "ended" });
    expect(state.phase).to.equal(undefined);
  });

  it("follows a fault from its request to its healing", () => {
    const state = new LiveState();
    const states = (["requested", "effective", "healing"] as const).map((step) => {
      state.onEvent(cut(step));
      return state.faults.get("isolated/1-partition")?.state;
    });
    expect(states).to.deep.equal(["injecting", "effective", "healing"]);
    state.onEvent(cut("healed"));
    expect(state.faults.size).to.equal(0);
  });

  for (const end of ["unhealed", "failed"] as const) {
    it(`has a fault no more in force once it is ${end}`, () => {
      const state = new LiveState();
      state.onEvent(cut("requested"));
      state.onEvent(cut(end));
      expect(state.faults.size).to.equal(0);
    });
  }

  it("does not go back to effective when the proof comes after the healing began", () => {
    const state = new LiveState();
    state.onEvent(cut("requested"));
    state.onEvent(cut("healing"));
    state.onEvent(cut("effective"));
    expect(state.faults.get("isolated/1-partition")?.state).to.equal("healing");
  });

  it("keeps faults apart, and takes no notice of one it never saw begin", () => {
    const state = new LiveState();
    state.onEvent(cut("requested", { fault: "isolated/1-partition" }));
    state.onEvent(cut("requested", { fault: "isolated/2-partition" }));
    state.onEvent(cut("healed", { fault: "isolated/1-partition" }));
    state.onEvent(cut("healing", { fault: "isolated/9-partition" }));
    expect([...state.faults.keys()]).to.deep.equal(["isolated/2-partition"]);
  });

  it("calls a stretch idle only when nothing was tried in it", () => {
    const state = new LiveState();
    for (const each of [
      stats(),
      stats({ fail: 1 }),
      stats({ info: 1 }),
      stats({ ok: 0, fail: 1 }),
      stats({ ok: 0, opsInFlight: 3 }),
      stats({ ok: 0, opsInFlight: 0 }),
    ]) state.onStats(each);
    expect(state.strip).to.deep.equal(["acknowledged", "partly", "partly", "none", "none", "idle"]);
  });

  it("adds outcomes up", () => {
    const state = new LiveState();
    state.onStats(stats({ ok: 3, fail: 2, info: 1 }));
    state.onStats(stats({ ok: 1, fail: 1, info: 1 }));
    expect(state.totals).to.deep.equal({ ok: 4, fail: 3, info: 2, missed: 0 });
  });
});
