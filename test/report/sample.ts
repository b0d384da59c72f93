import type { Evidence, Verdict } from "../../assertions/verdict.ts";
import type { Results } from "../../src/judge/results.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { raftIds, recording, type OperationSketch, type RecordingBuilder } from "../recordings/builder.ts";

/** How large the sample run is; everything else about it is fixed. */
export interface SampleOptions {
  readonly operationsPerSecond?: number;
  /** Further log lines, spread over the run. */
  readonly extraLogLines?: number;
  /** Text that the last operations have as key and error, and that one log line holds. */
  readonly hostileText?: string;
}

const members = ["etcd-1", "etcd-2", "etcd-3"] as const;

const isolated = "etcd-2";
const timeline = { requested: 5_002, effective: 5_071, elected: 6_214, writable: 6_302, steppedDown: 6_480, healing: 13_004, healed: 13_190, rejoined: 13_320, end: 20_000 } as const;

export const sampleScenarioText = `# yaml-language-server: $schema=schema.json
description: The leader is cut off from its peers; the others elect a new one and go on.
cluster: { members: 3, etcd: "3.5" }
workload: { kv: { rate: 200/s, clients: 9 } }
timeline:
  - { phase: baseline, for: 5s }
  - { phase: isolated, for: 8s, faults: [{ partition: { isolate: leader, mode: blocking } }] }
  - { phase: recovery, for: 7s }
`;

export const samplePlanText = JSON.stringify({ seed: 42, phases: [{ name: "baseline", startMs: 0 }, { name: "isolated", startMs: 5_000 }, { name: "recovery", startMs: 13_000 }] }, null, 2);

/** A run of 20 s: three members, 200 operations a second, the leader isolated from 5 s to 13 s, a new leader after 1.2 s. */
export function sampleRecording({ operationsPerSecond = 200, extraLogLines = 0, hostileText }: SampleOptions = {}): Recording {
  const random = generator(42);
  const builder = recording({ members: 3 }).phase("baseline", 0, 5_000).phase("isolated", 5_000, 13_000).phase("recovery", 13_000, timeline.end);
  addEvents(builder);
  addOperations(builder, operationsPerSecond, random, hostileText);
  addStatuses(builder, random);
  for (const member of members) addFsyncs(builder, member, random);
  addLogs(builder, extraLogLines, random, hostileText);
  const built = builder.build();
  return {
    ...built,
    info: {
      ...built.info,
      scenario: "partition",
      runtime: { kind: "local", because: "no Docker engine answers on /var/run/docker.sock" },
      etcd: { version: "3.5.30", source: "official release archive, checksum verified", sha256: "b0f1".repeat(16) },
      toxiproxy: { version: "2.12.0", source: "embedded" },
      flags: { "heartbeat-interval": 100, "election-timeout": 1_000 },
      harness: { version: "0.1.0", commit: "4f9c2e1" },
      breakdown: [
        { step: "cluster start", tookMs: 912 },
        { step: "timeline", tookMs: 20_000 },
        { step: "cluster stop", tookMs: 140 },
      ],
    },
  };
}

function addEvents(builder: RecordingBuilder): void {
  const fault = { type: "fault", fault: "isolated/0-partition", kind: "partition" } as const;
  builder
    .event({ type: "workload", atMs: 4, state: "started", detail: "kv, open loop at 200 operations a second, 9 clients" })
    .event({
      ...fault,
      atMs: timeline.requested,
      state: "requested",
      phase: "isolated",
      title: "partition leader (blocking)",
      targets: [isolated],
      because: "etcd-2 is the leader at term 2",
    })
    .event({
      ...fault,
      atMs: timeline.effective,
      state: "effective",
      proofs: [
        { source: "toxics", text: "8 timeout toxics read back on the 4 links of etcd-2", holds: true },
        { source: "peer bytes", text: "etcd-2 received 0 bytes from its peers in 60 ms, 41 kB in the 60 ms before", holds: true },
      ],
    })
    .event({ ...fault, atMs: timeline.healing, state: "healing" })
    .event({
      ...fault,
      atMs: timeline.healed,
      state: "healed",
      proofs: [{ source: "peer bytes", text: "etcd-2 received 12 kB from its peers in 100 ms", holds: true }],
    })
    .event({ type: "workload", atMs: 19_990, state: "stopped" });
}

function addOperations(builder: RecordingBuilder, perSecond: number, random: () => number, hostileText: string | undefined): void {
  const total = (timeline.end / 1_000) * perSecond;
  for (let index = 0; index < total; index += 1) {
    const atMs = (index / perSecond) * 1_000;
    const client = index % 9;
    const member = members[client % members.length] ?? isolated;
    const op = index % 2 === 0 ? "put" : "get";
    const key = `key-${index % 64}`;
    const hostile = hostileText !== undefined && index >= total - 5;
    builder.operation({ op, atMs, client, member, key, ...answer(member, atMs, random), ...(hostile ? { key: hostileText, outcome: "fail", error: hostileText } : {}) });
  }
}

/** What a member answers to an operation that starts now. */
function answer(member: string, startMs: number, random: () => number): Pick<OperationSketch, "outcome" | "error" | "tookMs"> {
  const usualMs = 1.1 + random() * 1.4 + (random() < 0.02 ? random() * 14 : 0);
  const timedOut = { outcome: "info", error: "etcdserver: request timed out", tookMs: 1_000 + random() * 4 } as const;
  if (startMs < timeline.requested || startMs >= timeline.rejoined) return { outcome: "ok", tookMs: usualMs };
  if (member === isolated) {
    return startMs < timeline.steppedDown + 400 || random() < 0.4
      ? timedOut
      : { outcome: "fail", error: "etcdserver: no leader", tookMs: 2 + random() };
  }
  if (startMs >= timeline.writable) return { outcome: "ok", tookMs: usualMs * 1.2 };
  const waitMs = timeline.writable - startMs + random() * 20;
  return waitMs < 1_000 ? { outcome: "ok", tookMs: waitMs } : timedOut;
}

function addStatuses(builder: RecordingBuilder, random: () => number): void {
  for (let at = 20; at < timeline.end; at += 100) {
    members.forEach((member, index) => {
      const atMs = at + index * 3 + random() * 4;
      builder.status(member, atMs, opinion(member, atMs));
    });
  }
}

/** Whom a member takes for the leader. */
function opinion(member: string, atMs: number): { leader: string | null; term: number } {
  if (member === isolated) {
    if (atMs < timeline.steppedDown) return { leader: isolated, term: 2 };
    return atMs < timeline.rejoined ? { leader: null, term: 2 } : { leader: "etcd-3", term: 3 };
  }
  if (atMs < timeline.requested + 1_050) return { leader: isolated, term: 2 };
  return atMs < timeline.elected ? { leader: null, term: 3 } : { leader: "etcd-3", term: 3 };
}

function addLogs(builder: RecordingBuilder, extra: number, random: () => number, hostileText: string | undefined): void {
  const [one, two, three] = raftIds;
  builder
    .log("etcd-3", 5_980, `${three} is starting a new election at term 2`)
    .log("etcd-3", 5_981, `${three} became pre-candidate at term 2`)
    .log("etcd-3", 6_190, `${three} became candidate at term 3`)
    .log("etcd-3", 6_212, `${three} became leader at term 3`)
    .log("etcd-3", timeline.elected, `raft.node: ${three} elected leader ${three} at term 3`)
    .log("etcd-1", 6_215, `raft.node: ${one} changed leader from ${two} to ${three} at term 3`)
    .log("etcd-1", 6_310, "apply request took too long", { level: "warn", took: "1.09s", "expected-duration": "100ms" })
    .log("etcd-2", timeline.steppedDown, `${two} stepped down to follower since quorum is not active`, { level: "warn" })
    .log("etcd-2", 6_481, `raft.node: ${two} lost leader ${two} at term 2`)
    .log("etcd-1", 10_060, "lost TCP streaming connection with remote peer", { level: "warn", "remote-peer-id": two, error: "i/o timeout" })
    .log("etcd-1", 10_062, "peer became inactive (message send to peer failed)", { level: "warn", "peer-id": two, error: "failed to dial" })
    .log("etcd-2", 10_090, "peer became inactive (message send to peer failed)", { level: "warn", "peer-id": three, error: "i/o timeout" })
    .log("etcd-2", 13_200, "peer became active", { "peer-id": three })
    .log("etcd-2", 13_318, `raft.node: ${two} elected leader ${three} at term 3`);
  for (let index = 0; index < 24; index += 1) builder.log(members[index % 3] ?? isolated, 700 + index * 800, "purged file", { path: `snap/${index}` });
  for (let index = 0; index < extra; index += 1) {
    builder.log("etcd-1", Math.floor(random() * timeline.end), "apply request took too long", { level: "warn", took: "210ms", request: "header:<ID:7587> put:<key:…>" });
  }
  if (hostileText !== undefined) builder.log("etcd-1", 6_213, hostileText, { level: "warn", error: hostileText, "quoted \"<b>": hostileText });
}

const boundsSeconds = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, Infinity];

/** Cumulative buckets of the WAL fsync histogram; the isolated member has nothing to sync. */
function addFsyncs(builder: RecordingBuilder, member: string, random: () => number): void {
  const counts = boundsSeconds.map(() => 0);
  for (let atMs = 40; atMs < timeline.end; atMs += 250) {
    const idle = member === isolated && atMs > timeline.requested && atMs < timeline.rejoined;
    for (let sync = 0; sync < (idle ? 0 : 25); sync += 1) {
      const tookSeconds = 0.0006 + random() * 0.0022 + (random() < 0.02 ? random() * 0.02 : 0);
      boundsSeconds.forEach((bound, index) => {
        if (tookSeconds <= bound) counts[index] = (counts[index] ?? 0) + 1;
      });
    }
    const values = boundsSeconds.map((bound, index) => {
      const le = bound === Infinity ? "+Inf" : String(bound);
      return [`etcd_disk_wal_fsync_duration_seconds_bucket{le="${le}"}`, counts[index] ?? 0] as const;
    });
    builder.metrics(member, atMs, Object.fromEntries(values));
  }
}

/** Results of the sample: all pass, or with one of each outcome. */
export function sampleResults(kind: "passing" | "mixed" = "passing"): Results {
  const base = { format: 1, scenario: "partition", seed: 42, replay: "npm run scenario -- partition --seed 42 --runtime local --etcd 3.5.30" } as const;
  const leader: Evidence = { kind: "log", atMs: timeline.elected, member: "etcd-3", text: "etcd-3 elected leader at term 3" };
  const assertions = [
    judged("leader-changes", "leader changes during isolated", {
      outcome: "pass",
      observed: "1 change, new leader after 1.21 s",
      bound: "at least 1 change, new leader within 5 s",
      evidence: [leader, { kind: "status", atMs: 6_223, member: "etcd-3", text: "leader etcd-3 at term 3" }],
    }),
    judged("slo", "writes available again during isolated", {
      outcome: "pass",
      observed: "longest without a write 1.3 s",
      bound: "at most 5 s",
      evidence: [{ kind: "window", atMs: 5_000, endMs: 6_302, text: "no acknowledged write for 1.3 s" }],
    }),
    judged("fsync", "WAL fsync p99 over the run, each member", {
      outcome: "pass",
      observed: "6.1 ms on etcd-1",
      bound: "below 100 ms",
      evidence: [{ kind: "metric", atMs: 0, endMs: timeline.end, member: "etcd-1", text: "p99 6.1 ms of 2,000 syncs" }],
    }),
    judged("log", "at least one line “lost leader” on the isolated member", {
      outcome: "pass",
      observed: "1 line",
      bound: "at least 1 line",
      evidence: [{ kind: "log", atMs: 6_481, member: isolated, text: "lost leader 91bc3c398fb3c146 at term 2" }],
    }),
  ];
  const assumptions = [
    { title: "every fault took effect and healed", outcome: "pass", observed: "1 of 1 proven by toxics and peer bytes" },
    { title: "the load was reached", outcome: "pass", observed: "200 of 200 operations a second were started" },
    { title: "the recording is whole", outcome: "pass", observed: "no defects" },
  ] as const;
  if (kind === "passing") {
    return { ...base, outcome: "pass", sentence: "All 4 assertions hold: etcd-3 took over 1.21 s after the leader was cut off.", assertions, assumptions };
  }
  return {
    ...base,
    outcome: "fail",
    sentence: "1 of 6 assertions fails: reads were available for 83.1 % of the time while the leader was isolated.",
    assumptions,
    assertions: [
      ...assertions,
      judged("slo", "availability of reads during isolated", {
        outcome: "fail",
        observed: "83.1 % of 800",
        bound: "at least 99 %",
        reason: "135 reads were not answered, 132 of them by etcd-2, which was isolated.",
        evidence: [
          { kind: "window", atMs: 5_000, endMs: 13_000, text: "665 of 800 reads ok" },
          { kind: "operation", atMs: 6_010, member: isolated, text: "get key-11 timed out after 1 s" },
        ],
      }),
      judged("metric", "etcd_server_slow_apply_total increases by at most 10", {
        outcome: "inconclusive",
        observed: "no such series",
        bound: "at most 10",
        reason: "No member has a series etcd_server_slow_apply_total.",
        evidence: [],
      }),
    ],
  };
}

function judged(kind: string, title: string, verdict: Verdict) {
  return { kind, title, verdict };
}

/** Numbers in [0, 1) that are the same every time (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
