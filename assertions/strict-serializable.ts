import { z } from "zod";

import { withoutLeased } from "../src/check/revisions/leased.ts";
import type { Operation } from "../src/recording/operation.ts";
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
  judge: (recording, { "at-least": fewest }, shared) =>
    judgeHistory(
      recording,
      "one order of revisions explains all answers",
      "operation",
      (operations) => {
        const count = acknowledgedOf(operations);
        return count < fewest ? `only ${counted(count, "operation")} were acknowledged, of ${fewest} wanted` : undefined;
      },
      (operations) => shared.strictSerializable(operations, wholeWatches(recording), { compactsAlone: compactsAlone(recording) }),
    ),
});

/** Workloads of leases and locks beside it say nothing here. */
function acknowledgedOf(operations: readonly Operation[]): number {
  const judged = withoutLeased(operations);
  return "kind" in judged ? acknowledged(operations) : acknowledged(judged, ({ op }) => !op.startsWith("lease-"));
}

/** What watchers were told, where there were any; nothing where a line is missing, which would pass for a write that did not happen. */
function wholeWatches({ defects, watches }: Recording): readonly WatchResponse[] {
  return defects.some((defect) => defect.startsWith("watches.jsonl")) ? [] : watches;
}

/** Whether only the load compacts: no fault does, and no member by itself. */
function compactsAlone({ events, info }: Recording): boolean {
  return !events.some((event) => event.type === "fault" && event.kind === "compact") && !Object.keys(info.flags).some((flag) => flag.includes("auto-compaction"));
}
