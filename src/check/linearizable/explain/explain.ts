import type { Violated } from "../../finding.ts";
import { accessesOf } from "../accesses.ts";
import { happenedBy, type Call } from "../call.ts";
import { decideBySearch, type Decision } from "../decide.ts";
import type { Model } from "../model.ts";
import { Automaton } from "../search/automaton.ts";
import type { Limits } from "../search/budget.ts";
import type { ShownCall } from "../shown-call.ts";
import { involvedIn } from "./involved.ts";
import { minimise } from "./minimise.ts";
import { eitherOf, namer, rules, sentenceOf, stuckSentence } from "./sentence.ts";
import { Sources } from "./sources.ts";

type Refusal = Extract<Decision, { kind: "conflict" | "stuck" }>;

/** How long may be spent on leaving calls out. */
const shrinkingMaxMs = 500;
/** A search among a few calls; what takes longer counts as not shown. */
const trialMaxMs = 100;
/** Fewer calls can show an earlier one that fits nowhere, which needs fewer still. */
const roundsMax = 4;
/** The first part to try: what happened last before the call that fits nowhere. */
const firstWindow = 48;

/**
 * Tells why calls that were found to have no legal order have none, by as few of them as can be found.
 * The few are searched once more by themselves, which also confirms what the direct check had found.
 * @returns undefined when they turn out to be legal: a defect of a check, and no proof of anything
 */
export function explain<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, refusal: Refusal, limits: Limits): Violated<ShownCall> | undefined {
  const automaton = new Automaton(model);
  const trial = (chosen: readonly number[]): Decision => {
    const nowMs = limits.nowMs();
    return decideBySearch(chosen.flatMap((index) => calls[index] ?? []), model, { ...limits, untilMs: nowMs + trialMaxMs }, automaton);
  };
  const few = fewest(calls, model, refusal, trial, limits);
  const chosen = few ?? callsUntil(calls, refusal);
  const name = namer(calls, (input, output) => model.describe(input, output));
  const found = few === undefined ? refusal : trial(few);
  if (found.kind === "legal") return undefined;
  const illegal = (found.kind !== "stuck" ? chosen.at(-1) : few === undefined ? found.call : few[found.call]) ?? 0;
  const states = found.kind === "stuck" ? found.states : [];
  const operations = chosen.flatMap((index) => show(calls[index], model));
  return {
    kind: "violated",
    rule: refusal.kind === "conflict" ? rules[refusal.conflict.kind] : rules.stuck,
    sentence: refusal.kind === "conflict" ? sentenceOf(refusal.conflict, name) : stuckSentence(name(illegal), states),
    operations,
    illegal: operations[chosen.indexOf(illegal)] ?? nothing,
    ...(states.length === 0 ? {} : { expected: eitherOf(states) }),
  };
}

const nothing: ShownCall = { process: 0, invoke: 0, return: null, what: "nothing" };

/** As few calls as are found to be illegal by themselves; undefined where leaving out cannot be trusted. */
function fewest<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, refusal: Refusal, trial: (chosen: readonly number[]) => Decision, limits: Limits): readonly number[] | undefined {
  const accesses = accessesOf(calls, model);
  if (accesses === undefined) return undefined;
  if (refusal.kind === "conflict") return involvedIn(refusal.conflict, accesses);
  const sources = new Sources(accesses);
  const untilMs = limits.nowMs() + shrinkingMaxMs;
  const isTimeUp = (): boolean => limits.nowMs() > untilMs;
  const completed = (selection: readonly number[]): readonly number[] => [...sources.closure(selection)].sort((a, b) => a - b);
  const holds = (selection: readonly number[]): boolean => trial(selection).kind === "stuck";
  let few = minimise(lastBefore(callsUntil(calls, refusal), completed, holds, isTimeUp), completed, holds, isTimeUp);
  for (let rounds = 0; rounds < roundsMax; rounds++) {
    const without = completed(withoutLater(calls, few, trial(few)));
    if (without.length >= few.length || !holds(without)) break;
    few = minimise(without, completed, holds, isTimeUp);
  }
  return few;
}

/** What began after the first call that fits nowhere had returned has no part in it. */
function withoutLater(calls: readonly Call<unknown, unknown>[], chosen: readonly number[], found: Decision): readonly number[] {
  const stuck = found.kind === "stuck" ? calls[chosen[found.call] ?? 0] : undefined;
  return stuck === undefined ? chosen : chosen.filter((index) => (calls[index]?.invoke ?? 0) <= happenedBy(stuck));
}

/** What happened last of all, as much as is needed. */
function lastBefore(all: readonly number[], completed: (selection: readonly number[]) => readonly number[], holds: (selection: readonly number[]) => boolean, isTimeUp: () => boolean): readonly number[] {
  for (let size = firstWindow; size < all.length && !isTimeUp(); size *= 4) {
    const kept = completed(all.slice(-size));
    if (holds(kept)) return kept;
  }
  return all;
}

/** All that began before the call returned that fits nowhere. */
function callsUntil(calls: readonly Call<unknown, unknown>[], refusal: Refusal): readonly number[] {
  const stuck = refusal.kind === "stuck" ? calls[refusal.call] : undefined;
  const end = stuck === undefined ? Infinity : happenedBy(stuck);
  return [...calls.keys()].filter((index) => (calls[index]?.invoke ?? 0) <= end).sort((a, b) => (calls[a]?.invoke ?? 0) - (calls[b]?.invoke ?? 0));
}

function show<State, Input, Output>(call: Call<Input, Output> | undefined, model: Model<State, Input, Output>): ShownCall[] {
  if (call === undefined) return [];
  const { process, invoke, line, input, output } = call;
  const returned = happenedBy(call);
  return [{ process, invoke, return: returned === Infinity ? null : returned, what: model.describe(input, output), ...(line === undefined ? {} : { line }) }];
}
