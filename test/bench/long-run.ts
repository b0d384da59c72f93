import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { seededRandom } from "../../src/random.ts";
import { files, logFile } from "../../src/recording/folder.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { correctRun } from "../check/histories.ts";
import { raftIds, recording } from "../recordings/builder.ts";

/* The folder of a run as long as they come: so many operations over five phases of 40 s, a partition and a pause. */

const members = ["etcd-1", "etcd-2", "etcd-3"] as const;
const phaseMs = 40_000;
const phases = ["baseline", "isolated", "recovery", "frozen", "after"] as const;
const endMs = phases.length * phaseMs;
/** No write is acknowledged so long after the leader was cut off. */
const outageMs = 1_300;

const scenario = `description: A long run with a partition and a pause.
cluster: { members: 3, etcd: "3.5" }
workload:
  kv: { rate: 5000, clients: 30, keys: 50 }
timeline:
${phases.map((phase) => `  - { phase: ${phase}, duration: 40s${phase === "isolated" ? ", faults: [{ partition: { target: leader } }]" : phase === "frozen" ? ", faults: [{ pause: { target: follower } }]" : ""} }`).join("\n")}
assertions:
  - leader-changes: { during: isolated, at-least: 1, new-leader-within: 5s }
  - log: { match: "elected leader", at-least: 1 }
  - health: { state: healthy, of: each, when: at-end, during: recovery }
  - slo: { op: any, availability: 0.5, latency: { quantile: 0.99, below: 5s }, during: isolated }
  - slo: { op: put, longest-unavailability: 5s }
  - slo: { after-healing: { acknowledged-write: 5s }, during: isolated }
  - fsync: { quantile: 0.99, below: 1s }
  - "p99(put) during recovery <= 20 * p99(put) during baseline"
${phases.map((phase) => `  - "availability(put) during ${phase} >= 50%"`).join("\n")}
  - no-lost-writes: {}
  - strict-serializable: {}
  - serializable: {}
  - monotonic-revision: {}
  - convergence: {}
`;

/** Writes the folder. @param operations how many, of 30 clients on 50 keys, 1 % of unknown outcome */
export async function writeLongRun(folder: string, operations: number): Promise<void> {
  const built = recording({ members: 3 }).build();
  const info = { ...built.info, id: "20250601t100003120z-42", scenario: "long", status: "finished", endedMs: endMs, replay: "npm run scenario -- long --seed 42" };
  await mkdir(join(folder, files.logs), { recursive: true });
  await writeFile(join(folder, files.info), JSON.stringify(info));
  await writeFile(join(folder, "scenario.yaml"), scenario);
  await writeFile(join(folder, "plan.json"), "{}\n");
  await writeLines(join(folder, files.history), history(operations));
  await writeLines(join(folder, files.events), events());
  await writeLines(join(folder, files.status), answers());
  await writeLines(join(folder, files.metrics), scrapes());
  for (const member of members) await writeLines(join(folder, logFile(member)), logOf(member, Date.parse(info.startedAt)));
}

async function writeLines(path: string, lines: Iterable<unknown>): Promise<void> {
  const text = function* () {
    for (const line of lines) yield `${JSON.stringify(line)}\n`;
  };
  await pipeline(Readable.from(text()), createWriteStream(path));
}

function* history(operations: number): Iterable<Operation> {
  const { history: made, store } = correctRun(1, { operations, clients: 30, keys: 50, unknown: 0.01, failed: 0.001, kinds: ["put", "get"] });
  const perStep = (endMs * 1e6 - outageMs * 1e6 - 1e9) / made.reduce((latest, { returnNs }) => Math.max(latest, returnNs), 1);
  const faultNs = phaseMs * 1e6 + 1e6;
  const timeOf = (step: number): number => {
    const ns = Math.round(step * perStep);
    return ns < faultNs ? ns : ns + outageMs * 1e6;
  };
  for (const operation of made) {
    const [invokeNs, returnNs] = [timeOf(operation.invokeNs), timeOf(operation.returnNs)];
    yield { ...operation, intendedNs: invokeNs, invokeNs, returnNs };
  }
  const last = store.perform({ op: "range", key: "k", end: "l" });
  if (typeof last === "string") throw new Error(last);
  const invokeNs = endMs * 1e6;
  yield { process: 1e9, client: 30, member: "etcd-1", final: true, ...last, intendedNs: invokeNs, invokeNs, returnNs: invokeNs + 5e6, outcome: "ok" };
}

function* events(): Iterable<RunEvent> {
  yield { type: "clock", atMs: 0, wallMs: Date.parse("2025-06-01T10:00:03.120Z") };
  yield { type: "workload", atMs: 1, state: "started", detail: "kv" };
  for (const [index, phase] of phases.entries()) {
    const startMs = index * phaseMs;
    yield { type: "phase", atMs: startMs, phase, state: "started" };
    if (phase === "isolated" || phase === "frozen") {
      const kind = phase === "isolated" ? "partition" : "pause";
      const target = phase === "isolated" ? "etcd-1" : "etcd-3";
      const fault = { type: "fault", fault: `${phase}/1-${kind}`, kind } as const;
      const proofs = [{ source: "peer bytes", text: `${target} received 0 bytes in 100 ms`, holds: true }];
      yield { ...fault, atMs: startMs + 1, state: "requested", phase, title: `${kind} ${target}`, targets: [target], because: `${target} was chosen` };
      yield { ...fault, atMs: startMs + 80, state: "effective", proofs };
      yield { ...fault, atMs: startMs + phaseMs - 10, state: "healing" };
      yield { ...fault, atMs: startMs + phaseMs - 5, state: "healed", proofs };
    }
    yield { type: "phase", atMs: startMs + phaseMs, phase, state: "ended" };
  }
  yield { type: "workload", atMs: endMs, state: "stopped" };
}

function* answers(): Iterable<unknown> {
  for (let atMs = 0; atMs < endMs; atMs += 100) {
    const after = atMs > phaseMs + outageMs;
    const leads = after ? { leader: "etcd-2", term: 3 } : { leader: "etcd-1", term: 2 };
    for (const member of members) {
      yield { kind: "status", atMs, member, ok: true, ...leads, revision: atMs, raftIndex: atMs + 6, appliedIndex: atMs + 6 };
      yield { kind: "health", atMs, member, serializable: true, healthy: true, tookMs: 1 };
      if (atMs % 200 === 0) yield { kind: "health", atMs, member, serializable: false, healthy: true, tookMs: 1 };
    }
  }
}

/** Of what a member tells in a scrape about a third changes each time. */
const seriesEach = 450;
const changedEach = 150;
const bounds = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064];

function* scrapes(): Iterable<unknown> {
  for (let atMs = 0; atMs < endMs; atMs += 250) {
    for (const member of members) {
      const full = atMs === 0;
      const values: Record<string, number> = { etcd_server_proposals_pending: (atMs / 250) % 7 };
      for (const [index, le] of bounds.entries()) values[`etcd_disk_wal_fsync_duration_seconds_bucket{le="${le}"}`] = Math.floor((atMs / 10) * (1 - 0.5 ** (index + 2)));
      values['etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"}'] = atMs / 10;
      for (let index = 0; index < (full ? seriesEach : changedEach); index += 1) values[`grpc_server_handled_total{grpc_code="OK",grpc_method="Method${index}",grpc_service="etcdserverpb.KV",grpc_type="unary"}`] = atMs + index;
      yield { atMs, member, full, values };
    }
  }
}

function* logOf(member: (typeof members)[number], startedMs: number): Iterable<unknown> {
  const random = seededRandom(1, member);
  const line = (atMs: number, msg: string, more: object = {}) => ({ level: "info", ts: new Date(startedMs + atMs).toISOString(), caller: "etcdserver/server.go:1", msg, ...more });
  for (let atMs = 0; atMs < endMs; atMs += 20) {
    if (atMs === phaseMs + 1_200) yield line(atMs, `raft.node: ${raftIds[members.indexOf(member)] ?? ""} elected leader ${raftIds[1]} at term 3`);
    yield line(atMs + random.float(), "apply request took too long", { level: "warn", took: `${random.int(100, 400)}ms`, "expected-duration": "100ms", prefix: "read-only range ", request: "key:\"k31\" ", response: "range_response_count:1 size:41" });
  }
}
