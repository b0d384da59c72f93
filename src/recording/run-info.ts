import { z } from "zod";

/** `run.json`: what this run was, on what, and how far it came. Rewritten at each step. */
export const runInfoSchema = z.strictObject({
  format: z.literal(1),
  /** Unique: `<utc>-<seed>`. */
  id: z.string(),
  scenario: z.string(),
  /** What the scenario says of itself, and the load it asks for. */
  description: z.string().optional(),
  workload: z.string().optional(),
  /** The workloads that were side by side: their clients are those from the first on. Absent in runs before there could be several. */
  workloads: z.array(z.strictObject({ kind: z.string(), title: z.string(), firstClient: z.number().int(), clients: z.number().int() })).optional(),
  seed: z.number().int(),
  /** The command that runs the same again. */
  replay: z.string(),
  /** ISO 8601, UTC, of the clock's zero. */
  startedAt: z.string(),
  /** `running` in a folder whose harness is gone means that it was killed. */
  status: z.enum(["running", "finished", "interrupted", "crashed"]),
  error: z.string().optional(),
  signal: z.string().optional(),
  /** When the timeline ended, on the run's clock. */
  endedMs: z.number().optional(),
  runtime: z.strictObject({ kind: z.enum(["local", "docker"]), because: z.string() }),
  etcd: z.strictObject({ version: z.string(), source: z.string(), sha256: z.string().optional() }),
  /** As it was asked for: `3.5`. */
  etcdAsked: z.string().optional(),
  toxiproxy: z.strictObject({ version: z.string(), source: z.string() }),
  /** The Prometheus that was asked; absent where no assertion needs one. */
  prometheus: z.strictObject({ version: z.string(), source: z.string() }).optional(),
  /** Flags given to every member beside those of the runtime. */
  flags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  members: z.array(
    z.strictObject({
      name: z.string(),
      /** Raft id as logs show it: hexadecimal without leading zeros. */
      id: z.string(),
      /** Ids that it had before it was replaced. */
      formerIds: z.array(z.string()).optional(),
    }),
  ),
  machine: z.strictObject({
    platform: z.string(),
    cpus: z.number(),
    memoryBytes: z.number(),
    node: z.string(),
    kernel: z.string().optional(),
    /** A hash of its name, which tells whether two runs were on one machine and not on which. */
    host: z.string().optional(),
  }),
  /** `dirty`: the commit's files had been changed. */
  harness: z.strictObject({ version: z.string(), commit: z.string().optional(), dirty: z.literal(true).optional() }),
  /** Where the time went outside the timeline. */
  breakdown: z.array(z.strictObject({ step: z.string(), tookMs: z.number() })),
});
export type RunInfo = z.infer<typeof runInfoSchema>;
