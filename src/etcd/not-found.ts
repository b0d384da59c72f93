import { closest, distance } from "fastest-levenshtein";

import { HarnessError } from "../errors.ts";
import { describeRequest, type VersionRequest } from "./request.ts";
import { newestFirst, seriesOf } from "./version.ts";

export interface SearchReport {
  readonly platform: string;
  /** What each place that was asked said. */
  readonly remarks: readonly string[];
  /** Versions that could be had, newest first. */
  readonly available: readonly string[];
  /** Whether somebody has it and only the fetching failed. */
  readonly offered: boolean;
}

const versionsShownMax = 12;

/** The error for a version that could not be had: who was asked, what each said, and what there is instead. */
export function nobodyHas(request: VersionRequest, { platform, remarks, available, offered }: SearchReport): HarnessError {
  const wanted = describeRequest(request);
  const what = offered ? `etcd ${wanted} could not be fetched` : `nobody has etcd ${wanted} for ${platform}`;
  const lines = remarks.map((remark) => `  ${remark}`);
  return new HarnessError(offered ? "download" : "etcd-not-found", [`${what}:`, ...lines].join("\n"), {
    hint: [didYouMean(wanted, request.kind, available), whatThereIs(available)].filter((part) => part !== "").join(" "),
  });
}

function didYouMean(wanted: string, kind: VersionRequest["kind"], available: readonly string[]): string {
  const candidates = kind === "series" ? [...new Set(available.map(seriesOf))] : available;
  if (candidates.length === 0) return "";
  const nearest = closest(wanted, candidates);
  // A third of the characters: 3.5.31 is near 3.5.30, and 9.9 is near nothing.
  const near = nearest !== wanted && distance(wanted, nearest) <= wanted.length / 3;
  return near ? `Did you mean ${nearest}?` : "";
}

function whatThereIs(available: readonly string[]): string {
  if (available.length === 0) return "Is there a network? A binary of your own needs none: --etcd /path/to/etcd.";
  const versions = newestFirst(available);
  const more = versions.length > versionsShownMax ? ` and ${versions.length - versionsShownMax} older ones` : "";
  return `There are ${versions.slice(0, versionsShownMax).join(", ")}${more}; or give a binary of your own: --etcd /path/to/etcd.`;
}
