import { findingsOf } from "../judge/findings.ts";
import type { SavedResults } from "../judge/saved-results.ts";
import type { Attempt } from "./nightly.ts";

/** How the process of a run ended, and what it left. */
export interface RunEnded {
  /** `exit code 1`, `SIGKILL`. */
  readonly end: string;
  /** Absent where it left none that can be read. */
  readonly results: SavedResults | undefined;
  /** The last error that it told. */
  readonly error: string | undefined;
}

/** A signal ends a run by itself while it is only being loaded. */
const endsThatAre = { "exit code 0": "pass", "exit code 1": "fail", "exit code 2": "inconclusive", "exit code 130": "interrupted", "exit code 143": "interrupted", SIGINT: "interrupted", SIGTERM: "interrupted" } as const;

/** More of one run would make the summaries long; its own report has them all. */
const findingsMax = 20;

/** What a run came to. Its end and its results have to agree: a run that says it passed and left no results did not. */
export function attemptOutcome({ end, results, error }: RunEnded): Pick<Attempt, "outcome" | "sentence" | "findings" | "replay" | "expectation"> {
  const said = Object.entries(endsThatAre).find(([text]) => text === end)?.[1];
  const findings = results === undefined ? [] : findingsOf(results).slice(0, findingsMax);
  const judged = { findings, ...(results === undefined ? {} : { replay: results.replay }), ...(results?.expectation === undefined ? {} : { expectation: results.expectation }) };
  // What was violated in the part that there was is violated.
  if (said === "interrupted") return results?.outcome === "fail" ? { ...judged, outcome: "fail", sentence: results.sentence } : { ...judged, outcome: "interrupted", sentence: "it was interrupted" };
  if (said !== undefined && results?.outcome === said) return { ...judged, outcome: said, sentence: results.sentence };
  const because = error ?? (results === undefined ? "it left no results" : `its results say ${results.outcome}`);
  return { ...judged, outcome: "broken", sentence: `the run ended with ${end}: ${because}` };
}
