import { DataPointType } from "@opentelemetry/sdk-metrics";
import { expect } from "chai";
import { logsOf } from "../../src/export/logs.ts";
import { metricsOf } from "../../src/export/metrics.ts";
import { spansOf } from "../../src/export/spans.ts";
import { recording } from "../recordings/builder.ts";
import { judgedRun } from "./judged-run.ts";

describe("a run as log records", () => {
  it("tells what happened, how grave it is, and in which span", () => {
    const run = judgedRun();
    const nameOf = new Map(spansOf(run).map((span) => [span.spanContext().spanId, span.name]));
    const told = logsOf(run).map(({ severityText, body, spanContext }) => `${severityText} ${nameOf.get(spanContext?.spanId ?? "")}: ${String(body)}`);
    expect(told).to.deep.equal([
      "WARN set-up: an old version",
      "INFO set-up: etcd-1 started",
      "INFO phase baseline: phase baseline started",
      "INFO phase isolated: phase baseline ended",
      "INFO phase isolated: phase isolated started",
      "INFO fault partition: fault isolated/0-partition requested: partition leader on etcd-1, as etcd-1 led",
      "INFO fault partition: fault isolated/0-partition effective: what was read",
      "INFO fault pause: fault isolated/1-pause requested: pause leader on etcd-2, as etcd-2 led",
      "INFO phase isolated: etcd-3 killed: SIGKILL",
      "WARN fault pause: fault isolated/1-pause ineffective: what was read",
      "INFO fault pause: fault isolated/1-pause healing",
      "WARN fault pause: fault isolated/1-pause unhealed: what was read",
      "INFO fault partition: fault isolated/0-partition healing",
      "INFO clean-up: phase isolated ended",
      "INFO fault partition: fault isolated/0-partition healed: what was read",
      "ERROR run test: fail: leader changes during baseline: 1 change, asked for no change: etcd-2 led",
      "INFO run test: pass: all healthy: healthy, asked for healthy",
      "ERROR run test: fail: leader changes during baseline: 1 change",
    ]);
    expect(new Set(logsOf(run).map(({ spanContext }) => spanContext?.traceId)).size).to.equal(1);
  });

  it("has an error for a fault that failed, and warnings for what is inconclusive", () => {
    const run = judgedRun({ run: recording().phase("a", 0, 1_000).fault({ phase: "a", targets: ["etcd-1"], requestedMs: 1, failedMs: 2 }).interrupted(1_000), outcome: "inconclusive" });
    const told = logsOf(run).map(({ severityText, eventName }) => `${severityText} ${eventName}`);
    expect(told).to.include.members(["ERROR etcd_chaos.fault", "WARN etcd_chaos.interrupted", "WARN etcd_chaos.verdict"]);
  });
});

describe("a run as metrics", () => {
  /** Each point as `name{labels} value`. */
  function points(run = judgedRun()): string[] {
    return metricsOf(run).scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap((metric) =>
        metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.GAUGE
          ? metric.dataPoints.map(({ attributes: { scenario: _, ...labels }, value }) => `${metric.descriptor.name}${JSON.stringify(labels)} ${value}`)
          : [],
      ),
    );
  }

  it("counts operations by member, kind and how they ended, those never sent, leaders, and the outcome", () => {
    expect(points()).to.deep.equal([
      'etcd_chaos.operations{"member":"etcd-1","op":"put","outcome":"ok"} 2',
      'etcd_chaos.operations{"member":"etcd-2","op":"get","outcome":"ok"} 1',
      'etcd_chaos.operations{"member":"etcd-1","op":"put","outcome":"unknown"} 1',
      'etcd_chaos.operations{"member":"etcd-1","op":"put","outcome":"fail"} 1',
      'etcd_chaos.operations.missed{"member":"etcd-1"} 4',
      "etcd_chaos.leader_changes{} 1",
      'etcd_chaos.verdict{"outcome":"pass"} 0',
      'etcd_chaos.verdict{"outcome":"fail"} 1',
      'etcd_chaos.verdict{"outcome":"inconclusive"} 0',
      'etcd_chaos.assertions{"outcome":"pass"} 1',
      'etcd_chaos.assertions{"outcome":"fail"} 1',
      'etcd_chaos.assertions{"outcome":"inconclusive"} 0',
    ]);
  });

  it("has a histogram of what acknowledged operations took, in seconds", () => {
    const histograms = metricsOf(judgedRun()).scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => (metric.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints : [])));
    const [put] = histograms;
    expect(histograms.map(({ attributes }) => attributes)).to.deep.equal([{ scenario: "test", member: "etcd-1", op: "put" }, { scenario: "test", member: "etcd-2", op: "get" }]);
    expect(put?.value).to.deep.include({ count: 2, min: 0.002, max: 0.7 });
    expect(put?.value.sum).to.be.closeTo(0.702, 1e-9);
    // 2 ms is within its bound; 700 ms lies above 0.5 s.
    expect(put?.value.buckets.counts).to.deep.equal([0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it("has no metric of which there is nothing to say", () => {
    const empty = judgedRun({ run: recording().phase("a", 0, 1_000) });
    expect(points(empty).filter((point) => point.startsWith("etcd_chaos.operation"))).to.deep.equal([]);
  });
});
