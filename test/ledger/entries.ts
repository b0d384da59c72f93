import type { Entry } from "../../src/ledger/entry.ts";

/** An entry with usual values but for what is given; `number` sets its id and a start that follows by a minute each. */
export function entry(number: number, given: Partial<Entry> = {}): Entry {
  return {
    format: 1,
    id: `run-${String(number).padStart(5, "0")}`,
    scenario: "partition",
    scenarioHash: "a1b2c3d4e5f6",
    seed: number,
    startedAt: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
    status: "finished",
    outcome: "pass",
    sentence: "all 3 assertions hold",
    etcd: { version: "3.5.30", asked: "3.5" },
    runtime: "local",
    machine: { platform: "linux x64", cpus: 4, memoryBytes: 16 * 2 ** 30, node: "v20.19.0", kernel: "6.1.0", host: "0a1b2c3d" },
    harness: { version: "0.1.0", commit: "aaaaaaaaaaaa" },
    assertions: [{ kind: "slo", title: "availability of puts", outcome: "pass" }],
    figures: { "put-p99-during": 900, "longest-unavailability": 1_500, availability: 0.95 },
    operations: { ok: 100, fail: 1, info: 2, due: 103 },
    ...given,
  };
}

/** So many entries, each with what is given for its number. */
export function entries(many: number, given: (number: number) => Partial<Entry> = () => ({})): Entry[] {
  return Array.from({ length: many }, (_, number) => entry(number, given(number)));
}
