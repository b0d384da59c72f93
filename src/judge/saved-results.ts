import { z } from "zod";

const outcome = z.enum(["pass", "fail", "inconclusive"]);

/** What those who started a run read of the `results.json` that it left. */
export const savedResultsSchema = z.object({
  outcome,
  sentence: z.string(),
  replay: z.string(),
  expectation: z.object({ affected: z.boolean().optional(), shown: z.boolean() }).optional(),
  assertions: z.array(
    z.object({
      kind: z.string(),
      title: z.string(),
      line: z.number().int().optional(),
      expected: z.literal(true).optional(),
      verdict: z.object({ outcome, observed: z.string(), bound: z.string(), reason: z.string().optional() }),
    }),
  ),
  assumptions: z.array(z.object({ title: z.string(), outcome, observed: z.string() })),
});
export type SavedResults = z.infer<typeof savedResultsSchema>;
