import { connect, createServer } from "node:net";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { credentials, makeGenericClientConstructor, status } from "@grpc/grpc-js";
import { expect } from "chai";
import { send } from "../../src/export/exporters.ts";
import { openGrpcReceiver } from "../../src/telemetry/grpc-receiver.ts";
import { openHttpReceiver } from "../../src/telemetry/http-receiver.ts";
import { requestBytesMax } from "../../src/telemetry/receiver.ts";
import { Receiving } from "./receiving.ts";
import { shopRecord, shopSpan } from "./senders.ts";

const span = {
  atMs: 1_500,
  service: "shop",
  attributes: { "service.name": "shop", "host.name": "here", "http.route": "/pay", items: "3", price: "9.5", member: "true", tags: '["a","b"]' },
  name: "checkout",
  durationMs: 250.000001,
  status: "error",
  statusText: "sold out",
  traceId: "0af7651916cd43dd8448eb211c80319c",
};
const record = { atMs: 1_600, service: "shop", attributes: { "service.name": "shop", "host.name": "here", sku: "a-1" }, severity: 13, severityText: "WARN", body: '{"text":"nothing left","items":[1,2]}' };

/** A whole request in JSON, with one span. */
const small = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "small", startTimeUnixNano: "1000000", endTimeUnixNano: "2000000" }] }] }] });

async function post(address: string, { path = "/v1/traces", method = "POST", type = "application/json", body = small, coding }: { path?: string; method?: string; type?: string; body?: string | Uint8Array; coding?: string }): Promise<{ status: number; text: string }> {
  const headers = { "content-type": type, ...(coding === undefined ? {} : { "content-encoding": coding }) };
  const answer = await fetch(`http://${address}${path}`, { method, headers, ...(method === "GET" ? {} : { body: new Uint8Array(Buffer.from(body)) }) });
  return { status: answer.status, text: await answer.text() };
}

/** Any bytes as a request to export. */
function exportBytes(address: string, service: string, bytes: Buffer): Promise<number | undefined> {
  const same = (buffer: Buffer): Buffer => buffer;
  const Client = makeGenericClientConstructor({}, "any");
  const client = new Client(address, credentials.createInsecure());
  return new Promise((resolve) => client.makeUnaryRequest(`/${service}/Export`, same, same, bytes, (error) => (client.close(), resolve(error?.code))));
}

describe("the receiver of OTLP over HTTP", () => {
  it("takes spans and records of OpenTelemetry's own exporters, as protobuf and as JSON", async () => {
    const receiving = new Receiving();
    await using receiver = await openHttpReceiver(0, receiving.intake);
    const url = `http://${receiver.address}`;
    for (const Exporter of [ProtobufTraces, JsonTraces]) expect(await send(new Exporter({ url: `${url}/v1/traces` }), [shopSpan])).to.equal(undefined);
    for (const Exporter of [ProtobufLogs, JsonLogs]) expect(await send(new Exporter({ url: `${url}/v1/logs` }), [shopRecord])).to.equal(undefined);
    expect(receiving.told()).to.deep.equal({ sources: ["OTLP over HTTP"], gaps: [], spans: [span, span], logs: [record, record] });
  });

  it("keeps of protobuf all that the JSON of the same exporter has", async () => {
    const receiving = new Receiving();
    await using receiver = await openHttpReceiver(0, receiving.intake);
    for (const Exporter of [ProtobufTraces, JsonTraces]) await send(new Exporter({ url: `http://${receiver.address}/v1/traces` }), [shopSpan]);
    const [protobuf, json] = receiving.entries.flatMap((entry) => ("otlp" in entry ? [flat(entry.otlp)] : []));
    // Zeros are not written as protobuf, and numbers may be text in JSON.
    expect(protobuf).to.deep.equal(json);
  });

  it("takes what is packed by gzip", async () => {
    const receiving = new Receiving();
    await using receiver = await openHttpReceiver(0, receiving.intake);
    expect(await post(receiver.address, { body: gzipSync(small), coding: "gzip" })).to.deep.equal({ status: 200, text: "{}" });
    expect(receiving.told().spans.map(({ name }) => name)).to.deep.equal(["small"]);
  });

  it("refuses what it cannot take, says why, and records nothing of it", async () => {
    const receiving = new Receiving();
    await using receiver = await openHttpReceiver(0, receiving.intake);
    const refused = async (request: Parameters<typeof post>[1]) => (await post(receiver.address, request)).status;
    expect(await refused({ path: "/v1/metrics" })).to.equal(404);
    expect(await refused({ method: "GET" })).to.equal(405);
    expect(await refused({ type: "text/plain" })).to.equal(415);
    expect(await refused({ body: "{" })).to.equal(400);
    expect(await refused({ body: "[1]" })).to.equal(400);
    expect(await refused({ path: "/v1/logs", body: small })).to.equal(400);
    expect(await refused({ body: Buffer.from("not protobuf"), type: "application/x-protobuf" })).to.equal(400);
    expect(await refused({ body: "no gzip", coding: "gzip" })).to.equal(400);
    expect(await refused({ coding: "br" })).to.equal(400);
    expect(receiving.entries.filter((entry) => "otlp" in entry)).to.deep.equal([]);
    expect((await post(receiver.address, {})).status).to.equal(200);
  });

  it("refuses what is too large, also when it is small as it comes", async () => {
    const receiving = new Receiving();
    await using receiver = await openHttpReceiver(0, receiving.intake);
    const bomb = gzipSync(Buffer.alloc(requestBytesMax + 1, " "));
    expect((await post(receiver.address, { body: bomb, coding: "gzip" })).status).to.equal(400);
    expect((await post(receiver.address, {})).status).to.equal(200);
  });

  it("closes although a sender is connected and says nothing", async () => {
    const receiver = await openHttpReceiver(0, new Receiving().intake);
    const [host = "", port = ""] = receiver.address.split(":");
    const silent = connect(Number(port), host);
    await once(silent, "connect");
    await receiver[Symbol.asyncDispose]();
    silent.destroy();
  });
});

describe("the receiver of OTLP over gRPC", () => {
  it("takes nothing for a request that is none, and goes on", async () => {
    const receiving = new Receiving();
    await using receiver = await openGrpcReceiver(0, receiving.intake, 0.5);
    const traces = "opentelemetry.proto.collector.trace.v1.TraceService";
    expect(await exportBytes(receiver.address, traces, Buffer.from("nonsense"))).to.equal(status.INVALID_ARGUMENT);
    expect(await exportBytes(receiver.address, "opentelemetry.proto.collector.metrics.v1.MetricsService", Buffer.alloc(0))).to.equal(status.UNIMPLEMENTED);
    expect(await exportBytes(receiver.address, traces, Buffer.alloc(0))).to.equal(undefined);
    expect(await exportBytes(receiver.address, "opentelemetry.proto.collector.logs.v1.LogsService", Buffer.alloc(0))).to.equal(undefined);
    expect(receiving.told()).to.deep.equal({ sources: ["OTLP over gRPC"], etcdShare: 0.5, gaps: [], spans: [], logs: [] });
  });
});

describe("a port that is taken", () => {
  it("is told with what to do, over either protocol", async () => {
    await using other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    for (const open of [openHttpReceiver, openGrpcReceiver]) {
      const error: unknown = await open(port, new Receiving().intake).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "environment", hint: "Is a collector running there? Choose another port under telemetry in the scenario, or none for one that is free." });
    }
  });
});

/** Each value with the way to it, without those that stand for nothing. */
function flat(value: unknown, path = ""): string[] {
  if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => flat(inner, `${path}.${key}`)).sort();
  return value === undefined || value === 0 || value === "" ? [] : [`${path}=${String(value)}`];
}
