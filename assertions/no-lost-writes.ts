import { z } from "zod";

import { checkNoLostWrites } from "../src/check/no-lost-writes.ts";
import { changedStore } from "../src/check/revisions/changes.ts";
import type { Operation } from "../src/recording/operation.ts";
import { defineAssertion } from "./assertion.ts";
import { acknowledged, atLeast, judgeHistory, wereReadAtEnd } from "./history.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("acknowledged writes") });

/** Reads at the end of the load are needed, since a write that nobody reads cannot be missed. */
export const noLostWrites = defineAssertion({
  kind: "no-lost-writes",
  summary: "Whether every acknowledged write is there, or was legally overwritten, for all who asked later; all keys are read at the end.",
  options,
  title: () => "no acknowledged write is lost",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) =>
    judgeHistory(recording, "every acknowledged write is known to whoever asks later", "acknowledged write", (operations) => tooFew(operations, fewest), checkNoLostWrites),
});

function tooFew(operations: readonly Operation[], fewest: number): string | undefined {
  const writes = acknowledged(operations, changedStore);
  if (writes < fewest) return `only ${counted(writes, "write")} were acknowledged, of ${fewest} wanted`;
  return wereReadAtEnd(operations) ? undefined : "the keys could be read through no member when the load had ended, so that lost writes may hide";
}
