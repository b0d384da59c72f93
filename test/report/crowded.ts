import type { Recording } from "../../src/recording/recording.ts";
import { recording } from "../recordings/builder.ts";

const phases = 30;
const phaseMs = 2_000;
const faults = 40;
const members = 7;

/** A run with as much of everything as runs have: seven members, thirty phases, forty faults, some of them at once. */
export function crowdedRecording(): Recording {
  const builder = recording({ members });
  const endMs = phases * phaseMs;
  for (let index = 0; index < phases; index += 1) builder.phase(`phase-${index + 1}`, index * phaseMs, (index + 1) * phaseMs);
  for (let index = 0; index < faults; index += 1) {
    const requestedMs = 1_000 + index * 1_400;
    const target = `etcd-${(index % members) + 1}`;
    builder.fault({
      kind: ["partition", "pause", "latency", "slow-fsync"][index % 4] ?? "pause",
      phase: `phase-${Math.floor(requestedMs / phaseMs) + 1}`,
      targets: [target, `etcd-${((index + 3) % members) + 1}`],
      requestedMs,
      effectiveMs: requestedMs + 120,
      healingMs: requestedMs + 2_300,
      healedMs: requestedMs + 2_450,
    });
  }
  builder.event({ type: "workload", atMs: 10, state: "started" });
  builder.operations(0, endMs, 20, (atMs) => ({ member: `etcd-${(Math.floor(atMs / 20) % members) + 1}`, client: Math.floor(atMs / 20) % 14, outcome: atMs % 7_000 < 400 ? "info" : "ok", tookMs: 2 + (atMs % 11) }));
  for (let atMs = 0; atMs < endMs; atMs += 500) {
    const term = 2 + Math.floor(atMs / 5_000);
    const leader = `etcd-${(term % members) + 1}`;
    for (let member = 1; member <= members; member += 1) builder.status(`etcd-${member}`, atMs, { leader, term });
    builder.log(leader, atMs + 1, "leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk", { level: "warn" });
  }
  return builder.build();
}
