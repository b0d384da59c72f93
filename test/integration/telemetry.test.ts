import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { send } from "../../src/export/exporters.ts";
import { readRecording } from "../../src/recording/read.ts";
import { telemetryOf } from "../../src/recording/otlp-json.ts";
import type { TelemetryEntry } from "../../src/recording/telemetry.ts";
import { openHttpReceiver } from "../../src/telemetry/http-receiver.ts";
import { Intake } from "../../src/telemetry/intake.ts";
import { onlyRunBelow, startHarnessWith } from "../cli/started-harness.ts";
import { harness, temporaryFolder } from "../support/harness.ts";
import { shopRecord, shopSpan } from "../telemetry/senders.ts";

const clock = new MonotonicClock();
const cluster = 'cluster: { members: 3, etcd: "3.5", flags: { heartbeat-interval: 50, election-timeout: 500 } }';

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  await using receiver = await openHttpReceiver(0, new Intake({ clock, record: () => undefined, warn: () => undefined }));
  return Number(receiver.address.split(":")[1]);
}

function scenario(port: number, file: string, assertions: readonly string[]): string {
  return [
    "description: etcd and an application tell what they do while a follower is frozen.",
    cluster,
    "workload:",
    "  kv: { rate: 50, clients: 3, keys: 10 }",
    "telemetry:",
    `  receive: { http-port: ${port}, etcd-spans: 1 }`,
    `  files: [${JSON.stringify(file)}]`,
    "timeline:",
    "  - phase: baseline",
    "    duration: 3s",
    "  - phase: frozen",
    // Long enough for a busy machine to see that it bit.
    "    duration: 8s",
    "    faults:",
    "      - pause: { target: follower }",
    "assertions:",
    ...assertions.map((assertion) => `  - ${assertion}`),
    "",
  ].join("\n");
}

/** As the shop tells it now. */
function now(): readonly [number, number] {
  const wallMs = clock.wallMs();
  return [Math.floor(wallMs / 1e3), (wallMs % 1e3) * 1e6];
}

describe("a run that is listened to, and told", function () {
  this.timeout(300_000);

  it("judges spans of a real etcd and what an application sends, and reaches a collector as one trace", async () => {
    await using folder = await temporaryFolder();
    const [port, file, path] = [await freePort(), join(folder.path, "otlp.jsonl"), join(folder.path, "told.yaml")];
    await writeFile(path, scenario(port, file, [
      'spans: { service: etcd, name: "^etcdserverpb.KV/Put$", at-least: 20, below: 30s, during: baseline }',
      "spans: { service: etcd, attributes: { service.instance.id: ^etcd-2$ }, at-least: 1 }",
      "spans: { service: shop, name: ^checkout$, status: error, at-least: 1 }",
      "spans: { service: shop, name: ^refund$, none: true }",
      "otel-logs: { service: shop, severity: warn, at-least: 1 }",
      'spans: { service: from-a-file, at-least: 1 }',
    ]));
    const entries: TelemetryEntry[] = [];
    await using collector = await openHttpReceiver(0, new Intake({ clock, record: (entry) => void entries.push(entry), warn: () => undefined }));
    {
      await using run = await startHarnessWith({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://${collector.address}/v1/traces`, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://${collector.address}/v1/logs` }, "scenario", path, "--runtime", "local", "--seed", "5", "--out", folder.path);
      await run.says(/phase frozen/);
      const [startTime, url] = [now(), `http://127.0.0.1:${port}`];
      expect(await send(new OTLPTraceExporter({ url: `${url}/v1/traces` }), [{ ...shopSpan, startTime: [...startTime], endTime: [...startTime] }])).to.equal(undefined);
      expect(await send(new OTLPLogExporter({ url: `${url}/v1/logs` }), [{ ...shopRecord, hrTime: [...startTime] }])).to.equal(undefined);
      await writeFile(file, inFile(clock.wallMs()));
      expect(await run.ended, run.stderr() + run.stdout()).to.equal("exit code 0");
      expect(run.stderr()).to.not.contain("not told by OpenTelemetry");
    }
    const run = await onlyRunBelow(folder.path, "told");
    const { telemetry, phases, defects } = await readRecording(run.path);
    expect(defects).to.deep.equal([]);
    const [first] = phases;
    const puts = telemetry?.spans.filter(({ name, atMs }) => name === "etcdserverpb.KV/Put" && first !== undefined && atMs >= first.startMs && atMs < first.endMs) ?? [];
    // Half of fifty requests a second for three seconds, which a busy machine may not come to.
    expect(puts.length).to.be.within(20, 110);
    expect(new Set(puts.map(({ attributes }) => attributes["service.instance.id"]))).to.deep.equal(new Set(["etcd-1", "etcd-2", "etcd-3"]));

    const { spans, logs } = telemetryOf(entries, []);
    expect(spans.map(({ name }) => name)).to.have.members(["run told", "set-up", "phase baseline", "phase frozen", "clean-up", "fault pause", "judging"]);
    expect(new Set([...spans].map(({ traceId }) => traceId)).size).to.equal(1);
    expect(logs.map(({ body }) => body).join("\n")).to.match(/^pass: all 6 assertions hold$/m);

    const twin = join(folder.path, "twin.yaml");
    await writeFile(twin, scenario(port, file, [
      "spans: { service: etcd, name: KV/Put, none: true }",
      "spans: { service: etcd, name: KV/Put, quantile: 0, below: 1ms, at-least: 100000 }",
      "otel-logs: { service: shop, none: true }",
      "otel-logs: { service: nobody, none: true }",
    ]));
    const judged = await harness(["judge", run.path, "--assertions", twin]);
    expect(judged.exitCode, judged.stdout).to.equal(1);
    const { assertions } = await run.results();
    expect(assertions.map(({ verdict }) => verdict.outcome)).to.deep.equal(["fail", "fail", "fail", "inconclusive"]);
  });

  for (const [title, options, change, why] of [
    ["with an etcd that cannot send spans", ["--etcd", "3.4"], (text: string) => text, /asks for spans of etcd, which cannot be had here: etcd 3\.4\.\d+ cannot be told how many to send; 3\.5\.3 is the first that can/],
    ["with members in a network of their own", [], (text: string) => text.replace("pause: { target: follower }", "packet-loss: { target: follower, share: 0.1 }"), /faults of packets put the members into a network of their own/],
  ] as const) {
    it(`does not start ${title}`, async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "refused.yaml");
      await writeFile(path, change(scenario(await freePort(), "none.jsonl", ["spans: { none: true }"])));
      const { exitCode, stderr } = await harness(["scenario", path, "--runtime", "local", "--out", folder.path, ...options]);
      expect(stderr).to.match(why);
      expect(exitCode).to.equal(3);
    });
  }
});

/** A request as the collector's file exporter writes it. */
function inFile(wallMs: number): string {
  const ns = `${wallMs}000000`;
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "from-a-file" } }] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [{ name: "a", startTimeUnixNano: ns, endTimeUnixNano: ns }] }] }] })}\n`;
}
