import type { Entry } from "../../../ledger/entry.ts";

/** Where a run's report lies, as seen from the folder of reports. */
export function reportOf({ scenario, id }: Pick<Entry, "scenario" | "id">): string {
  return `${encodeURIComponent(scenario)}/${encodeURIComponent(id)}/report.html`;
}

/** `2026-11-27 08:27`, UTC. */
export function startedText({ startedAt }: Pick<Entry, "startedAt">): string {
  return startedAt.slice(0, 16).replace("T", " ");
}
