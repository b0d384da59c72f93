import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Violation } from "../../explore/violation.ts";

const results = z.looseObject({
  outcome: z.enum(["pass", "fail", "inconclusive"]),
  assertions: z.array(z.looseObject({ kind: z.string(), title: z.string(), verdict: z.looseObject({ outcome: z.string(), observed: z.string(), reason: z.string().optional() }) })),
});

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
export async function readJudged(folder: string): Promise<{ readonly outcome: "pass" | "fail" | "inconclusive"; readonly violations: readonly Violation[] }> {
  const { outcome, assertions } = results.parse(JSON.parse(await readFile(join(folder, "results.json"), "utf8")));
  const shown = counterexamples.parse(JSON.parse(await readFile(join(folder, "counterexamples.json"), "utf8"))).counterexamples;
  const violations = assertions
    .filter(({ verdict }) => verdict.outcome === "fail")
    .map(({ kind, title, verdict }): Violation => {
      const witness = shown.find(({ assertion }) => assertion.kind === kind && assertion.title === title);
      return { kind, title, reason: verdict.reason ?? verdict.observed, ...(witness === undefined ? {} : { witness }) };
    });
  return { outcome, violations };
}
