import { expect } from "chai";

import type { Telemetry, TelemetrySpan } from "../../src/recording/telemetry.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

interface Sketch extends Partial<TelemetrySpan> {
  readonly atMs: number;
}

function spanOf({ attributes = {}, ...sketch }: Sketch): TelemetrySpan {
  const service = sketch.service ?? "etcd";
  return { name: "KV/Put", service, durationMs: 2, status: "ok", statusText: "", traceId: "ab", ...sketch, attributes: { "service.name": service, ...attributes } };
}

/** A baseline of five seconds and eight seconds of a partition, with these spans, and one of etcd at the beginning. */
function run(spans: readonly Sketch[] = [], more: Partial<Telemetry> = {}): RecordingBuilder {
  return recording()
    .phase("baseline", 0, 5_000)
    .phase("isolated", 5_000, 13_000)
    .telemetry({ spans: [{ atMs: 100, name: "Maintenance/Status" }, ...spans].map(spanOf), ...more });
}

const many = (count: number, sketch: Partial<TelemetrySpan> = {}): Sketch[] => Array.from({ length: count }, (_, index) => ({ atMs: 5_000 + index, ...sketch }));
const killed = (atMs: number) => ({ type: "member", atMs, member: "etcd-2", state: "killed" }) as const;

describe("spans", () => {
  it("passes where enough are there, and shows them", () => {
    expect(judged("spans", { name: "Put$", "at-least": 1, during: "isolated" }, run([{ atMs: 6_000, attributes: { "rpc.method": "Put" } }]))).to.deep.equal({
      outcome: "pass",
      observed: "1 span",
      bound: "at least 1 span",
      evidence: [{ kind: "event", atMs: 6_000, endMs: 6_002, text: "etcd: KV/Put took 2 ms (rpc.method=Put)" }],
    });
  });

  it("fails where too few are there, and says what was looked through", () => {
    expect(judged("spans", { name: "Range", "at-least": 1, during: "isolated" }, run(many(3)))).to.deep.equal({
      outcome: "fail",
      observed: "0 spans",
      bound: "at least 1 span",
      reason: "none of 3 received in isolated (8 s) matched",
      evidence: [{ kind: "window", atMs: 5_000, endMs: 13_000, text: "none of 3 spans received in isolated matched" }],
    });
    expect(judged("spans", { "at-least": 4, during: "isolated" }, run(many(3)))).to.deep.include({ outcome: "fail", reason: "3 of 3 received in isolated (8 s) matched" });
  });

  it("fails where one is there that should not be, and passes where none is", () => {
    const none = { status: "error", none: true, during: "isolated" };
    const broken = { atMs: 6_000, status: "error", statusText: "no leader" } as const;
    expect(judged("spans", none, run([broken]))).to.deep.include({ outcome: "fail", observed: "1 span", bound: "no span" });
    expect(judged("spans", none, run([broken])).evidence.map(({ text }) => text)).to.deep.equal(["etcd: KV/Put took 2 ms, error: no leader"]);
    expect(judged("spans", none, run(many(5))).outcome).to.equal("pass");
  });

  it("goes by where a span begins: at the window's start, not at its end", () => {
    const at = (atMs: number) => judged("spans", { name: "mark", none: true, during: "isolated" }, run([{ atMs, name: "mark", durationMs: 60_000 }])).outcome;
    expect([4_999, 5_000, 12_999, 13_000].map(at)).to.deep.equal(["pass", "fail", "fail", "pass"]);
  });

  it("chooses by service and by attributes, its own and those of its resource, all of which have to match", () => {
    const spans = [{ atMs: 6_000, service: "shop", attributes: { "http.route": "/pay", "host.name": "a" } }];
    const found = (options: object) => judged("spans", { "at-least": 1, during: "isolated", ...options }, run(spans)).outcome;
    expect(found({ service: "shop" })).to.equal("pass");
    expect(found({ service: "sho" })).to.equal("inconclusive");
    expect(found({ service: "etcd" })).to.equal("fail");
    expect(found({ attributes: { "http.route": "^/p", "host.name": "a" } })).to.equal("pass");
    expect(found({ attributes: { "http.route": "^/p", "host.name": "b" } })).to.equal("fail");
    expect(found({ attributes: { constructor: "." } })).to.equal("fail");
  });

  it("is inconclusive where nobody was listened to, or nothing was received of the service in the whole run", () => {
    const silent = recording().phase("baseline", 0, 5_000);
    for (const asked of [{ none: true }, { "at-least": 1 }, { below: "1s" }]) {
      expect(judged("spans", asked, silent), JSON.stringify(asked)).to.deep.include({ outcome: "inconclusive", reason: "no telemetry was taken in this run: its scenario has no `telemetry`" });
      expect(judged("spans", { ...asked, service: "shop" }, run()), JSON.stringify(asked)).to.deep.include({ outcome: "inconclusive", reason: "no span of shop was received in the whole run (listened to: OTLP over gRPC)" });
    }
    const early = recording().phase("baseline", 1_000, 5_000).telemetry({ spans: [spanOf({ atMs: 999 })] });
    expect(judged("spans", { none: true }, early).outcome, "what is older than the run").to.equal("inconclusive");
    expect(judged("spans", { none: true }, early.telemetry({ gaps: ["f.jsonl: there is no such file"] })).reason).to.equal("no span was received in the whole run (f.jsonl: there is no such file)");
  });

  it("trusts what was received where something is missing, and not that there was no more", () => {
    const gap = { gaps: ["f.jsonl: 2 of 4 lines are no JSON object"] };
    expect(judged("spans", { none: true, during: "isolated" }, run([], gap))).to.deep.include({ outcome: "inconclusive", reason: "none of 0 received in isolated (8 s) matched, but f.jsonl: 2 of 4 lines are no JSON object" });
    expect(judged("spans", { none: true, during: "isolated" }, run(many(1), gap)).outcome).to.equal("fail");
    expect(judged("spans", { "at-least": 1, during: "isolated" }, run(many(1), gap)).outcome).to.equal("pass");
    expect(judged("spans", { "at-least": 2, during: "isolated" }, run(many(1), gap)).outcome).to.equal("inconclusive");
    expect(judged("spans", { below: "1s", during: "isolated" }, run(many(20), gap)).outcome).to.equal("inconclusive");
  });

  it("does not count on what a member had not sent when it ended, in the window or up to five seconds after it", () => {
    const etcd = { etcdShare: 1 };
    const at = (atMs: number, options: object) => judged("spans", { none: true, name: "Txn", during: "baseline", ...options }, run([{ atMs: 200, service: "shop" }], etcd).event(killed(atMs))).outcome;
    expect([0, 9_999, 10_000].map((atMs) => at(atMs, {}))).to.deep.equal(["inconclusive", "inconclusive", "pass"]);
    expect(at(2_000, { service: "shop" }), "another service").to.equal("pass");
    expect(judged("spans", { none: true, name: "Txn", during: "baseline" }, run([], {}).event(killed(2_000))).outcome, "members that send nothing").to.equal("pass");
    expect(judged("spans", { below: "1s", during: "isolated" }, run(many(20), etcd).event(killed(6_000)))).to.deep.include({ outcome: "inconclusive", reason: "p99 is 2 ms, but etcd-2 ended at 6 s, and what it had not sent by then is lost" });
  });

  it("counts a share of etcd's spans as no more than that, and takes a quantile of it", () => {
    const tenth = { etcdShare: 0.1 };
    expect(judged("spans", { none: true, name: "Txn" }, run([], tenth))).to.deep.include({ outcome: "inconclusive", reason: "none of 1 received in run (13 s) matched, but etcd was asked for spans of 10 % of its requests" });
    expect(judged("spans", { "at-least": 30, during: "isolated" }, run(many(20), tenth)).outcome).to.equal("inconclusive");
    expect(judged("spans", { "at-least": 20, below: "1s", during: "isolated" }, run(many(20), tenth)).outcome).to.equal("pass");
    expect(judged("spans", { none: true, service: "shop", name: "Txn" }, run([{ atMs: 1, service: "shop" }], tenth)).outcome).to.equal("pass");
  });

  it("does not take an attribute that nothing has for the lack of such spans", () => {
    expect(judged("spans", { none: true, attributes: { "rpc.metod": "Put" } }, run(many(3))).reason).to.equal("none of 4 received in run (13 s) matched, but no span of the whole run has an attribute rpc.metod");
  });

  it("judges a quantile of the durations, with the longest as evidence", () => {
    const spans = [...many(98), { atMs: 6_000, durationMs: 300 }, { atMs: 6_001, durationMs: 900 }];
    expect(judged("spans", { below: "301ms", during: "isolated" }, run(spans)).outcome).to.equal("pass");
    expect(judged("spans", { below: "300ms", during: "isolated" }, run(spans))).to.deep.include({ outcome: "fail", observed: "p99 300 ms of 100 spans", bound: "p99 below 300 ms", reason: "p99 is 300 ms, not below 300 ms" });
    expect(judged("spans", { below: "1s", quantile: 1, during: "isolated" }, run(spans)).evidence[0]).to.deep.include({ atMs: 6_001, endMs: 6_901 });
    expect(judged("spans", { below: "3ms", quantile: 0.5, during: "isolated" }, run(spans)).outcome).to.equal("pass");
  });

  it("takes no quantile of fewer than ten", () => {
    expect(judged("spans", { below: "1s", during: "isolated" }, run(many(9)))).to.deep.include({ outcome: "inconclusive", reason: "only 9 spans to take a quantile of, at least 10 are needed" });
    expect(judged("spans", { below: "1s", during: "isolated" }, run(many(10))).outcome).to.equal("pass");
  });

  it("fails if either the number or the duration is wrong", () => {
    expect(judged("spans", { "at-least": 30, below: "1s", during: "isolated" }, run(many(20)))).to.deep.include({ outcome: "fail", bound: "at least 30 spans, p99 below 1 s", reason: "20 of 20 received in isolated (8 s) matched" });
    expect(judged("spans", { "at-least": 10, below: "2ms", during: "isolated" }, run(many(20)))).to.deep.include({ outcome: "fail", reason: "p99 is 2 ms, not below 2 ms" });
  });

  it("is inconclusive about a window that was cut short, and a run that did not wait for what was on its way", () => {
    const cut = (spans: readonly Sketch[]) => run(spans).interrupted(13_000);
    expect(judged("spans", { none: true, during: "isolated" }, cut([])).outcome).to.equal("inconclusive");
    expect(judged("spans", { none: true, during: "isolated" }, cut(many(1))).outcome).to.equal("fail");
    expect(judged("spans", { none: true, name: "Txn", during: "baseline" }, cut([])).reason).to.equal("none of 1 received in baseline (5 s) matched, but what was on its way at the end was not waited for: the run was interrupted by SIGINT");
    expect(judged("spans", { "at-least": 1, during: "baseline" }, cut([])).outcome).to.equal("pass");
  });

  it("searches only the beginning of a very long text, and does not take it for searched", () => {
    const long = run([{ atMs: 6_000, name: `${"x".repeat(3_000)}needle` }]);
    expect(judged("spans", { name: "needle", none: true }, long).reason).to.match(/but only the first 2000 characters of 1 span were searched$/);
    expect(judged("spans", { name: "^x", none: true }, long).outcome).to.equal("fail");
  });

  it("refuses options that make no sense", () => {
    expect(problemsOf("spans", { name: "x" })).to.deep.equal(["needs at-least, none or below"]);
    expect(problemsOf("spans", { none: true, "at-least": 1 })).to.deep.equal(["where there is to be none, there is nothing else to ask for"]);
    expect(problemsOf("spans", { none: true, below: "1s" })).to.have.length(1);
    expect(problemsOf("spans", { name: "a(b", none: true })).to.deep.equal(["name: Invalid regular expression: /a(b/: Unterminated group"]);
    expect(problemsOf("spans", { attributes: { a: "[" }, none: true })[0]).to.match(/^attributes\.a: Invalid/);
    expect(problemsOf("spans", { below: "0s" })).to.deep.equal(["below: must be longer than zero"]);
    expect(titleOf("spans", { service: "etcd", name: "Put", attributes: { a: "b" }, status: "error", none: true, during: "isolated" })).to.equal("spans /Put/ of etcd with a /b/ with status error during isolated");
  });
});
