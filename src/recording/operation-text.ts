import type { Request } from "./operation.ts";
import type { ReadMode } from "./operations/key-value.ts";
import type { Compare } from "./operations/txn.ts";
import { valueText } from "./value-text.ts";

/** What was asked, in a few words: `put k7 = 3-12`, `range k… to l at revision 40`. */
export function requestText(request: Request): string {
  switch (request.op) {
    case "put":
      return `put ${request.key} = ${valueText(request.value)}${request.lease === undefined ? "" : ` with lease ${request.lease}`}`;
    case "get":
      return `${modeText(request)}get ${request.key}${atText(request)}`;
    case "range":
      return `${modeText(request)}range ${request.key} to ${request.end}${request.limit === undefined ? "" : `, ${request.limit} at most`}${atText(request)}`;
    case "delete":
      return `delete ${request.key}${request.end === undefined ? "" : ` to ${request.end}`}`;
    case "txn":
      return `txn if ${request.compares.map(compareText).join(" and ") || "true"}: ${request.success.map(requestText).join(", ") || "nothing"}`;
    case "compact":
      return `compact at revision ${request.atRevision}`;
    case "lease-grant":
      return `grant of lease ${request.lease} for ${request.ttlS} s`;
    case "lease-keep-alive":
      return `keep-alive of lease ${request.lease}`;
    case "lease-revoke":
      return `revocation of lease ${request.lease}`;
    case "lease-time-to-live":
      return `time-to-live of lease ${request.lease}`;
    case "lock-acquire":
      return `acquisition of lock ${request.lock} with lease ${request.lease}`;
    case "lock-release":
      return `release of lock ${request.lock} with lease ${request.lease}`;
    case "guarded-write":
      return `${request.fenced ? "fenced" : "unfenced"} write under lock ${request.lock} with token ${request.token}`;
  }
}

/** Which keys it is about: `k7`, `k to l`, `k1, k2`; of a compaction the revision, and the lease or the lock of what is about one. */
export function subjectText(request: Request): string {
  switch (request.op) {
    case "put":
    case "get":
      return request.key;
    case "range":
    case "delete":
      return request.end === undefined ? request.key : `${request.key} to ${request.end}`;
    case "txn":
      return [...new Set([...request.compares.map(({ key }) => key), ...[...request.success, ...request.failure].map(subjectText)])].join(", ");
    case "compact":
      return `revision ${request.atRevision}`;
    case "lease-grant":
    case "lease-keep-alive":
    case "lease-revoke":
    case "lease-time-to-live":
      return `lease ${request.lease}`;
    case "lock-acquire":
    case "lock-release":
    case "guarded-write":
      return `lock ${request.lock}`;
  }
}

function modeText({ serializable }: ReadMode): string {
  return serializable ? "serializable " : "";
}

function atText({ atRevision }: ReadMode): string {
  return atRevision === undefined ? "" : ` at revision ${atRevision}`;
}

function compareText({ key, target, is, to }: Compare): string {
  return `${key} has ${target} ${is} ${to}`;
}
