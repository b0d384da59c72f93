import { expect } from "chai";
import type { Results } from "../../../src/judge/results.ts";
import type { Recording } from "../../../src/recording/recording.ts";
import { renderTrace } from "../../../src/report/trace/trace.ts";
import type { TraceEvent } from "../../../src/report/trace/event.ts";
import { sampleRecording, sampleResults } from "../sample.ts";

interface Trace {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly traceEvents: readonly TraceEvent[];
}

function traceOf(recording: Recording, results: Results = sampleResults()): Trace {
  return JSON.parse(renderTrace(recording, results));
}

function timed(events: readonly TraceEvent[]) {
  return events.flatMap((event) => (event.ph === "M" ? [] : [event]));
}

/** Fails where a viewer would draw something else than is meant. */
function expectDrawable({ traceEvents }: Trace): void {
  const key = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const named = new Set(traceEvents.flatMap((event) => (event.name === "thread_name" ? [key(event)] : [])));
  const last = new Map<string, number>();
  const open = new Map<string, number[]>();
  for (const event of timed(traceEvents)) {
    expect(event.ts, `${event.name} goes back in time`).to.be.at.least(last.get(key(event)) ?? 0);
    last.set(key(event), event.ts);
    if (event.ph !== "C") expect(named, `a track without a name: ${key(event)}`).to.include(key(event));
    if (event.ph !== "X") continue;
    expect(event.dur).to.be.at.least(0);
    const ends = (open.get(key(event)) ?? []).filter((end) => end > event.ts);
    for (const end of ends) expect(event.ts + event.dur, `${event.name} is half in, half out of another slice`).to.be.at.most(end + 0.002);
    open.set(key(event), [...ends, event.ts + event.dur]);
  }
}

describe("trace.json", function () {
  this.timeout(60_000);

  it("can be drawn: tracks have names, times go forward, slices lie in each other whole or not at all", () => {
    expectDrawable(traceOf(sampleRecording({ operationsPerSecond: 20 }), sampleResults("mixed")));
  });

  it("has phases and faults as slices, with what proves that a fault bit", () => {
    const events = timed(traceOf(sampleRecording({ operationsPerSecond: 1 })).traceEvents);
    const slices = (cat: string) => events.flatMap((event) => (event.ph === "X" && event.cat === cat ? [[event.name, event.ts, event.ts + event.dur]] : []));
    expect(slices("phase")).to.deep.equal([["baseline", 0, 5_000_000], ["isolated", 5_000_000, 13_000_000], ["recovery", 13_000_000, 20_000_000]]);
    expect(slices("partition")).to.deep.equal([["partition leader (blocking): etcd-2", 5_002_000, 13_190_000], ["in effect", 5_071_000, 13_004_000]]);
  });

  it("has leaders as moments on the track of each", () => {
    const { traceEvents } = traceOf(sampleRecording({ operationsPerSecond: 1 }));
    const leaders = timed(traceEvents).flatMap((event) => (event.ph === "i" && event.cat === "leader" ? [[event.name, event.tid]] : []));
    expect(leaders).to.deep.include(["etcd-3 leads at term 3", 3]);
  });

  it("counts what was done in each stretch of time, and ends at nothing", () => {
    const counters = timed(traceOf(sampleRecording({ operationsPerSecond: 50 })).traceEvents).filter(({ name }) => name === "operations per second");
    expect(counters).to.have.length.above(50);
    expect(counters.at(0)?.args).to.include({ fail: 0, unknown: 0 }).and.to.have.property("ok").that.is.above(20);
    expect(counters.at(-1)).to.deep.include({ ts: 20_000_000, args: { ok: 0, fail: 0, unknown: 0 } });
  });

  it("has the moments that show a violation", () => {
    const violations = timed(traceOf(sampleRecording({ operationsPerSecond: 1 }), sampleResults("mixed")).traceEvents).filter((event) => event.ph === "i" && event.cat === "violation");
    expect(violations.map(({ ts }) => ts)).to.deep.equal([5_000_000, 6_010_000]);
  });

  it("draws each operation of a short run, and says so", () => {
    const recording = sampleRecording({ operationsPerSecond: 10 });
    const { metadata, traceEvents } = traceOf(recording);
    expect(traceEvents.filter(({ ph, pid }) => ph === "X" && pid === 5)).to.have.length(recording.operations.length);
    expect(metadata["operations"]).to.equal("200 of 200 are drawn: all of them");
  });

  it("stays small in a long run: it draws the slow and the broken and those around faults, and says so", () => {
    const recording = sampleRecording({ operationsPerSecond: 2_000 });
    const text = renderTrace(recording, sampleResults());
    const trace: Trace = JSON.parse(text);
    const drawn = timed(trace.traceEvents).flatMap((event) => (event.ph === "X" && event.pid === 5 ? [event] : []));
    expect(drawn).to.have.length.at.most(5_000).and.above(2_000);
    expect(text.length).to.be.below(4_000_000);
    expect(trace.metadata["operations"]).to.match(/^\d+ of 40000 are drawn: those of counterexamples, the 1000 slowest/);
    expect(drawn.some(({ ts }) => Math.abs(ts - 5_002_000) < 100_000), "nothing is drawn around the fault").to.equal(true);
    expectDrawable(trace);
  });

  it("draws the operations of a counterexample whatever else there is", () => {
    const recording = sampleRecording({ operationsPerSecond: 2_000 });
    const quiet = recording.operations.find(({ invokeNs, outcome }) => invokeNs > 18e9 && outcome === "ok");
    if (quiet === undefined) throw new Error("the sample has operations in its last seconds");
    const shown = { name: "1", lane: "process 1", process: quiet.process, label: "x", what: "x", outcome: "ok", invoke: quiet.invokeNs, return: quiet.returnNs } as const;
    const counterexample = { rule: "real time", sentence: "x", clock: "run", operations: [shown], illegal: "1" } as const;
    const assertion = { kind: "strict-serializable", title: "strict", verdict: { outcome: "fail", observed: "x", bound: "y", evidence: [], counterexample } } as const;
    const { traceEvents } = traceOf(recording, { ...sampleResults(), assertions: [assertion] });
    expect(timed(traceEvents).some(({ ts }) => Math.abs(ts - quiet.invokeNs / 1e3) < 0.01)).to.equal(true);
  });

  it("can be read whatever the run holds", () => {
    expectDrawable(traceOf(sampleRecording({ operationsPerSecond: 5, hostileText: '"\u0000\u202e</script>\ud800'.repeat(100) })));
  });

  it("can be read where there is nothing: a run that was killed before its first phase", () => {
    const recording = sampleRecording({ operationsPerSecond: 1 });
    const nothing = { ...recording, phases: [], events: [], operations: [], statuses: [], logs: [] };
    expectDrawable(traceOf(nothing, { ...sampleResults(), assertions: [] }));
  });
});
