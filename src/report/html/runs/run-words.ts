import type { Entry } from "../../../ledger/entry.ts";
import { etcdUnknown } from "../../../ledger/series.ts";

/** Where a run's report lies, as seen from the folder of reports. */
export function reportOf({ scenario, id }: Pick<Entry, "scenario" | "id">): string {
  return `${encodeURIComponent(scenario)}/${encodeURIComponent(id)}/report.html`;
}

/** `2026-11-27 08:27`, UTC. */
export function startedText({ startedAt }: Pick<Entry, "startedAt">): string {
  return startedAt.slice(0, 16).replace("T", " ");
}

/** `3.5.30`, or that nobody knows, as the run ended before a member ran. */
export function etcdText(version: string): string {
  return version === etcdUnknown ? "not known" : version;
}
