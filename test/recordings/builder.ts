import type { Proof, RunEvent } from "../../src/recording/events.ts";
import type { LogLine } from "../../src/recording/log-line.ts";
import { buildMetricStore } from "../../src/recording/metric-store.ts";
import type { Operation, Outcome } from "../../src/recording/operation.ts";
import type { PromqlAnswer } from "../../src/recording/promql.ts";
import type { PhaseWindow, Recording } from "../../src/recording/recording.ts";
import type { RunInfo } from "../../src/recording/run-info.ts";
import type { MachineSample } from "../../src/recording/machine.ts";
import type { HashSample, HealthSample, MetricsSample, StatusSample } from "../../src/recording/samples.ts";
import type { Telemetry } from "../../src/recording/telemetry.ts";
import type { WatchResponse } from "../../src/recording/watch.ts";

/** Raft ids of the members, in hexadecimal as logs show them. */
export const raftIds = [
  "8211f1d0f64f3269",
  "91bc3c398fb3c146",
  "fd422379fda50e48",
  "1c9e2f7aa3b04d55",
  "2b7d90e14c6fa802",
  "3f4a6c81d05e9b17",
  "7ac52d9e8b1f6034",
] as const;

/** An operation in milliseconds; what is left out has a usual value. */
export interface OperationSketch {
  readonly op?: "put" | "get";
  /** Its intended start. */
  readonly atMs: number;
  /** From the intended start to the return. Default 2 ms. */
  readonly tookMs?: number;
  readonly outcome?: Outcome;
  readonly member?: string;
  readonly client?: number;
  readonly key?: string;
  readonly error?: string;
}

export interface Leads {
  readonly leader: string | null;
  readonly term: number;
}

export interface FaultSketch {
  readonly kind?: string;
  readonly phase: string;
  readonly targets: readonly string[];
  readonly requestedMs: number;
  readonly effectiveMs?: number;
  readonly ineffectiveMs?: number;
  readonly healingMs?: number;
  readonly healedMs?: number;
  readonly unhealedMs?: number;
  readonly failedMs?: number;
}

/** An empty recording of a finished run of so many members, `etcd-1` on, to be filled by what a test is about. */
export function recording({ members = 3 }: { readonly members?: number } = {}): RecordingBuilder {
  return new RecordingBuilder(members);
}

/** Builds recordings in memory. Every method adds something and returns the builder; `build` puts everything in order of time. */
export class RecordingBuilder {
  #members: RunInfo["members"];
  readonly #phases: PhaseWindow[] = [];
  readonly #events: RunEvent[] = [];
  readonly #operations: Operation[] = [];
  readonly #watches: WatchResponse[] = [];
  readonly #statuses: StatusSample[] = [];
  readonly #health: HealthSample[] = [];
  readonly #hashes: HashSample[] = [];
  readonly #machine: MachineSample[] = [];
  readonly #metrics: MetricsSample[] = [];
  readonly #promql: PromqlAnswer[] = [];
  readonly #logs: LogLine[] = [];
  readonly #defects: string[] = [];
  #telemetry: Telemetry | undefined;
  #end: Partial<RunInfo> = {};

  constructor(members: number) {
    this.#members = raftIds.slice(0, members).map((id, index) => ({ name: `etcd-${index + 1}`, id }));
  }

  phase(name: string, startMs: number, endMs: number): this {
    this.#phases.push({ name, startMs, endMs });
    return this.event({ type: "phase", atMs: startMs, phase: name, state: "started" }).event({ type: "phase", atMs: endMs, phase: name, state: "ended" });
  }

  event(event: RunEvent): this {
    this.#events.push(event);
    return this;
  }

  operation({ op = "put", atMs, tookMs = 2, outcome = "ok", member = "etcd-1", client = 0, key = "k", error }: OperationSketch): this {
    const index = this.#operations.length;
    const intendedNs = atMs * 1e6;
    const more = error === undefined ? {} : { error };
    this.#operations.push({
      process: index, client, member, op, key, value: `v${index}`,
      intendedNs, invokeNs: intendedNs, returnNs: intendedNs + tookMs * 1e6, outcome, ...more,
    });
    return this;
  }

  /** What came back to watchers, and operations as they are. */
  watches(responses: readonly WatchResponse[], operations: readonly Operation[] = []): this {
    this.#watches.push(...responses);
    this.#operations.push(...operations);
    return this;
  }

  /** One operation every so often in [from, to), each as sketched for its time. */
  operations(fromMs: number, toMs: number, everyMs: number, sketch: (atMs: number) => Omit<OperationSketch, "atMs"> = () => ({})): this {
    for (let atMs = fromMs; atMs < toMs; atMs += everyMs) this.operation({ atMs, ...sketch(atMs) });
    return this;
  }

  status(member: string, atMs: number, answer: Leads | { readonly error: string }): this {
    const base = { kind: "status", atMs, member } as const;
    const revision = Math.floor(atMs / 10);
    this.#statuses.push("error" in answer ? { ...base, ok: false, ...answer } : { ...base, ok: true, ...answer, revision, raftIndex: revision + 6, appliedIndex: revision + 6 });
    return this;
  }

  /** The same answer of some members (default: all) every 100 ms in [from, to). */
  statuses(fromMs: number, toMs: number, answer: Leads | { readonly error: string }, members = this.#members.map(({ name }) => name)): this {
    for (let atMs = fromMs; atMs < toMs; atMs += 100) {
      for (const member of members) this.status(member, atMs, answer);
    }
    return this;
  }

  health(member: string, atMs: number, healthy: boolean, { serializable = false, tookMs = 1, reason }: { readonly serializable?: boolean; readonly tookMs?: number; readonly reason?: string } = {}): this {
    this.#health.push({ kind: "health", atMs, member, serializable, healthy, tookMs, ...(reason === undefined ? {} : { reason }) });
    return this;
  }

  /** A Status with these figures, of a follower at term 2 where it says nothing else. */
  told(member: string, atMs: number, figures: { readonly revision: number; readonly term?: number; readonly raftIndex?: number; readonly appliedIndex?: number }): this {
    const index = figures.revision + 6;
    this.#statuses.push({ kind: "status", atMs, member, ok: true, leader: "etcd-1", term: 2, raftIndex: index, appliedIndex: index, ...figures });
    return this;
  }

  hashes(...samples: readonly HashSample[]): this {
    this.#hashes.push(...samples);
    return this;
  }

  /** What Prometheus answered. */
  promql(...answers: readonly PromqlAnswer[]): this {
    this.#promql.push(...answers);
    return this;
  }

  /** A scrape, or a failed one. It is full where it is the member's first or the first after a failed one, unless `full` says otherwise. */
  metrics(member: string, atMs: number, values: Readonly<Record<string, number>> | { readonly failed: string }, { full }: { readonly full?: boolean } = {}): this {
    if (isFailure(values)) {
      this.#metrics.push({ atMs, member, error: values.failed });
      return this;
    }
    const before = this.#metrics.findLast((sample) => sample.member === member);
    this.#metrics.push({ atMs, member, full: full ?? (before === undefined || "error" in before), values });
    return this;
  }

  /** A sample of the machine every second in [from, to): in each, every process ran and waited so long. */
  machine(fromMs: number, toMs: number, processes: MachineSample["processes"], stalled: Pick<MachineSample, "ioStalledMs"> = {}): this {
    for (let atMs = fromMs + 1_000; atMs <= toMs; atMs += 1_000) this.#machine.push({ atMs, overMs: 1_000, processes, loopLateMs: 1, ...stalled });
    return this;
  }

  /** A line as zap writes it. */
  log(member: string, atMs: number, msg: string, { level = "info", ...more }: { readonly level?: string; readonly [field: string]: unknown } = {}): this {
    const fields = { level, ts: new Date(atMs).toISOString(), caller: "etcdserver/server.go:1", msg, ...more };
    this.#logs.push({ atMs, member, level, msg, fields, raw: JSON.stringify(fields) });
    return this;
  }

  /** A line that is not as zap writes it, such as one that was cut off. */
  rawLog(member: string, atMs: number, raw: string): this {
    this.#logs.push({ atMs, member, level: "", msg: raw, fields: {}, raw });
    return this;
  }

  /** What is missing or damaged of the recording. */
  defect(text: string): this {
    this.#defects.push(text);
    return this;
  }

  /** What others told by OpenTelemetry, who were listened to. */
  telemetry(told: Partial<Telemetry>): this {
    this.#telemetry = { sources: ["OTLP over gRPC"], gaps: [], spans: [], logs: [], ...this.#telemetry, ...told };
    return this;
  }

  /** A fault's life, as far as it is given. Its id is `<phase>/<number>-<kind>`. */
  fault(sketch: FaultSketch): this {
    const { kind = "partition", phase, targets, requestedMs } = sketch;
    const number = this.#events.filter((event) => event.type === "fault" && event.state === "requested").length;
    const base = { type: "fault", fault: `${phase}/${number}-${kind}`, kind } as const;
    const proofs = (holds: boolean): Proof[] => [{ source: "peer bytes", text: "what was read", holds }];
    this.event({ ...base, atMs: requestedMs, state: "requested", phase, title: `${kind} leader`, targets: [...targets], because: `${targets.join(", ")} led` });
    if (sketch.effectiveMs !== undefined) this.event({ ...base, atMs: sketch.effectiveMs, state: "effective", proofs: proofs(true) });
    if (sketch.ineffectiveMs !== undefined) this.event({ ...base, atMs: sketch.ineffectiveMs, state: "ineffective", proofs: proofs(false) });
    if (sketch.failedMs !== undefined) this.event({ ...base, atMs: sketch.failedMs, state: "failed", error: "the proxy did not answer" });
    if (sketch.healingMs !== undefined) this.event({ ...base, atMs: sketch.healingMs, state: "healing" });
    if (sketch.healedMs !== undefined) this.event({ ...base, atMs: sketch.healedMs, state: "healed", proofs: proofs(true) });
    if (sketch.unhealedMs !== undefined) this.event({ ...base, atMs: sketch.unhealedMs, state: "unhealed", proofs: proofs(false) });
    return this;
  }

  /** The member goes by another raft id from now on, as the run's information says. */
  replaced(member: string, id: string): this {
    this.#members = this.#members.map((each) => (each.name === member ? { name: member, id, formerIds: [...(each.formerIds ?? []), each.id] } : each));
    return this;
  }

  /** The run ended here by a signal. A phase under way is to be given as ending here. */
  interrupted(atMs: number, signal = "SIGINT"): this {
    this.#end = { status: "interrupted", signal, endedMs: atMs };
    return this.event({ type: "interrupted", atMs, signal });
  }

  /** The run ended by an error of the harness, or `running`: by its death. */
  ended(status: "crashed" | "running", error?: string): this {
    this.#end = { status, ...(error === undefined ? {} : { error }) };
    return this;
  }

  build(): Recording {
    return {
      info: { ...this.#info(), ...this.#end },
      phases: [...this.#phases],
      events: byTime(this.#events),
      operations: [...this.#operations].sort((a, b) => a.invokeNs - b.invokeNs),
      watches: [...this.#watches],
      statuses: byTime(this.#statuses),
      health: byTime(this.#health),
      hashes: byTime(this.#hashes),
      machine: byTime(this.#machine),
      metrics: buildMetricStore(byTime(this.#metrics)),
      promql: [...this.#promql],
      logs: byTime(this.#logs),
      ...(this.#telemetry === undefined ? {} : { telemetry: this.#telemetry }),
      defects: [...this.#defects],
    };
  }

  #info(): RunInfo {
    return {
      format: 1,
      id: "20250601T100003Z-42",
      scenario: "test",
      seed: 42,
      replay: "npm run scenario -- test --seed 1",
      startedAt: "2025-06-01T10:00:03.120Z",
      status: "finished",
      endedMs: Math.max(0, ...this.#phases.map(({ endMs }) => endMs)),
      runtime: { kind: "local", because: "asked for" },
      etcd: { version: "3.5.30", source: "a test" },
      toxiproxy: { version: "2.12.0", source: "embedded" },
      flags: {},
      members: [...this.#members],
      machine: { platform: "linux", cpus: 2, memoryBytes: 8e9, node: "v20.19.0" },
      harness: { version: "0.1.0" },
      breakdown: [],
    };
  }
}

function isFailure(values: Readonly<Record<string, number>> | { readonly failed: string }): values is { readonly failed: string } {
  return typeof values.failed === "string";
}

/** Stable, so that what a test adds first stays first. */
function byTime<T extends { readonly atMs: number }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => a.atMs - b.atMs);
}
