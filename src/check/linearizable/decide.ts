import { happenedBy, type Call } from "./call.ts";
import { type CellAccess, type Value } from "./cell.ts";
import type { Model } from "./model.ts";
import { Automaton, type Transitions } from "./search/automaton.ts";
import type { Limits, Stop } from "./search/budget.ts";
import { Search, type SearchResult } from "./search/search.ts";
import { timelineOf, type Timeline } from "./search/timeline.ts";
import type { Accesses } from "./unique/clusters.ts";
import { checkUniqueWrites, type Conflict } from "./unique/unique-writes.ts";

/** Whether the calls of one part have a legal order, and what shows that they have none. Calls are meant by index. */
export type Decision =
  | { readonly kind: "legal" }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  /** The first call that cannot have happened by its return; what the state could be, in words. */
  | { readonly kind: "stuck"; readonly call: number; readonly states: readonly string[] }
  | { readonly kind: "undecided"; readonly why: Exclude<Stop, "beam">; readonly calls: number };

/** Enough for nearly every history that is legal, and soon through. */
const beam = 32;
/** The share of the time that is left which may go to the search for a proof that it cannot be. */
const refutationShare = 0.3;

/**
 * Decides the calls of one part, all of them relevant: registers with unique writes directly, all else by a search
 * with a narrow beam, which finds most orders soon, one in which what may have happened can happen
 * again and again, which finds most impossibilities soon, and at last the complete search.
 */
export function decide<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, limits: Limits): Decision {
  const accesses = accessesOf(calls, model);
  if (accesses !== undefined) {
    const verdict = checkUniqueWrites(accesses, initialValue);
    if (verdict.kind === "legal") return verdict;
    if (verdict.kind === "illegal") return { kind: "conflict", conflict: verdict.conflict };
  }
  const automaton = new Automaton(model);
  return searchAll(timelineOf(calls, automaton), automaton, limits);
}

/** Registers hold nothing at first. */
const initialValue: Value = null;

/** The calls as accesses to one register, where all of them are. */
export function accessesOf<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>): Accesses | undefined {
  const access: CellAccess[] = [];
  for (const { input, output } of calls) {
    const each = model.asCell?.(input, output);
    if (each === undefined) return undefined;
    access.push(each);
  }
  return { access, invoked: Float64Array.from(calls, ({ invoke }) => invoke), returned: Float64Array.from(calls, happenedBy) };
}

function searchAll(timeline: Timeline, automaton: Transitions, limits: Limits): Decision {
  const run = (beam: number, endlessUnknowns: boolean, untilMs: number): SearchResult => new Search(timeline, automaton, { ...limits, untilMs, beam, endlessUnknowns }).run();
  const quick = run(beam, false, limits.untilMs);
  if (quick.kind === "legal") return quick;
  if (quick.kind === "illegal") return stuck(quick, automaton);
  if (timeline.slots.includes(-1)) {
    const nowMs = limits.nowMs();
    const refuted = run(Infinity, true, nowMs + (limits.untilMs - nowMs) * refutationShare);
    if (refuted.kind === "illegal") return stuck(refuted, automaton);
  }
  const complete = run(Infinity, false, limits.untilMs);
  if (complete.kind === "legal") return complete;
  if (complete.kind === "illegal") return stuck(complete, automaton);
  return { kind: "undecided", why: complete.why === "memory" ? "memory" : "time", calls: complete.events };
}

function stuck({ call, states }: Extract<SearchResult, { kind: "illegal" }>, automaton: Transitions): Decision {
  return { kind: "stuck", call, states: states.map((state) => automaton.describe(state)) };
}
