import { z } from "zod";

import { checkLocks } from "../src/check/lock.ts";
import { fairnessOf } from "../src/check/locks/fairness.ts";
import type { Operation } from "../src/recording/operation.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { atLeast, judgeHistory } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("times that a lock went from one client to another", 10) });

/** Fairness is told and not judged: etcd promises none beyond the order of its queue. */
export const lock = defineAssertion({
  kind: "lock",
  summary: "Whether no two clients hold a lock at once, tokens increase, and no old holder writes after a new one was given the lock.",
  options,
  title: () => "locks exclude, and fence",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(
      recording,
      "one holder at a time, and no write of an old one after the next was given the lock",
      "operation about locks",
      (operations) => {
        const { handovers } = fairnessOf(operations);
        return handovers < fewest ? `only ${counted(handovers, "time")} a lock went from one client to another, of ${fewest} wanted` : undefined;
      },
      checkLocks,
      fairnessText,
    ),
});

function fairnessText(operations: readonly Operation[]): string {
  const { acquisitions, clients, fewest, most, longestWaitNs, gaveUp } = fairnessOf(operations);
  return `${counted(acquisitions, "acquisition")} by ${counted(clients, "client")}, ${fewest} to ${most} each, the longest wait ${formatDuration(longestWaitNs / 1e6)}, ${gaveUp} gave up`;
}
