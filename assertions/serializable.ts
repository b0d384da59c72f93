import { z } from "zod";

import { mayBeOld } from "../src/check/revisions/changes.ts";
import { checkSerializable } from "../src/check/serializable.ts";
import type { Recording } from "../src/recording/recording.ts";
import { defineAssertion } from "./assertion.ts";
import { acknowledged, atLeast, judgeHistory } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("answered serializable reads") });

/** Members answer these alone, also while they are cut off. */
export const serializable = defineAssertion({
  kind: "serializable",
  summary: "Whether serializable reads found states that there were, and no client went back in time on one member.",
  options,
  title: () => "serializable reads",
  phases: () => [],
  judge: (recording, { "at-least": fewest }, shared) =>
    judgeHistory(
      recording,
      "each finds a state that there was, and none an older one than before on the same member",
      "serializable read",
      (operations) => {
        const reads = acknowledged(operations, mayBeOld);
        return reads < fewest ? `only ${counted(reads, "serializable read")} were answered, of ${fewest} wanted` : undefined;
      },
      (operations) => checkSerializable(operations, beganAnewIn(recording), shared.serialOrder(operations)),
    ),
});

/** A member that began anew reads its log again, and may know less for a moment than it did. */
function beganAnewIn({ events }: Recording): (member: string, fromNs: number, toNs: number) => boolean {
  const starts = events.filter((event) => event.type === "member" && (event.state === "started" || event.state === "replaced"));
  return (member, fromNs, toNs) => starts.some((event) => "member" in event && event.member === member && event.atMs * 1e6 >= fromNs && event.atMs * 1e6 <= toNs);
}
