import type { Finding } from "../finding.ts";
import type { Call } from "./call.ts";
import { decide } from "./decide.ts";
import { explain } from "./explain/explain.ts";
import type { Model } from "./model.ts";
import { relevantCalls } from "./relevant.ts";
import type { ShownCall } from "./shown-call.ts";

export interface Budget {
  readonly timeMs: number;
  /** For the search; the calls themselves come on top. */
  readonly memoryBytes: number;
  /** A clock in milliseconds, for the time that is taken. */
  readonly nowMs: () => number;
}

/** A part that could not be decided. */
interface OpenPart {
  readonly because: string;
  readonly checked: number;
}

/**
 * Whether the calls can be put in one order that the model allows and in which each call comes between its
 * invocation and its return. Parts of the model that do not touch each other are checked one by one, and the
 * first that has no such order is told. No calls at all are unknown, as is running out of the budget.
 */
export function checkLinearizable<State, Input, Output>(all: readonly Call<Input, Output>[], model: Model<State, Input, Output>, budget: Budget): Finding<ShownCall> {
  const calls = relevantCalls(all, model);
  const limits = { untilMs: budget.nowMs() + budget.timeMs, bytesMax: budget.memoryBytes, nowMs: budget.nowMs };
  const open: OpenPart[] = [];
  let checked = 0;
  for (const [part, inPart] of partsOf(calls, model)) {
    const decision = decide(inPart, model, limits);
    const where = model.partOf === undefined ? "" : `, on key ${part}`;
    if (decision.kind === "legal") checked += inPart.length;
    else if (decision.kind === "undecided") open.push({ because: `${reached(decision.why, budget)}${where}`, checked: decision.checked });
    else {
      const violated = explain(inPart, model, decision, limits);
      if (violated !== undefined) return { ...violated, sentence: `${violated.sentence}${where}` };
      open.push({ because: `two methods disagree${where}`, checked: 0 });
    }
  }
  const [first, ...rest] = open;
  for (const part of open) checked += part.checked;
  if (first !== undefined) return { kind: "unknown", because: `${first.because}${rest.length === 0 ? "" : `, and on ${rest.length} more`}`, checked, of: calls.length };
  if (calls.length === 0) return { kind: "unknown", because: "there is no operation that says anything", checked, of: 0 };
  return { kind: "ok", checked };
}

function reached(why: "time" | "memory", { timeMs, memoryBytes }: Budget): string {
  return why === "time" ? `the time limit of ${timeMs / 1000} s was reached` : `the memory limit of ${Math.round(memoryBytes / 1e6)} MB was reached`;
}

function partsOf<State, Input, Output>(calls: readonly Call<Input, Output>[], { partOf }: Model<State, Input, Output>): ReadonlyMap<string, readonly Call<Input, Output>[]> {
  if (partOf === undefined) return new Map([["", calls]]);
  const parts = new Map<string, Call<Input, Output>[]>();
  for (const call of calls) {
    const part = partOf(call.input);
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [call]);
    else known.push(call);
  }
  return parts;
}
