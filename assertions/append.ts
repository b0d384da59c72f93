import { z } from "zod";

import { checkAppend } from "../src/check/append.ts";
import { isList } from "../src/recording/list-value.ts";
import type { Operation } from "../src/recording/operation.ts";
import { defineAssertion } from "./assertion.ts";
import { acknowledged, atLeast, judgeHistory, wereReadAtEnd } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("acknowledged appends") });

/** The workload's lists begin with an a, whatever workloads are beside it. */
const firstList = "a";

/** Independent of revisions, unlike `strict-serializable`: two witnesses of one promise. */
export const append = defineAssertion({
  kind: "append",
  summary: "Whether transactions that append to lists and read them are strictly serializable, by cycles among their dependencies; for the workload append.",
  options,
  title: () => "lists that transactions append to",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(
      recording,
      "no cycle of dependencies, and no element lost",
      "transaction",
      (operations) => {
        const appends = acknowledged(operations, appended);
        if (appends < fewest) return `only ${counted(appends, "append")} were acknowledged, of ${fewest} wanted`;
        return wereReadAtEnd(operations, firstList) ? undefined : "the lists could be read through no member when the load had ended, so that lost appends may hide";
      },
      checkAppend,
    ),
});

function appended(operation: Operation): boolean {
  return operation.op === "txn" && operation.succeeded === true && operation.success.some((part) => part.op === "put" && isList(part.value));
}
