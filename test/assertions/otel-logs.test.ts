import { expect } from "chai";

import type { Telemetry, TelemetryLog } from "../../src/recording/telemetry.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

interface Sketch extends Partial<TelemetryLog> {
  readonly atMs: number;
}

function recordOf({ attributes = {}, ...sketch }: Sketch): TelemetryLog {
  const service = sketch.service ?? "shop";
  return { service, severity: 9, severityText: "INFO", body: "sold", ...sketch, attributes: { "service.name": service, ...attributes } };
}

function run(logs: readonly Sketch[] = [], more: Partial<Telemetry> = {}): RecordingBuilder {
  return recording()
    .phase("baseline", 0, 5_000)
    .phase("isolated", 5_000, 13_000)
    .telemetry({ logs: [{ atMs: 100 }, ...logs].map(recordOf), ...more });
}

describe("otel-logs", () => {
  it("passes where enough records are there, and shows them", () => {
    const retried = { atMs: 6_000, severity: 13, severityText: "WARN", body: "retry", attributes: { order: "7" } };
    expect(judged("otel-logs", { body: "^retry$", "at-least": 1, during: "isolated" }, run([retried]))).to.deep.equal({
      outcome: "pass",
      observed: "1 log record",
      bound: "at least 1 log record",
      evidence: [{ kind: "event", atMs: 6_000, text: "shop: WARN retry (order=7)" }],
    });
  });

  it("fails where too few are there, or one that should not be", () => {
    expect(judged("otel-logs", { body: "retry", "at-least": 1 }, run())).to.deep.include({ outcome: "fail", reason: "none of 1 received in run (13 s) matched" });
    expect(judged("otel-logs", { body: "sold", none: true }, run())).to.deep.include({ outcome: "fail", observed: "1 log record", bound: "no log record" });
    expect(judged("otel-logs", { body: "retry", none: true }, run()).outcome).to.equal("pass");
  });

  it("takes a severity and those above it; a record without one is below all", () => {
    const at = (severity: number) => judged("otel-logs", { severity: "warn", none: true, during: "isolated" }, run([{ atMs: 6_000, severity }])).outcome;
    expect([0, 12, 13, 16, 17, 24].map(at)).to.deep.equal(["pass", "pass", "fail", "fail", "fail", "fail"]);
  });

  it("holds the window's start, not its end", () => {
    const at = (atMs: number) => judged("otel-logs", { body: "mark", none: true, during: "isolated" }, run([{ atMs, body: "mark" }])).outcome;
    expect([4_999, 5_000, 12_999, 13_000].map(at)).to.deep.equal(["pass", "fail", "fail", "pass"]);
  });

  it("chooses by service and attributes", () => {
    const records = [{ atMs: 6_000, service: "till", attributes: { order: "7" } }];
    const found = (options: object) => judged("otel-logs", { "at-least": 1, during: "isolated", ...options }, run(records)).outcome;
    expect(found({ service: "till", attributes: { order: "^7$" } })).to.equal("pass");
    expect(found({ service: "shop" })).to.equal("fail");
    expect(found({ attributes: { order: "8" } })).to.equal("fail");
    expect(judged("otel-logs", { none: true, attributes: { oder: "7" } }, run()).outcome).to.equal("inconclusive");
  });

  it("is inconclusive where nothing was heard, something is missing, or the run was cut short", () => {
    expect(judged("otel-logs", { none: true }, recording().phase("baseline", 0, 5_000)).outcome).to.equal("inconclusive");
    expect(judged("otel-logs", { none: true, service: "till" }, run()).reason).to.equal("no log record of till was received in the whole run (listened to: OTLP over gRPC)");
    expect(judged("otel-logs", { body: "retry", none: true }, run([], { gaps: ["a gap"] })).outcome).to.equal("inconclusive");
    expect(judged("otel-logs", { body: "sold", none: true }, run([], { gaps: ["a gap"] })).outcome).to.equal("fail");
    expect(judged("otel-logs", { body: "retry", none: true, during: "isolated" }, run().interrupted(13_000)).outcome).to.equal("inconclusive");
  });

  it("does not mind a member that ends: etcd sends no log records", () => {
    const killed = { type: "member", atMs: 2_000, member: "etcd-2", state: "killed" } as const;
    expect(judged("otel-logs", { body: "retry", none: true }, run([], { etcdShare: 1 }).event(killed)).outcome).to.equal("pass");
  });

  it("refuses options that make no sense", () => {
    expect(problemsOf("otel-logs", { body: "x" })).to.deep.equal(["needs either at-least or none"]);
    expect(problemsOf("otel-logs", { none: true, "at-least": 1 })).to.have.length(1);
    expect(problemsOf("otel-logs", { severity: "loud", none: true })).to.have.length(1);
    expect(titleOf("otel-logs", { service: "shop", severity: "warn", body: "x", none: true })).to.equal("log records of severity warn or above with /x/ of shop over the run");
  });
});
