import type { Stream } from "./streams.ts";
import { broken, watchText, type Violations } from "./violations.ts";

/** A watch may be ended by a compaction only where it has yet to be told something of what was compacted. */
export function checkCancellation({ created, canceled, upTo }: Stream, violations: Violations): void {
  const compacted = canceled?.compactRevision;
  if (canceled === undefined || compacted === undefined || compacted > upTo + 1) return;
  const told = upTo < created.fromRevision ? `asked for revision ${created.fromRevision} and later` : `been told everything up to revision ${upTo}`;
  violations.add("compacted", () => broken(`${watchText({ created })} was ended as revisions before ${compacted} had been compacted, and had ${told}`, created, canceled));
}
