import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Violation } from "../../explore/violation.ts";
import { savedResultsSchema, type SavedResults } from "../../judge/saved-results.ts";

const counterexamples = z.looseObject({
  counterexamples: z.array(
    z.looseObject({
      assertion: z.looseObject({ kind: z.string(), title: z.string() }),
      rule: z.string(),
      sentence: z.string(),
      illegal: z.string(),
      operations: z.array(z.looseObject({ name: z.string(), label: z.string(), outcome: z.string() })),
    }),
  ),
});

/** What a run's folder says of its verdict, and of each promise that it saw broken. */
export async function readJudged(folder: string): Promise<{ readonly outcome: SavedResults["outcome"]; readonly violations: readonly Violation[] }> {
  const { outcome, assertions } = savedResultsSchema.parse(JSON.parse(await readFile(join(folder, "results.json"), "utf8")));
  const shown = counterexamples.parse(JSON.parse(await readFile(join(folder, "counterexamples.json"), "utf8"))).counterexamples;
  const violations = assertions
    .filter(({ verdict }) => verdict.outcome === "fail")
    .map(({ kind, title, verdict }): Violation => {
      const witness = shown.find(({ assertion }) => assertion.kind === kind && assertion.title === title);
      return { kind, title, reason: verdict.reason ?? verdict.observed, ...(witness === undefined ? {} : { witness }) };
    });
  return { outcome, violations };
}
