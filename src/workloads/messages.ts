import { z } from "zod";
import { workloadStatsSchema, workloadSummarySchema } from "./stats.ts";
import { watchSpecSchema } from "./watch/spec.ts";

/** What the harness tells the load process. The process loads its libraries by itself and then waits for `begin`. */
export const orderSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("begin"),
    /** Side by side; their options as `Workload` has them. */
    workloads: z.array(z.strictObject({ kind: z.string(), options: z.unknown() })).min(1),
    seed: z.number().int(),
    /** Where the run's clock has its zero, in nanoseconds of CLOCK_MONOTONIC; JSON has no such numbers. */
    originNs: z.string().regex(/^\d+$/),
    historyPath: z.string(),
    /** Who watches, and where what came back is written; absent: nobody. */
    watch: z.strictObject({ spec: watchSpecSchema, path: z.string() }).optional(),
    endpoints: z.array(z.strictObject({ member: z.string(), url: z.string() })),
  }),
  z.strictObject({ type: z.literal("stop") }),
]);
export type Order = z.infer<typeof orderSchema>;

/** What the load process tells the harness. */
export const reportSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("begun") }),
  z.strictObject({ type: z.literal("stats"), stats: workloadStatsSchema }),
  /** Everything is in the history. */
  z.strictObject({ type: z.literal("stopped"), summary: workloadSummarySchema }),
  /** It cannot go on; what was recorded so far is in the history. */
  z.strictObject({ type: z.literal("failed"), code: z.enum(["cluster", "recording", "internal"]), message: z.string() }),
]);
export type Report = z.infer<typeof reportSchema>;
