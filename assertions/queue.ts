import { z } from "zod";

import { checkQueue, handedOut } from "../src/check/queue.ts";
import { queueRange } from "../src/recording/queue-key.ts";
import { defineAssertion } from "./assertion.ts";
import { atLeast, judgeHistory, wereReadAtEnd } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("items that were taken out") });

/** The reads at the end tell what is left in the queue, so that no lost item can hide there. */
export const queue = defineAssertion({
  kind: "queue",
  summary: "Whether a queue loses no item, hands none out twice and the first in first, by revisions; for the workload queue.",
  options,
  title: () => "the queue is in order, and loses nothing",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(
      recording,
      "first in, first out, each item once, and none lost",
      "operation on the queue",
      (operations) => {
        const items = handedOut(operations);
        if (items < fewest) return `only ${counted(items, "item")} were taken out, of ${fewest} wanted`;
        return wereReadAtEnd(operations, queueRange.key) ? undefined : "the queue could be read through no member when the load had ended, so that lost items may hide";
      },
      checkQueue,
      (operations) => `${counted(handedOut(operations), "item")} taken out in order`,
    ),
});
