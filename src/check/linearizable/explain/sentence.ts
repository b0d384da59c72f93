import type { Call } from "../call.ts";
import { initially } from "../unique/clusters.ts";
import type { Conflict } from "../unique/unique-writes.ts";

const statesMax = 4;

/** What each kind of conflict breaks, in few words. */
export const rules = {
  unwritten: "value that nobody wrote",
  early: "read before its write",
  "swapped-twice": "two swaps of one value",
  ring: "swaps in a ring",
  backwards: "stale value",
  crossing: "stale value",
  stuck: "no legal order",
} as const satisfies Readonly<Record<Conflict["kind"] | "stuck", string>>;

/** Says a call with who made it: `the read of 7 by process 3 (line 12)`. */
export type Namer = (call: number) => string;

/** Names calls by a model's words for them. */
export function namer<Input, Output>(calls: readonly Call<Input, Output>[], describe: (input: Input, output: Output | undefined) => string): Namer {
  return (index) => {
    const call = calls[index];
    if (call === undefined) return "the start";
    return `the ${describe(call.input, call.output)} by process ${call.process}${call.line === undefined ? "" : ` (line ${call.line})`}`;
  };
}

/** What cannot be, in one sentence without a full stop. */
export function sentenceOf(conflict: Conflict, name: Namer): string {
  switch (conflict.kind) {
    case "unwritten":
      return `${name(conflict.reader)} found a value that nobody had written`;
    case "early":
      return `${name(conflict.reader)} had returned before ${name(conflict.writer)} began`;
    case "swapped-twice":
      return `${name(conflict.swaps[0])} and ${name(conflict.swaps[1])} replaced the same value, which was ${conflict.writer === initially ? "there only at the start" : "written only once"}`;
    case "ring":
      return `${conflict.swaps.map(name).join(", ")}: each found what another of them left, so none can have been the first`;
    case "backwards":
      return `${name(conflict.earlier)} began after ${name(conflict.later)} had returned, but swaps had led from the one value to the other`;
    case "crossing":
      return crossing(conflict, name);
  }
}

function crossing({ one, other }: Extract<Conflict, { kind: "crossing" }>, name: Namer): string {
  const returned = `${name(one.late)} began after ${name(other.early)} had returned`;
  if (one.early === initially) return `${returned}, so the value of the start had been replaced`;
  const before = other.late === other.early ? "which" : name(other.late);
  return `${returned}${before === "which" ? ", " : ", and "}${before} began after ${name(one.early)} had returned: of the two values each would have to be the older`;
}

/** For a call that a search found no place for. */
export function stuckSentence(name: string, states: readonly string[]): string {
  return `${name} fits nowhere: ${states.length === 0 ? "no state was left for it" : `until it returned it could only be that ${eitherOf(states)}`}`;
}

/** `the value is 3, or the value is 4`; of many the first ones. */
export function eitherOf(states: readonly string[]): string {
  const shown = states.slice(0, statesMax);
  return `${shown.join(", or ")}${states.length > shown.length ? `, or ${states.length - shown.length} more` : ""}`;
}
