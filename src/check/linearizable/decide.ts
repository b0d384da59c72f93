import { accessesOf } from "./accesses.ts";
import type { Call } from "./call.ts";
import type { Value } from "./cell.ts";
import type { Model } from "./model.ts";
import { Automaton, type Transitions } from "./search/automaton.ts";
import type { Limits, Stop } from "./search/budget.ts";
import { Search, type SearchResult } from "./search/search.ts";
import { timelineOf, type Timeline } from "./search/timeline.ts";
import { checkUniqueWrites, type Conflict } from "./unique/unique-writes.ts";

/** Whether the calls of one part have a legal order, and what shows that they have none. Calls are meant by index. */
export type Decision =
  | { readonly kind: "legal" }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  /** The first call that cannot have happened by its return; what the state could be, in words. */
  | { readonly kind: "stuck"; readonly call: number; readonly states: readonly string[] }
  /** `checked` calls had a place when it stopped. */
  | { readonly kind: "undecided"; readonly why: Exclude<Stop, "beam">; readonly checked: number };

/** Enough for most histories that are legal, and soon through; those that need more get ever more. */
const narrowestBeam = 32;
const widening = 8;
/** The share of the time that is left which may go to the search for a proof that there is no order. */
const refutationShare = 0.3;
/** So few are searched completely at once. */
const fewCalls = 64;

/**
 * Decides the calls of one part, all of them relevant: registers with unique writes directly, all else by a search
 * with a narrow beam, which finds most orders soon, one in which what may have happened can happen
 * again and again, which finds most impossibilities soon, and then with beams that grow until nothing is given up.
 */
export function decide<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, limits: Limits): Decision {
  const accesses = accessesOf(calls, model);
  if (accesses !== undefined) {
    const verdict = checkUniqueWrites(accesses, initialValue);
    if (verdict.kind === "legal") return verdict;
    if (verdict.kind === "illegal") return { kind: "conflict", conflict: verdict.conflict };
  }
  return decideBySearch(calls, model, limits);
}

/** The same by the search alone. @param automaton that of the model; one for many searches spares each of them to ask the model anew */
export function decideBySearch<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, limits: Limits, automaton = new Automaton(model)): Decision {
  return searchAll(timelineOf(calls, automaton), automaton, () => accessesOf(calls, model) !== undefined, limits);
}

/** Registers hold nothing at first. */
const initialValue: Value = null;

/** `hasFewStates`: an operation that can happen again and again does not lead to ever new states, as an append would. */
function searchAll(timeline: Timeline, automaton: Transitions, hasFewStates: () => boolean, limits: Limits): Decision {
  const run = (beam: number, how: { readonly thrifty: boolean; readonly endlessUnknowns?: boolean; readonly untilMs?: number }): SearchResult =>
    new Search(timeline, automaton, { endlessUnknowns: false, ...limits, ...how, beam }).run();
  let beam = timeline.kinds.length <= fewCalls ? Infinity : narrowestBeam;
  let result = run(beam, { thrifty: true });
  if (result.kind === "stopped" && timeline.slots.includes(-1) && hasFewStates()) {
    const nowMs = limits.nowMs();
    const refuted = run(Infinity, { thrifty: false, endlessUnknowns: true, untilMs: nowMs + (limits.untilMs - nowMs) * refutationShare });
    if (refuted.kind === "illegal") return stuck(refuted, automaton);
  }
  let events = 0;
  for (let thrifty = false; result.kind === "stopped"; thrifty = !thrifty) {
    events = Math.max(events, result.events);
    if (result.why !== "beam") return undecided(timeline, result.why, events);
    if (thrifty) beam *= widening;
    result = run(beam, { thrifty });
  }
  return result.kind === "legal" ? result : stuck(result, automaton);
}

function undecided({ events }: Timeline, why: Exclude<Stop, "beam">, passed: number): Decision {
  return { kind: "undecided", why, checked: events.subarray(0, passed).filter((event) => (event & 1) === 1).length };
}

function stuck({ call, states }: Extract<SearchResult, { kind: "illegal" }>, automaton: Transitions): Decision {
  return { kind: "stuck", call, states: states.map((state) => automaton.describe(state)) };
}
