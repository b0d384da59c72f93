import { z } from "zod";

const finding = z.strictObject({ outcome: z.enum(["fail", "inconclusive"]), title: z.string(), line: z.number().int().optional(), text: z.string() });

/** One run of a turn. */
const attempt = z.strictObject({
  /** `alone`: once more without any other run beside it; `retry`: once more because retries were asked for, also alone. */
  why: z.enum(["first", "alone", "retry"]),
  /** `broken`: the harness or its environment failed, so that nothing was judged. */
  outcome: z.enum(["pass", "fail", "inconclusive", "broken", "interrupted"]),
  /** How many other runs there were beside it at most. */
  beside: z.number().int(),
  tookMs: z.number(),
  /** Why this outcome. */
  sentence: z.string(),
  /** The run's folder, from the folder of all runs; absent where it did not come to one. */
  folder: z.string().optional(),
  /** The command that runs the same again. */
  replay: z.string().optional(),
  /** The etcd that ran. */
  etcd: z.string().optional(),
  /** Of a scenario that expects a violation: whether this etcd has the bug as far as its version says, and whether it showed itself. */
  expectation: z.strictObject({ affected: z.boolean().optional(), shown: z.boolean() }).optional(),
  findings: z.array(finding),
  /** The part of its time in which something on this machine waited for a CPU, from 0 to 1. */
  cpuPressure: z.number().optional(),
  /** How late the load generator was woken, at the worst. */
  timerLateMaxMs: z.number().optional(),
});
export type Attempt = z.infer<typeof attempt>;

/** A scenario by one seed: the nightly wants a verdict on each. */
const turn = z.strictObject({
  scenario: z.string(),
  /** How it is named on the command line. */
  asked: z.string(),
  path: z.string(),
  /** Counted from 1. */
  repeat: z.number().int(),
  seed: z.number().int(),
  /** The etcd that this one is for, where each scenario has its turn on several. */
  etcd: z.string().optional(),
  timelineMs: z.number(),
});
export type Turn = z.infer<typeof turn>;

/** How a turn ended. `unplayable`: this machine or runtime cannot do what the scenario asks for. */
const turnEnd = z.discriminatedUnion("kind", [
  /** `unrepeated`: why it was not repeated although it should have been. */
  z.strictObject({ kind: z.literal("played"), attempts: z.array(attempt).min(1), unrepeated: z.string().optional() }),
  z.strictObject({ kind: z.literal("unplayable"), because: z.string() }),
  z.strictObject({ kind: z.literal("not-run"), because: z.string() }),
]);
export type TurnEnd = z.infer<typeof turnEnd>;

const endedTurn = z.strictObject({ ...turn.shape, end: turnEnd });
export type EndedTurn = z.infer<typeof endedTurn>;

/** A change of how many runs there are side by side. */
const jobsChange = z.strictObject({ afterMs: z.number(), jobs: z.number().int(), because: z.string() });
export type JobsChange = z.infer<typeof jobsChange>;

/** `nightly.json`: many runs, and what they came to. Times are milliseconds from its start. */
export const nightlySchema = z.strictObject({
  format: z.literal(1),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  tookMs: z.number(),
  runtime: z.enum(["local", "docker"]),
  /** The seed of each scenario's first run. */
  seed: z.number().int(),
  /** What was asked for instead of the scenarios' own. */
  etcd: z.string().optional(),
  shard: z.strictObject({ index: z.number().int(), of: z.number().int() }).optional(),
  repeat: z.number().int(),
  retries: z.number().int(),
  timeLimitMs: z.number().optional(),
  flakesOk: z.boolean(),
  /** Set where it was ended before its time. */
  signal: z.string().optional(),
  jobs: z.strictObject({ first: z.number().int(), because: z.string(), changes: z.array(jobsChange) }),
  turns: z.array(endedTurn),
});
export type Nightly = z.infer<typeof nightlySchema>;
