import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Counter, Gauge, Registry } from "prom-client";
import { HarnessError, messageOf } from "../errors.ts";
import type { FaultEvent } from "../recording/events.ts";
import type { TargetGroup, TargetList } from "../prometheus/targets.ts";
import type { LiveWatcher } from "../run/live-source.ts";

/** After these nothing of a fault is in force, or nobody knows how to lift it. */
const ends: ReadonlySet<FaultEvent["state"]> = new Set(["healed", "unhealed", "failed"]);

/** Beside the metrics, on the same port. */
const targetsPath = "/targets";

/**
 * The harness's own metrics, in Prometheus' format: what the load and the faults are doing.
 * Served on `--metrics-port`, and kept in each run's folder as it ended.
 */
export class HarnessMetrics implements AsyncDisposable {
  readonly #registry = new Registry();
  readonly #operations = this.#counter("etcd_chaos_operations_total", "Operations of the workload by outcome", "outcome");
  readonly #events = this.#counter("etcd_chaos_fault_events_total", "Steps in the life of faults", "kind", "state");
  readonly #active = this.#gauge("etcd_chaos_faults_active", "Faults in force", "kind");
  readonly #latency = this.#gauge("etcd_chaos_operation_latency_seconds", "Latency of the last quarter second from the intended start", "quantile");
  readonly #inFlight = this.#gauge("etcd_chaos_operations_in_flight", "Operations that wait for their answer");
  readonly #leader = this.#gauge("etcd_chaos_member_is_leader", "1 for a member that takes itself for the leader", "member");
  #server: Server | undefined;
  #groups: readonly TargetGroup[] = [];
  /** Where a Prometheus reads what it is to scrape; there while it is served. */
  targets: TargetList | undefined;

  /**
   * Serves them on this port of 127.0.0.1, 0 for any.
   * @throws HarnessError `environment` when the port cannot be had
   */
  static async serve(port: number): Promise<HarnessMetrics> {
    const metrics = new HarnessMetrics();
    const server = createServer(({ url }, response) => {
      if (url === targetsPath) response.setHeader("content-type", "application/json").end(JSON.stringify(metrics.#groups));
      else void metrics.text().then((text) => response.setHeader("content-type", metrics.#registry.contentType).end(text));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening").catch((cause: unknown) => {
      throw new HarnessError("environment", `--metrics-port ${port} cannot be had: ${messageOf(cause)}`, { hint: "Choose another port.", cause });
    });
    metrics.#server = server;
    const address = server.address();
    const own = `127.0.0.1:${address === null || typeof address === "string" ? port : address.port}`;
    metrics.targets = { url: `http://${own}${targetsPath}`, own, announce: (groups) => (metrics.#groups = groups) };
    return metrics;
  }

  /** Follows one run. */
  watcher(): LiveWatcher {
    this.#registry.resetMetrics();
    return {
      step: () => undefined,
      start: (source) => {
        const inForce = new Set<string>();
        source.onEvent((event) => {
          if (event.type !== "fault") return;
          this.#events.inc({ kind: event.kind, state: event.state });
          if (event.state === "requested") inForce.add(event.fault);
          else if (!ends.has(event.state) || !inForce.delete(event.fault)) return;
          this.#active.inc({ kind: event.kind }, event.state === "requested" ? 1 : -1);
        });
        source.onStats(({ ok, fail, info, missed, p50Ms, p99Ms, opsInFlight }) => {
          for (const [outcome, count] of Object.entries({ ok, fail, info, missed })) this.#operations.inc({ outcome }, count);
          for (const [quantile, ms] of Object.entries({ "0.5": p50Ms, "0.99": p99Ms })) if (ms !== null) this.#latency.set({ quantile }, ms / 1e3);
          this.#inFlight.set(opsInFlight);
          for (const { member, role } of source.members()) this.#leader.set({ member }, role === "leader" ? 1 : 0);
        });
      },
      stop: () => undefined,
    };
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async writeTo(folder: string): Promise<void> {
    await writeFile(join(folder, "harness.prom"), await this.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server === undefined) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #counter<Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
