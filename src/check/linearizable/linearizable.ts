import type { Call } from "./call.ts";
import { decide } from "./decide.ts";
import { explain } from "./explain/explain.ts";
import type { Model } from "./model.ts";
import { relevantCalls } from "./relevant.ts";
import type { LinearizableResult } from "./result.ts";

export interface Budget {
  readonly timeMs: number;
  /** For the search; the calls themselves come on top. */
  readonly memoryBytes: number;
  /** A clock in milliseconds, for the time that is taken. */
  readonly nowMs: () => number;
}

/**
 * Whether the calls can be put in one order that the model allows and in which each call comes between its
 * invocation and its return. Parts of the model that do not touch each other are checked one by one, and the
 * first that has no such order is told. No calls at all are inconclusive, as is running out of the budget.
 */
export function checkLinearizable<State, Input, Output>(all: readonly Call<Input, Output>[], model: Model<State, Input, Output>, budget: Budget): LinearizableResult {
  const calls = relevantCalls(all, model);
  const parts = partsOf(calls, model);
  const counted = { calls: calls.length, parts: parts.size };
  const limits = { untilMs: budget.nowMs() + budget.timeMs, bytesMax: budget.memoryBytes, nowMs: budget.nowMs };
  const open: string[] = [];
  for (const [part, inPart] of parts) {
    const decision = decide(inPart, model, limits);
    const where = model.partOf === undefined ? "" : ` of key ${part}`;
    if (decision.kind === "legal") continue;
    if (decision.kind === "undecided") {
      open.push(`${decision.why === "time" ? `the time limit of ${budget.timeMs / 1000} s` : `the memory limit of ${Math.round(budget.memoryBytes / 1e6)} MB`} was reached after ${decision.returns} of ${decision.returnsOfAll} returns${where}`);
      continue;
    }
    const counterexample = explain(inPart, model, decision, limits);
    if (counterexample !== undefined) return { outcome: "fail", ...counted, counterexample: { ...counterexample, ...(model.partOf === undefined ? {} : { part }) } };
    open.push(`two methods disagree about the calls${where}`);
  }
  const [reason] = open;
  if (reason !== undefined) return { outcome: "inconclusive", ...counted, reason: open.length === 1 ? reason : `${reason}, and ${open.length - 1} more keys are undecided` };
  if (calls.length === 0) return { outcome: "inconclusive", ...counted, reason: "there is no operation that says anything" };
  return { outcome: "pass", ...counted };
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
