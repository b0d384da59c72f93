import { z } from "zod";

const outcome = z.enum(["pass", "fail", "inconclusive"]);

/**
 * A line of `reports/history.jsonl`: what is kept of a run that was judged. A later line with the same id takes its
 * place. Unknown keys are let through, so that an older harness reads what a newer one wrote.
 */
export const entrySchema = z.object({
  format: z.literal(1),
  /** The run's id; its folder is `<scenario>/<id>`. */
  id: z.string(),
  scenario: z.string(),
  /** Of the scenario file's text; absent where that was not kept. */
  scenarioHash: z.string().optional(),
  seed: z.number(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  status: z.enum(["running", "finished", "interrupted", "crashed"]),
  outcome,
  sentence: z.string(),
  /** Set where this is not the run's first judgement. */
  rejudged: z.literal(true).optional(),
  /** Whose assertions these are, where they are not its own. */
  assertionsFrom: z.string().optional(),
  etcd: z.object({ version: z.string(), asked: z.string().optional(), sha256: z.string().optional() }),
  runtime: z.string(),
  machine: z.object({ platform: z.string(), cpus: z.number(), memoryBytes: z.number(), node: z.string(), kernel: z.string().optional(), host: z.string().optional() }),
  harness: z.object({ version: z.string(), commit: z.string().optional(), dirty: z.literal(true).optional() }),
  assertions: z.array(z.object({ kind: z.string(), title: z.string(), outcome })),
  /** By the names of `keyFigures`, and those of other versions. Absent in runs that were taken over from their folders, where only the results were read. */
  figures: z.record(z.string(), z.number()).optional(),
  operations: z.object({ ok: z.number(), fail: z.number(), info: z.number(), due: z.number() }).optional(),
});

/** What is kept of one run. */
export type Entry = z.infer<typeof entrySchema>;
