import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import protobuf from "protobufjs";
import { MonotonicClock } from "../../src/clock.ts";
import { sendRun } from "../../src/export/send.ts";
import { exportSettings } from "../../src/export/settings.ts";
import { spansOf } from "../../src/export/spans.ts";
import { telemetryOf } from "../../src/recording/otlp-json.ts";
import { fromProtobuf } from "../../src/telemetry/otlp-messages.ts";
import { recording } from "../recordings/builder.ts";
import { judgedRun, startedMs } from "./judged-run.ts";

const clock = new MonotonicClock();

interface Asked {
  readonly path: string;
  readonly type: string;
  readonly token: string;
  readonly body: Buffer;
}

/** A collector that answers with a status, and keeps what it was asked. */
class Collector implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor(status: number) {
    this.#server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      const stream: AsyncIterable<Buffer> = request;
      for await (const piece of stream) pieces.push(piece);
      const body = Buffer.concat(pieces);
      const { "content-type": type = "", "content-encoding": coding } = request.headers;
      this.asked.push({ path: request.url ?? "", type, token: String(request.headers["x-token"]), body: coding === "gzip" ? gunzipSync(body) : body });
      response.writeHead(status, { "content-type": type }).end();
    });
  }

  static async open(status = 200): Promise<Collector> {
    const collector = new Collector(status);
    await once(collector.#server.listen(0, "127.0.0.1"), "listening");
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  of(path: string): Asked[] {
    return this.asked.filter((each) => each.path === path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Sends a run with these variables, which the exporters read from the process's own environment. */
async function sentWith(variables: Readonly<Record<string, string>>, run = judgedRun()): Promise<string[]> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    const settings = exportSettings(process.env);
    return settings === undefined ? ["nothing was to be sent"] : await sendRun(run, settings, clock);
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** What of metrics is looked at, by its numbers on the wire. */
const metricMessages = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message Metric { string name = 1; Points gauge = 5; Points sum = 7; Points histogram = 9; }
  message Points { repeated Point data_points = 1; }
  message Point {}
`).root.lookupType("Request");

describe("a run that is sent", () => {
  for (const protocol of ["http/protobuf", "http/json"] as const) {
    it(`reaches a collector over ${protocol}: spans, log records and metrics, with the headers that are asked for`, async () => {
      await using collector = await Collector.open();
      const run = judgedRun();
      expect(await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_HEADERS: "x-token=secret" }, run)).to.deep.equal([]);
      expect(collector.asked.map(({ path }) => path)).to.have.members(["/v1/traces", "/v1/logs", "/v1/metrics"]);
      expect(new Set(collector.asked.map(({ token, type }) => `${token} ${type}`))).to.deep.equal(new Set([`secret ${protocol === "http/json" ? "application/json" : "application/x-protobuf"}`]));
      const otlp = [...collector.of("/v1/traces"), ...collector.of("/v1/logs")].map(({ path, body }): object => (protocol === "http/json" ? JSON.parse(body.toString()) : fromProtobuf(path === "/v1/traces" ? "traces" : "logs", body)));
      const { spans, logs, gaps } = telemetryOf(otlp.map((each) => ({ atMs: 0, from: "a test", otlp: each })), [{ type: "clock", atMs: 0, wallMs: startedMs }]);
      expect(gaps).to.deep.equal([]);
      const traceId = spansOf(run)[0]?.spanContext().traceId;
      const fault = spans.find(({ name }) => name === "fault partition");
      expect(fault).to.deep.include({ atMs: 5_010, durationMs: 8_390, status: "ok", service: "etcd-chaos", traceId });
      expect(spans).to.have.length(7);
      expect(logs.find(({ body }) => body.startsWith("fail: leader changes during baseline: 1 change,"))).to.deep.include({ severity: 17, severityText: "ERROR" });
      expect(namesOfMetrics(collector.of("/v1/metrics")[0])).to.include.members(["etcd_chaos.operations", "etcd_chaos.operation.duration", "etcd_chaos.leader_changes", "etcd_chaos.verdict"]);
    });
  }

  it("is packed where that is asked for", async () => {
    await using collector = await Collector.open();
    expect(await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" })).to.deep.equal([]);
    expect(fromProtobuf("traces", collector.of("/v1/traces")[0]?.body ?? Buffer.alloc(0))).to.have.property("resourceSpans");
  });

  it("is sent in several requests where there is much of it", async () => {
    await using collector = await Collector.open();
    const long = recording().phase("a", 0, 60_000);
    for (let atMs = 0; atMs < 1_200; atMs += 1) long.event({ type: "note", atMs, level: "info", text: `note ${atMs}` });
    expect(await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, judgedRun({ run: long }))).to.deep.equal([]);
    const bodies = collector.of("/v1/logs").map(({ body }) => body.toString());
    expect(bodies).to.have.length(3);
    expect(bodies.join("").match(/"note \d+"/g)).to.have.length(1_200);
  });

  it("is sent for one signal alone where only that has an endpoint", async () => {
    await using collector = await Collector.open();
    expect(await sentWith({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/somewhere` })).to.deep.equal([]);
    expect(collector.asked.map(({ path }) => path)).to.deep.equal(["/somewhere"]);
  });

  it("is told not to be sent where nobody listens, or where it is refused", async () => {
    const closed = createTcpServer();
    await once(closed.listen(0, "127.0.0.1"), "listening");
    const port = portOf(closed);
    await new Promise((resolve) => closed.close(resolve));
    const nobody = await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_TIMEOUT: "200" });
    expect(nobody).to.have.members(["traces", "metrics", "logs"].map((signal) => `${signal}: connect ECONNREFUSED 127.0.0.1:${port}`));
    await using refusing = await Collector.open(403);
    expect(await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url })).to.have.members(["traces: Forbidden", "metrics: Forbidden", "logs: Forbidden"]);
  });

  it("does not wait longer than asked for a collector that does not answer, and keeps no connection to it", async () => {
    let opened = 0;
    const silent = createTcpServer((socket) => {
      opened += 1;
      socket.on("error", () => undefined).resume();
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const unsent = await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(silent)}`, OTEL_EXPORTER_OTLP_TIMEOUT: "300" });
    expect(unsent).to.have.length(3);
    expect(opened).to.be.greaterThan(0);
    // Resolves once every connection is closed, and not before.
    await new Promise((resolve) => silent.close(resolve));
  });

  it("does not wait for ever for one that answers without an end", async () => {
    const endless = createServer((_, response) => {
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer)).writeHead(200);
    });
    await once(endless.listen(0, "127.0.0.1"), "listening");
    const unsent = await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(endless)}`, OTEL_EXPORTER_OTLP_TIMEOUT: "200" });
    expect(unsent).to.have.members(["traces: no answer within 200 ms", "metrics: no answer within 200 ms", "logs: no answer within 200 ms"]);
    await new Promise((resolve) => endless.close(resolve));
  });
});

function namesOfMetrics(asked: Asked | undefined): string[] {
  if (asked === undefined) return [];
  const value: unknown = asked.type === "application/json" ? JSON.parse(asked.body.toString()) : metricMessages.toObject(metricMessages.decode(asked.body));
  return [...JSON.stringify(value).matchAll(/"name":"(etcd_chaos\.[a-z_.]+)"/g)].flatMap(([, name]) => name ?? []);
}

describe("the variables of OpenTelemetry", () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" };
  const signalsOf = (env: NodeJS.ProcessEnv) => exportSettings(env)?.signals.map(({ signal, protocol }) => `${signal} ${protocol}`);

  it("ask for nothing where none names an endpoint, or telemetry is turned off", () => {
    expect(exportSettings({})).to.equal(undefined);
    expect(exportSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "" })).to.equal(undefined);
    expect(exportSettings({ ...endpoint, OTEL_SDK_DISABLED: "true" })).to.equal(undefined);
  });

  it("ask for all signals, or leave out those that are turned off", () => {
    expect(signalsOf(endpoint)).to.deep.equal(["traces http/protobuf", "metrics http/protobuf", "logs http/protobuf"]);
    expect(signalsOf({ ...endpoint, OTEL_METRICS_EXPORTER: "none", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/protobuf" })).to.deep.equal(["traces http/json", "logs http/protobuf"]);
  });

  it("are told where they cannot be followed", () => {
    expect(exportSettings({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "grpc" })).to.deep.include({ problems: ["traces: the protocol grpc is not spoken here, only http/protobuf and http/json"] });
    expect(signalsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" })).to.deep.equal([]);
    expect(exportSettings({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "collector" })?.problems).to.deep.equal(["logs: the endpoint collector is not a URL such as http://localhost:4318"]);
  });

  it("may ask for patience, but not for ever", () => {
    const limit = (text: string) => exportSettings({ ...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: text })?.limitMs;
    expect(["", "nonsense", "0", "1500", "9999999"].map(limit)).to.deep.equal([5_000, 5_000, 5_000, 1_500, 30_000]);
  });
});
