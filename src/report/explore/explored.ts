import type { Counterexample } from "../../check/counterexample.ts";
import type { FeatureClass } from "../../explore/feature.ts";
import type { Reduced } from "../../explore/finding.ts";

/** A search, as it is told of. Paths are relative to its folder. */
export interface Explored {
  readonly id: string;
  /** Exact, or as it was asked for where no run came so far. */
  readonly etcd: string;
  readonly runtime: string;
  readonly seed: number;
  readonly replay: string;
  readonly tookMs: number;
  readonly sideBySide: number;
  readonly runs: { readonly pass: number; readonly fail: number; readonly inconclusive: number; readonly broken: number };
  /** Runs that made findings smaller. */
  readonly reducing: number;
  readonly endedBy: string;
  readonly findings: readonly ExploredFinding[];
  readonly coverage: readonly { readonly of: FeatureClass; readonly covered: readonly { readonly name: string; readonly count: number; readonly firstRun: number }[] }[];
  readonly troubles: readonly string[];
}

export interface ExploredFinding {
  readonly number: number;
  readonly guarantee: string;
  readonly shape: string;
  readonly sentence: string;
  /** In which run of the search, and how long after its start. */
  readonly run: number;
  readonly afterMs: number;
  readonly again: number;
  readonly reduced: Reduced["kind"];
  /** What became of making it smaller, as a sentence. */
  readonly became: string;
  /** The smallest scenario that is known to show it. */
  readonly scenario: { readonly path: string; readonly text: string; readonly entries: number; readonly entriesBefore: number; readonly command: string };
  /** The report of a run that showed it. */
  readonly report?: string;
  readonly counterexample?: Counterexample;
}

/** Whether a promise was seen broken; a search without one run that was judged to the end tells nothing. */
export function outcomeOfSearch({ findings, runs }: Pick<Explored, "findings" | "runs">): "pass" | "fail" | "inconclusive" {
  if (findings.length > 0) return "fail";
  return runs.pass + runs.inconclusive > 0 && runs.broken <= (runs.pass + runs.inconclusive) / 2 ? "pass" : "inconclusive";
}

/** The search in one sentence. */
export function sentenceOfSearch({ findings, runs, etcd }: Explored): string {
  const total = runs.pass + runs.fail + runs.inconclusive + runs.broken;
  const guarantees = [...new Set(findings.map(({ guarantee }) => guarantee))];
  const inAll = `${total} ${total === 1 ? "run" : "runs"} of etcd ${etcd}`;
  if (guarantees.length > 0) return `${guarantees.length} ${guarantees.length === 1 ? "promise was" : "promises were"} seen broken in ${inAll}: ${guarantees.join(", ")}`;
  if (outcomeOfSearch({ findings, runs }) === "pass") return `no promise was seen broken in ${inAll}`;
  return total === 0 ? "nothing was run" : `${inAll}, of which ${runs.broken} have no verdict, tell nothing`;
}
