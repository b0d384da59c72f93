import { z } from "zod";

import { checkStrictSerializable } from "../src/check/strict-serializable.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { WatchResponse } from "../src/recording/watch.ts";
import { defineAssertion } from "./assertion.ts";
import { acknowledged, atLeast, judgeHistory } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("acknowledged operations") });

/** Always over the whole history: a part of it begins with a state that nobody has written down. */
export const strictSerializable = defineAssertion({
  kind: "strict-serializable",
  summary: "Whether all that clients saw fits one order of operations, by etcd's revisions, that agrees with real time.",
  options,
  title: () => "strict serializability of the history",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(
      recording,
      "one order of revisions explains all answers",
      "operation",
      (operations) => (acknowledged(operations).length < fewest ? `only ${counted(acknowledged(operations).length, "operation")} were acknowledged, of ${fewest} wanted` : undefined),
      (operations) => checkStrictSerializable(operations, wholeWatches(recording)),
    ),
});

/** What watchers were told, where there were any; nothing where a line is missing, which would pass for a write that did not happen. */
function wholeWatches({ defects, watches }: Recording): readonly WatchResponse[] {
  return defects.some((defect) => defect.startsWith("watches.jsonl")) ? [] : watches;
}
