import { expect } from "chai";
import { plainView, sentence } from "../../src/cli/live/plain-view.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import type { WorkloadStats } from "../../src/workloads/stats.ts";
import { ManualClock } from "../observe/manual-clock.ts";
import { cut, stats } from "./live-inputs.ts";
import { usualPlan } from "./plans.ts";

const plan = usualPlan();
const say = (event: RunEvent): string | undefined => sentence(event, { plan });

describe("the plain view", () => {
  it("says what happens in one sentence each", () => {
    const atMs = 1;
    expect(say({ type: "phase", atMs, phase: "isolated", state: "started" })).to.equal("phase isolated (6 s)");
    expect(say(cut("requested"))).to.equal("fault partition leader, blocking → etcd-2 (etcd-2 is the leader at term 3)");
    expect(say(cut("effective"))).to.equal("partition effective: no byte received");
    expect(say(cut("ineffective"))).to.equal("partition ineffective: no byte received");
    expect(say(cut("healing"))).to.equal("healing partition");
    expect(say(cut("unhealed"))).to.equal("partition unhealed: no byte received");
    expect(say(cut("failed"))).to.equal("partition failed: the proxy did not answer");
    expect(say({ type: "member", atMs, member: "etcd-1", state: "exited", detail: "exit code 2" })).to.equal("etcd-1 exited: exit code 2");
    expect(say({ type: "member", atMs, member: "etcd-1", state: "paused" })).to.equal("etcd-1 paused");
    expect(say({ type: "workload", atMs, state: "failed", detail: "no connection" })).to.equal("workload failed: no connection");
    expect(say({ type: "note", atMs, level: "warning", text: "no newer etcd could be looked for" })).to.equal("no newer etcd could be looked for");
    expect(say({ type: "interrupted", atMs, signal: "SIGINT" })).to.equal("interrupted by SIGINT");
  });

  it("is silent about what nobody needs to know", () => {
    expect(say({ type: "phase", atMs: 1, phase: "isolated", state: "ended" })).to.equal(undefined);
    expect(say({ type: "clock", atMs: 1, wallMs: 1 })).to.equal(undefined);
    expect(say({ type: "workload", atMs: 1, state: "started" })).to.equal(undefined);
  });

  it("puts the run's clock before what happens, and adds the load up over five seconds", () => {
    const lines: string[] = [];
    const view = plainView((line) => lines.push(line));
    let onEvent: (event: RunEvent) => void = () => undefined;
    let onStats: (stats: WorkloadStats) => void = () => undefined;
    view.step("starting 3 members (local)");
    view.start({ plan, clock: new ManualClock(), timelineStartMs: 0, members: () => [], onEvent: (listener) => (onEvent = listener), onStats: (listener) => (onStats = listener) });
    onEvent(cut("healing", { atMs: 8_340 }));
    for (let quarter = 0; quarter < 39; quarter++) onStats(stats({ ok: 10, info: 1 }));
    expect(lines).to.deep.equal(["… starting 3 members (local)", "   8.3 s  healing partition", "   0.0 s  44 ops/s: ok 200, fail 0, unknown 20; p99 up to 4.5 ms"]);
    onStats(stats({ ok: 10, info: 1, p50Ms: null, p99Ms: null }));
    expect(lines.at(-1)).to.equal("   0.0 s  44 ops/s: ok 200, fail 0, unknown 20; p99 up to 4.5 ms");
    for (let quarter = 0; quarter < 20; quarter++) onStats(stats({ ok: 0, missed: 2, p50Ms: null, p99Ms: null }));
    expect(lines.at(-1)).to.equal("   0.0 s  0 ops/s: ok 0, fail 0, unknown 0, never sent 40; no latency");
    for (let quarter = 0; quarter < 20; quarter++) onStats(stats({ ok: 3, kinds: [{ kind: "kv", ok: 2, fail: 0, info: 0 }, { kind: "queue", ok: 1, fail: 0, info: 0 }] }));
    expect(lines.at(-1)).to.equal("   0.0 s  12 ops/s: ok 60 (kv 40, queue 20), fail 0, unknown 0; p99 up to 4.5 ms");
  });
});
