import { z } from "zod";

import { checkLeases, expiredLeases } from "../src/check/lease.ts";
import type { Operation } from "../src/recording/operation.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { atLeast, judgeHistory } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({
  "gone-within": durationOption("How long after its granted time a lease has to be gone. A new leader lets all leases begin anew, and without one none ends.").prefault("15s"),
  "at-least": atLeast("leases that were seen to expire", 10),
});

/** Over the whole history, since what a lease lives for began somewhere in it. */
export const lease = defineAssertion({
  kind: "lease",
  summary: "Whether leases live as long as they were granted on the clients' clock, and end then, with the keys attached to them.",
  options,
  title: () => "leases live as long as granted, and end then",
  phases: () => [],
  judge: (recording, { "gone-within": goneWithinMs, "at-least": fewest }) => {
    let known: number | undefined;
    const expiredIn = (operations: readonly Operation[]): number => (known ??= expiredLeases(operations));
    return judgeHistory(
      recording,
      `none ends before its time, and all within ${formatDuration(goneWithinMs)} after it`,
      "operation about leases",
      (operations) => {
        const expired = expiredIn(operations);
        return expired < fewest ? `only ${counted(expired, "lease")} were seen to expire, of ${fewest} wanted` : undefined;
      },
      (operations) => checkLeases(operations, { slackNs: goneWithinMs * 1e6 }),
      (operations) => `${counted(expiredIn(operations), "lease")} expired in time`,
    );
  },
});
