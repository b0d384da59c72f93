import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { HarnessMetrics } from "../../src/cli/harness-metrics.ts";
import { HarnessError } from "../../src/errors.ts";
import type { MemberView } from "../../src/observe/index.ts";
import { ExpositionParser } from "../../src/observe/prometheus-text.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import type { WorkloadStats } from "../../src/workloads/stats.ts";
import { ManualClock } from "../observe/manual-clock.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { cut, stats } from "./live-inputs.ts";
import { usualPlan } from "./plans.ts";

const members: readonly MemberView[] = [
  { member: "etcd-1", role: "leader", term: 2, healthy: true },
  { member: "etcd-2", role: "follower", term: 2, healthy: true },
];

/** Follows a run of which the test says what happens. */
function follow(metrics: HarnessMetrics): { onEvent(event: RunEvent): void; onStats(stats: WorkloadStats): void } {
  let onEvent: (event: RunEvent) => void = () => undefined;
  let onStats: (stats: WorkloadStats) => void = () => undefined;
  const watcher = metrics.watcher();
  watcher.start({ plan: usualPlan(), clock: new ManualClock(), timelineStartMs: 0, members: () => members, onEvent: (listener) => (onEvent = listener), onStats: (listener) => (onStats = listener) });
  return { onEvent: (event) => onEvent(event), onStats: (each) => onStats(each) };
}

/** Each sample's value, as an observer of ours would read it. */
function valuesOf(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(new ExpositionParser().parse(text).map(({ key, value }) => [key, value]));
}

async function freePort(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, server };
}

describe("the harness's own metrics", () => {
  it("count operations by outcome and steps in the life of faults", async () => {
    await using metrics = new HarnessMetrics();
    const { onEvent, onStats } = follow(metrics);
    onStats(stats({ ok: 5, fail: 2, info: 1 }));
    onStats(stats({ ok: 5, opsInFlight: 7 }));
    onEvent(cut("requested"));
    const values = valuesOf(await metrics.text());
    expect(values['etcd_chaos_operations_total{outcome="ok"}']).to.equal(10);
    expect(values['etcd_chaos_operations_total{outcome="fail"}']).to.equal(2);
    expect(values['etcd_chaos_operations_total{outcome="info"}']).to.equal(1);
    expect(values["etcd_chaos_operations_in_flight"]).to.equal(7);
    expect(values['etcd_chaos_operation_latency_seconds{quantile="0.99"}']).to.equal(0.0045);
    expect(values['etcd_chaos_fault_events_total{kind="partition",state="requested"}']).to.equal(1);
    expect(values['etcd_chaos_member_is_leader{member="etcd-1"}']).to.equal(1);
    expect(values['etcd_chaos_member_is_leader{member="etcd-2"}']).to.equal(0);
  });

  for (const end of ["healed", "unhealed", "failed"] as const) {
    it(`say that a fault is in force from its request until it is ${end}`, async () => {
      await using metrics = new HarnessMetrics();
      const { onEvent } = follow(metrics);
      const active = async (): Promise<number | undefined> => valuesOf(await metrics.text())['etcd_chaos_faults_active{kind="partition"}'];
      onEvent(cut("requested"));
      expect(await active()).to.equal(1);
      onEvent(cut("effective"));
      onEvent(cut("healing"));
      expect(await active()).to.equal(1);
      onEvent(cut(end));
      expect(await active()).to.equal(0);
    });
  }

  it("never count below nothing for a fault that failed before it was requested", async () => {
    await using metrics = new HarnessMetrics();
    const { onEvent } = follow(metrics);
    onEvent(cut("failed"));
    expect(valuesOf(await metrics.text())['etcd_chaos_faults_active{kind="partition"}'] ?? 0).to.equal(0);
  });

  it("begin anew with each run", async () => {
    await using metrics = new HarnessMetrics();
    follow(metrics).onStats(stats({ ok: 5 }));
    follow(metrics).onStats(stats({ ok: 1 }));
    expect(valuesOf(await metrics.text())['etcd_chaos_operations_total{outcome="ok"}']).to.equal(1);
  });

  it("are served as Prometheus reads them, until disposal", async () => {
    const { port, server } = await freePort();
    server.close();
    await once(server, "close");
    {
      await using metrics = await HarnessMetrics.serve(port);
      follow(metrics).onStats(stats({ ok: 5 }));
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(response.headers.get("content-type")).to.match(/^text\/plain; version=0\.0\.4/);
      expect(valuesOf(await response.text())['etcd_chaos_operations_total{outcome="ok"}']).to.equal(5);
    }
    await fetch(`http://127.0.0.1:${port}/metrics`).then(
      () => expect.fail("it still answers"),
      () => undefined,
    );
  });

  it("say which port could not be had", async () => {
    const { port, server } = await freePort();
    try {
      await HarnessMetrics.serve(port);
      expect.fail("it serves on a port of another");
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      expect(error.code).to.equal("environment");
      expect(error.message).to.include(`--metrics-port ${port}`).and.to.include("EADDRINUSE");
      expect(error.hint).to.equal("Choose another port.");
    } finally {
      server.close();
    }
  });

  it("are kept in the run's folder", async () => {
    using folder = temporaryFolder();
    await using metrics = new HarnessMetrics();
    follow(metrics).onStats(stats({ ok: 5 }));
    await metrics.writeTo(folder.path);
    expect(await readFile(join(folder.path, "harness.prom"), "utf8")).to.equal(await metrics.text());
  });
});
