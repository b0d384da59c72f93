import { expect } from "chai";
import fc from "fast-check";
import { stripVTControlCharacters } from "node:util";
import { frame } from "../../src/cli/live/frame.ts";
import { LiveState } from "../../src/cli/live/live-state.ts";
import type { MemberView } from "../../src/observe/index.ts";
import { usualPlan } from "./plans.ts";
import { cut, stats } from "./live-inputs.ts";

const plan = usualPlan();

const members: readonly MemberView[] = [
  { member: "etcd-1", role: "leader", term: 3, healthy: true },
  { member: "etcd-2", role: "follower", term: 3, healthy: false },
  { member: "etcd-3", role: "leaderless", term: 2, healthy: undefined },
  { member: "etcd-4", role: "unreachable", term: 2, healthy: false },
  { member: "etcd-5", role: "unknown", term: undefined, healthy: undefined },
];

function busyState(): LiveState {
  const state = new LiveState();
  state.members = members;
  state.onEvent({ type: "phase", atMs: 4_000, phase: "isolated", state: "started" });
  state.onEvent(cut("requested"));
  state.onEvent(cut("effective"));
  for (let index = 0; index < 300; index++) state.onStats(stats(index % 3 === 0 ? { ok: 0, fail: 2 } : index % 3 === 1 ? { info: 1 } : {}));
  return state;
}

function shown(state: LiveState, { elapsedMs = 5_000, columns = 100, colour = false } = {}): string {
  return frame(state, { plan, elapsedMs, columns, colour }).join("\n");
}

describe("a frame of the live view", () => {
  it("has no row wider than the terminal, however narrow", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: -100, max: 20_000 }), fc.boolean(), (columns, elapsedMs, colour) => {
        for (const row of frame(busyState(), { plan, elapsedMs, columns, colour })) {
          expect([...stripVTControlCharacters(row)].length).to.be.below(columns);
        }
      }),
    );
  });

  it("says that it cut a row, so that a part of a number is not taken for the number", () => {
    for (const row of frame(busyState(), { plan, elapsedMs: 5_000, columns: 30, colour: false })) {
      if (row.startsWith("24 ops/s") || row.includes("etcd-1")) expect(row).to.match(/…$/);
    }
  });

  it("has a word for every role, health and state of a fault, not only a colour", () => {
    const text = shown(busyState());
    for (const word of ["leader", "follower", "knows no leader", "no answer", "not seen yet", "healthy", "unhealthy"]) expect(text).to.include(word);
    const state = new LiveState();
    state.onEvent(cut("requested"));
    expect(shown(state)).to.include("injecting: partition leader, blocking → etcd-2");
    state.onEvent(cut("effective"));
    expect(shown(state)).to.include("effective: partition");
    state.onEvent(cut("healing"));
    expect(shown(state)).to.include("healing: partition");
    state.onEvent(cut("healed"));
    expect(shown(state)).to.include("no fault in force");
    state.onEvent(cut("requested"));
    state.onEvent(cut("ineffective"));
    expect(shown(state)).to.include("without effect: partition");
  });

  it("has no colour when none is asked for, and says the same with it", () => {
    const state = busyState();
    expect(shown(state, { colour: false })).to.not.include("\u001b");
    expect(shown(state, { colour: true })).to.include("\u001b");
    expect(stripVTControlCharacters(shown(state, { colour: true }))).to.equal(shown(state, { colour: false }));
  });

  it("says how long the phase still lasts, and how far the run is", () => {
    expect(shown(busyState(), { elapsedMs: 5_300 })).to.match(/^\nisolated {2}5 s left {2}━+─+ {2}5\.3 of 12 s\n/);
    expect(shown(busyState(), { elapsedMs: 99_000 })).to.match(/0 ms left {2}━+ {2}12\.0 of 12 s/);
  });

  it("says that there is no load rather than none that was answered", () => {
    expect(shown(new LiveState())).to.include("no load");
  });

  it("shows outcomes since the start, the rate of now, and a dash where nothing was acknowledged", () => {
    const state = new LiveState();
    state.onStats(stats({ ok: 10, fail: 1, info: 1 }));
    state.onStats(stats({ ok: 0, fail: 2, info: 1, p50Ms: null, p99Ms: null }));
    expect(shown(state)).to.include("12 ops/s   ok 10   fail 3   unknown 2   p50 –   p99 –");
  });

  it("shows the rate of each workload where there are several", () => {
    const state = new LiveState();
    state.onStats(stats());
    expect(shown(state)).to.not.include("/s   ok 5   fail 0   unknown 0   p50 1.2 ms   p99 4.5 ms\nkv");
    state.onStats(stats({ kinds: [{ kind: "kv", ok: 4, fail: 1, info: 0 }, { kind: "lease", ok: 0, fail: 0, info: 0 }] }));
    expect(shown(state)).to.include("\nkv 20/s   lease 0/s\n");
  });
});
