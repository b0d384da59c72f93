import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ExportedRun } from "../../src/export/exported-run.ts";
import type { Results } from "../../src/judge/results.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

/** What a recording of the builder begins at. */
export const startedMs = Date.parse("2025-06-01T10:00:03.120Z");

/** Two phases after a second of set-up, a partition that is proven and a pause that is not, a killed member, an alarm, some load. */
export function partitioned(): RecordingBuilder {
  return recording()
    .phase("baseline", 1_000, 5_000)
    .phase("isolated", 5_000, 13_000)
    .status("etcd-1", 500, { leader: "etcd-1", term: 2 })
    .status("etcd-2", 7_000, { leader: "etcd-2", term: 3 })
    .fault({ phase: "isolated", targets: ["etcd-1"], requestedMs: 5_010, effectiveMs: 5_200, healingMs: 12_900, healedMs: 13_400 })
    .fault({ kind: "pause", phase: "isolated", targets: ["etcd-2"], requestedMs: 6_000, ineffectiveMs: 7_000, healingMs: 8_000, unhealedMs: 9_000 })
    .event({ type: "member", atMs: 500, member: "etcd-1", state: "started" })
    .event({ type: "member", atMs: 6_500, member: "etcd-3", state: "killed", detail: "SIGKILL" })
    .event({ type: "note", atMs: 200, level: "warning", text: "an old version" })
    .event({ type: "missed", atMs: 6_000, requests: [{ member: "etcd-1", atMs: 5_900, count: 3 }, { member: "etcd-1", atMs: 5_800, count: 1 }] })
    .log("etcd-3", 6_600, "alarm raised", { level: "warn", alarm: "NOSPACE" })
    .operation({ atMs: 2_000, tookMs: 2 })
    .operation({ atMs: 2_100, tookMs: 700 })
    .operation({ atMs: 2_200, member: "etcd-2", op: "get" })
    .operation({ atMs: 6_000, outcome: "info" })
    .operation({ atMs: 6_100, outcome: "fail" });
}

const results: Results = {
  format: 1,
  scenario: "test",
  seed: 42,
  outcome: "fail",
  sentence: "leader changes during baseline: 1 change",
  replay: "npm run scenario -- test --seed 42",
  assertions: [
    {
      kind: "leader-changes",
      title: "leader changes during baseline",
      verdict: { outcome: "fail", observed: "1 change", bound: "no change", reason: "etcd-2 led", evidence: [{ kind: "status", atMs: 7_000, member: "etcd-2", text: "etcd-2 names itself" }] },
    },
    { kind: "health", title: "all healthy", verdict: { outcome: "pass", observed: "healthy", bound: "healthy", evidence: [] } },
  ],
  assumptions: [{ title: "the run went to its end", outcome: "pass", observed: "every phase had its time" }],
};

/** A judged run that is to be exported. */
export function judgedRun({ run = partitioned(), outcome = "fail", judging }: { run?: RecordingBuilder; outcome?: Results["outcome"]; judging?: ExportedRun["judging"] } = {}): ExportedRun {
  return { recording: run.build(), results: { ...results, outcome }, resource: resourceFromAttributes({ "service.name": "etcd-chaos" }), judging };
}
