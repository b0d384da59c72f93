import { SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect } from "chai";
import fc from "fast-check";
import { spansOf } from "../../src/export/spans.ts";
import { recording } from "../recordings/builder.ts";
import { judgedRun, partitioned, startedMs } from "./judged-run.ts";

/** On the run's clock. */
const msOf = ([seconds, nanoseconds]: readonly [number, number]): number => Math.round((seconds * 1e3 - startedMs + nanoseconds / 1e6) * 1e3) / 1e3;
const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => spans.find((span) => span.name === name) ?? expect.fail(`no span ${name} among ${spans.map((span) => span.name).join(", ")}`);
const times = (span: ReadableSpan): readonly [number, number] => [msOf(span.startTime), msOf(span.endTime)];
const happenings = ({ events }: ReadableSpan): string[] => events.map(({ name, time }) => `${msOf(time)} ${name}`);

describe("a run as a trace", () => {
  it("has a span for the run, its set-up, its phases, what came after them, and its faults, at their times", () => {
    const spans = spansOf(judgedRun());
    expect(spans.map((span) => [span.name, ...times(span)])).to.deep.equal([
      ["run test", 0, 13_400],
      ["set-up", 0, 1_000],
      ["phase baseline", 1_000, 5_000],
      ["phase isolated", 5_000, 13_000],
      ["clean-up", 13_000, 13_400],
      ["fault partition", 5_010, 13_400],
      ["fault pause", 6_000, 9_000],
    ]);
    expect(spans.map(({ duration: [seconds, nanoseconds] }) => seconds * 1e3 + nanoseconds / 1e6)).to.deep.equal([13_400, 1_000, 4_000, 8_000, 400, 8_390, 3_000]);
  });

  it("is one trace, in which each span is the child of that in which it happened", () => {
    const spans = spansOf(judgedRun());
    const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).to.equal(1);
    expect(nameOf.size).to.equal(spans.length);
    expect(spans.map(({ name, parentSpanContext }) => [name, nameOf.get(parentSpanContext?.spanId ?? "")])).to.deep.equal([
      ["run test", undefined],
      ...["set-up", "phase baseline", "phase isolated", "clean-up"].map((name) => [name, "run test"]),
      ["fault partition", "phase isolated"],
      ["fault pause", "phase isolated"],
    ]);
    for (const { traceId, spanId } of spans.map((span) => span.spanContext())) {
      expect(traceId).to.match(/^[0-9a-f]{32}$/);
      expect(spanId).to.match(/^[0-9a-f]{16}$/);
    }
  });

  it("is the same trace again when the run is exported again, and another one for another run", () => {
    const ids = (run = judgedRun()): string[] => spansOf(run).map((span) => `${span.spanContext().traceId}/${span.spanContext().spanId}`);
    expect(ids()).to.deep.equal(ids());
    const other = judgedRun();
    const renamed = { ...other, recording: { ...other.recording, info: { ...other.recording.info, id: "another" } } };
    expect(ids(renamed)).to.not.include.members(ids().slice(0, 1));
  });

  it("tells of the run's outcome by the status and attributes of its span", () => {
    const status = (outcome: "pass" | "fail" | "inconclusive") => named(spansOf(judgedRun({ outcome })), "run test").status;
    expect(status("fail")).to.deep.equal({ code: SpanStatusCode.ERROR, message: "leader changes during baseline: 1 change" });
    expect(status("pass")).to.deep.equal({ code: SpanStatusCode.OK });
    expect(status("inconclusive")).to.deep.equal({ code: SpanStatusCode.UNSET });
    expect(named(spansOf(judgedRun()), "run test").attributes).to.include({ "etcd_chaos.outcome": "fail", "etcd_chaos.seed": 42, "etcd_chaos.etcd.version": "3.5.30", "etcd_chaos.runtime": "local" });
  });

  it("tells a fault's life by events with its proofs, and what it hit and why by attributes", () => {
    const partition = named(spansOf(judgedRun()), "fault partition");
    expect(happenings(partition)).to.deep.equal(["5010 requested", "5200 effective", "5200 proof", "12900 healing", "13400 healed", "13400 proof"]);
    expect(partition.events[2]?.attributes).to.deep.equal({ "etcd_chaos.proof.source": "peer bytes", "etcd_chaos.proof.text": "what was read", "etcd_chaos.proof.holds": true });
    expect(partition.attributes).to.deep.include({ "etcd_chaos.fault.kind": "partition", "etcd_chaos.fault.targets": ["etcd-1"], "etcd_chaos.fault.because": "etcd-1 led", "etcd_chaos.fault.outcome": "proven" });
    expect(partition.status.code).to.equal(SpanStatusCode.OK);
  });

  it("has an error where a fault was not proven, did not heal or failed, and neither where the run was cut short", () => {
    expect(named(spansOf(judgedRun()), "fault pause").status).to.deep.equal({ code: SpanStatusCode.ERROR, message: "unhealed: what was read; what was read" });
    const failing = partitioned().fault({ kind: "kill", phase: "baseline", targets: ["etcd-1"], requestedMs: 2_000, failedMs: 2_500 });
    const kill = named(spansOf(judgedRun({ run: failing })), "fault kill");
    expect(kill.status).to.deep.equal({ code: SpanStatusCode.ERROR, message: "failed: the proxy did not answer" });
    expect(times(kill)).to.deep.equal([2_000, 2_500]);
    const cut = recording().phase("baseline", 1_000, 3_000).fault({ phase: "baseline", targets: ["etcd-1"], requestedMs: 2_000, effectiveMs: 2_100 }).interrupted(3_000);
    const open = named(spansOf(judgedRun({ run: cut })), "fault partition");
    expect(open.status.code).to.equal(SpanStatusCode.UNSET);
    expect(times(open), "it was in force to the end").to.deep.equal([2_000, 3_000]);
  });

  it("has leaders, members and alarms as events of the stretch in which they occurred", () => {
    const spans = spansOf(judgedRun());
    expect(happenings(named(spans, "set-up"))).to.deep.equal(["500 leader", "500 member started"]);
    expect(happenings(named(spans, "phase isolated"))).to.deep.equal(["7000 leader", "6500 member killed", "6600 alarm"]);
    expect(named(spans, "phase isolated").events[0]?.attributes).to.include({ "etcd_chaos.leader": "etcd-2", "etcd_chaos.term": 3 });
  });

  it("has every assertion and assumption as an event of the run, with what it rests on", () => {
    const events = named(spansOf(judgedRun()), "run test").events;
    expect(events.map(({ name }) => name)).to.deep.equal(["assumption", "assertion", "assertion"]);
    expect(events[1]?.attributes).to.deep.equal({
      "etcd_chaos.assertion.kind": "leader-changes",
      "etcd_chaos.assertion.title": "leader changes during baseline",
      "etcd_chaos.assertion.outcome": "fail",
      "etcd_chaos.assertion.observed": "1 change",
      "etcd_chaos.assertion.bound": "no change",
      "etcd_chaos.assertion.reason": "etcd-2 led",
      "etcd_chaos.assertion.evidence": ["7.000 s etcd-2: etcd-2 names itself"],
    });
  });

  it("has judging where it was done at once, within the run's span", () => {
    const spans = spansOf(judgedRun({ judging: { startMs: 14_000, endMs: 15_000 } }));
    expect(times(named(spans, "judging"))).to.deep.equal([14_000, 15_000]);
    expect(times(named(spans, "run test"))).to.deep.equal([0, 15_000]);
  });

  it("is all set-up where no phase began", () => {
    const spans = spansOf(judgedRun({ run: recording().event({ type: "note", atMs: 700, level: "warning", text: "nothing came up" }).ended("crashed", "no etcd") }));
    expect(spans.map((span) => [span.name, ...times(span)])).to.deep.equal([["run test", 0, 700], ["set-up", 0, 700]]);
  });

  it("never has a span that ends before it begins, or a child that begins before its parent", () => {
    const faultTimes = fc.array(fc.integer({ min: 1_000, max: 20_000 }), { minLength: 1, maxLength: 4 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(faultTimes, fc.integer({ min: 1, max: 9_000 }), ([requestedMs = 1_000, effectiveMs, healingMs, healedMs], lengthMs) => {
        const life = { ...(effectiveMs === undefined ? {} : { effectiveMs }), ...(healingMs === undefined ? {} : { healingMs }), ...(healedMs === undefined ? {} : { healedMs }) };
        const spans = spansOf(judgedRun({ run: recording().phase("a", 1_000, 1_000 + lengthMs).fault({ phase: "a", targets: ["etcd-1"], requestedMs, ...life }) }));
        const startOf = new Map(spans.map((span) => [span.spanContext().spanId, msOf(span.startTime)]));
        for (const span of spans) {
          const [startMs, endMs] = times(span);
          expect(endMs).to.be.at.least(startMs);
          expect(startMs).to.be.at.least(startOf.get(span.parentSpanContext?.spanId ?? "") ?? 0);
        }
      }),
    );
  });
});
