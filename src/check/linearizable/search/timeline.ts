import { happenedBy, type Call } from "../call.ts";
import type { Automaton } from "./automaton.ts";

/** A history as the search goes through it: the calls by index, and their beginnings and ends in the order of time. */
export interface Timeline {
  readonly kinds: Int32Array;
  /** Place of a call's return among the events; Infinity when it may never have happened. */
  readonly returnedAt: Float64Array;
  /** `call × 2` for an invocation, `call × 2 + 1` for the return. */
  readonly events: Int32Array;
  /** A call holds a slot from its invocation to its return, so that few bits tell which of the open ones have happened. */
  readonly slots: Int32Array;
  readonly slotCount: number;
}

/** What may not have happened has no return and no slot. */
export function timelineOf<Input, Output>(calls: readonly Call<Input, Output>[], automaton: Pick<Automaton<never, Input, Output>, "kindOf">): Timeline {
  const events = eventsOf(calls);
  const returnedAt = new Float64Array(calls.length).fill(Infinity);
  const slots = new Int32Array(calls.length).fill(-1);
  const free: number[] = [];
  let slotCount = 0;
  let place = -1;
  for (const event of events) {
    place += 1;
    const call = event >> 1;
    const slot = slots[call] ?? -1;
    if (event & 1) {
      returnedAt[call] = place;
      free.push(slot);
    } else if (happenedBy(calls[call] ?? never) < Infinity) slots[call] = free.pop() ?? slotCount++;
  }
  return { kinds: Int32Array.from(calls, (call) => automaton.kindOf(call)), returnedAt, events, slots, slotCount };
}

const never: Call<unknown, unknown> = { process: 0, invoke: Infinity, return: Infinity, input: undefined, output: undefined, outcome: "info" };

/** In the order of time; of those at one time beginnings come first, since such calls are concurrent. */
function eventsOf(calls: readonly Call<unknown, unknown>[]): Int32Array {
  const invoked = new Float64Array(calls.length);
  const returned = new Float64Array(calls.length);
  let index = 0;
  for (const call of calls) {
    invoked[index] = call.invoke;
    returned[index++] = happenedBy(call);
  }
  const begins = inOrder(invoked);
  const ends = inOrder(returned).filter((call) => (returned[call] ?? 0) < Infinity);
  const events = new Int32Array(begins.length + ends.length);
  for (let place = 0, begin = 0, end = 0; place < events.length; place++) {
    const next = begins[begin];
    const last = ends[end];
    const begun = next !== undefined && (last === undefined || (invoked[next] ?? 0) <= (returned[last] ?? 0));
    events[place] = begun ? 2 * next : 2 * (last ?? 0) + 1;
    if (begun) begin += 1;
    else end += 1;
  }
  return events;
}

/** The indices of some times in the order of these. */
function inOrder(times: Float64Array): Uint32Array {
  const order = new Uint32Array(times.length);
  let isInOrder = true;
  for (let index = 0; index < times.length; index++) {
    order[index] = index;
    if (index > 0 && (times[index] ?? 0) < (times[index - 1] ?? 0)) isInOrder = false;
  }
  // Most histories are in order already.
  return isInOrder ? order : order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
}
