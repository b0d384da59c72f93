import { catalogue } from "../catalogue.ts";
import type { Scenario } from "../scenario/scenario.ts";

/**
 * Lines about assertions that can be nothing but inconclusive, which is better known before the
 * run: those named like a workload, or like watchers, judge what these did, and it is not there.
 */
export function idleAssertions({ assertions, workload }: Pick<Scenario, "assertions" | "workload">): string[] {
  const there = new Set([...(workload?.parts.map(({ kind }) => kind) ?? []), ...(workload?.watch === undefined ? [] : ["watch"])]);
  const judged = new Set(["watch", ...catalogue.workloads.map(({ kind }) => kind)]);
  return assertions.flatMap(({ kind, title }, index) => (judged.has(kind) && !there.has(kind) ? [`${index + 1}. ${title}: ${kind === "watch" ? "nobody watches" : `there is no workload ${kind}`}`] : []));
}
