import type { Attempt, EndedTurn, Nightly, Turn, TurnEnd } from "../../src/nightly/nightly.ts";

/** A turn of a scenario with this name. */
export function turnOf(scenario: string, { repeat = 1, timelineMs = 10_000 }: Partial<Pick<Turn, "repeat" | "timelineMs">> = {}): Turn {
  return { scenario, asked: scenario, path: `scenarios/${scenario}.yaml`, repeat, seed: 41 + repeat, timelineMs };
}

export function attemptWith(outcome: Attempt["outcome"], more: Partial<Attempt> = {}): Attempt {
  return { why: "first", beside: 0, outcome, tookMs: 12_000, sentence: `it ended: ${outcome}`, findings: [], ...more };
}

export function played(...outcomes: readonly Attempt["outcome"][]): TurnEnd {
  return { kind: "played", attempts: outcomes.map((outcome, index) => attemptWith(outcome, index === 0 ? {} : { why: "retry" })) };
}

export function nightlyOf(turns: readonly EndedTurn[], more: Partial<Nightly> = {}): Nightly {
  return { format: 1, startedAt: "2026-01-02T03:04:05.678Z", tookMs: 61_000, runtime: "local", seed: 42, repeat: 1, retries: 0, flakesOk: false, jobs: { first: 1, because: "2 CPUs, 2 for each run", changes: [] }, turns: [...turns], ...more };
}

const violated: Attempt["findings"] = [{ outcome: "fail", title: "writes <go> on | again", line: 12, text: "9 s without a write" }];

/** One of each kind of end. */
export const oneOfEach: readonly EndedTurn[] = [
  { ...turnOf("steady"), end: { kind: "played", attempts: [attemptWith("pass", { folder: "steady/1-42", replay: "npm run scenario -- steady --seed 42", etcd: "3.5.30" })] } },
  { ...turnOf("partition"), end: { kind: "played", attempts: [attemptWith("fail", { beside: 1, findings: violated, folder: "partition/1-42", replay: "npm run scenario -- partition --seed 42" }), attemptWith("fail", { why: "alone", findings: violated, folder: "partition/2-42" })] } },
  { ...turnOf("latency"), end: { kind: "played", attempts: [attemptWith("fail", { beside: 2, folder: "latency/1-42" }), attemptWith("pass", { why: "alone", folder: "latency/2-42" })] } },
  { ...turnOf("compaction"), end: played("inconclusive") },
  { ...turnOf("upgrade"), end: played("broken") },
  { ...turnOf("mixed"), end: played("interrupted") },
  { ...turnOf("no-space"), end: { kind: "not-run", because: "it would not have ended within the time limit" } },
  { ...turnOf("power-loss"), end: { kind: "unplayable", because: "only root may mount" } },
];
