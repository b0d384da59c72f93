import { z } from "zod";

import { checkCounter } from "../src/check/counter.ts";
import { additionsIn } from "../src/check/counters/history.ts";
import { counterRange } from "../src/recording/counter-key.ts";
import { defineAssertion } from "./assertion.ts";
import { atLeast, judgeHistory, wereReadAtEnd } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("acknowledged increments") });

/** The reads at the end have to know of every increment. */
export const counter = defineAssertion({
  kind: "counter",
  summary: "Whether counters count every acknowledged increment and no other, by bounds that revisions give; for the workload counter.",
  options,
  title: () => "counters count every increment once",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(
      recording,
      "between what was acknowledged and what may have been done, and never back",
      "operation on counters",
      (operations) => {
        const additions = additionsIn(operations);
        if (additions < fewest) return `only ${counted(additions, "increment")} were acknowledged, of ${fewest} wanted`;
        return wereReadAtEnd(operations, counterRange.key) ? undefined : "the counters could be read through no member when the load had ended, so that lost increments may hide";
      },
      checkCounter,
      (operations) => `${counted(additionsIn(operations), "increment")} counted`,
    ),
});
