import { bisectRight } from "d3-array";
import { elementsOf } from "../../recording/list-value.ts";
import { Edges, Graph, kinds } from "./graph.ts";
import type { ListHistory } from "./history.ts";
import type { List } from "./lists.ts";
import type { Transaction } from "./transaction.ts";

/** One list's elements in their order: who appended each, and the number of its reason among the edges'. */
interface Order {
  readonly writers: Int32Array;
  readonly firstReason: number;
}

/**
 * Which transactions come before which, as Adya and Elle have it: of a list's elements the earlier one first (ww), an
 * append before who reads it (wr), who reads a list before who appends the next element (rw). Processes do one after
 * the other, and what had ended comes before what began later. Node i is transaction i; node n + i stands for
 * "all that begin from i on", so that real time takes three edges a transaction, and not one for each pair.
 */
export function dependenciesOf({ lists, happened }: ListHistory): Graph {
  const edges = new Edges();
  const indices = new Map(happened.map((transaction, index) => [transaction, index]));
  const orders = new Map<string, Order>();
  for (const list of lists.values()) orders.set(list.key, orderOf(list, indices, edges));
  for (const [index, { reads }] of happened.entries()) {
    for (const { key, list } of reads) addRead(index, lists.get(key)?.versions.get(list)?.length ?? 0, orders.get(key), edges);
  }
  addProcesses(happened, edges);
  addRealTime(happened, edges);
  return new Graph(2 * happened.length, edges);
}

function orderOf({ key, longest, appends }: List, indices: ReadonlyMap<Transaction, number>, edges: Edges): Order {
  const elements = longest === undefined ? [] : elementsOf(longest.list);
  const firstReason = edges.reasons.length;
  const writers = new Int32Array(elements.length);
  for (const [place, element] of elements.entries()) {
    const by = appends.get(element)?.by;
    writers[place] = (by && indices.get(by)) ?? -1;
    edges.reasons.push({ key, element });
    if (place > 0) addBetween(writers[place - 1], writers[place], kinds.ww, firstReason + place, edges);
  }
  return { writers, firstReason };
}

function addRead(reader: number, length: number, order: Order | undefined, edges: Edges): void {
  if (order === undefined) return;
  const { writers, firstReason } = order;
  if (length > 0) addBetween(writers[length - 1], reader, kinds.wr, firstReason + length - 1, edges);
  if (length < writers.length) addBetween(reader, writers[length], kinds.rw, firstReason + length, edges);
}

function addBetween(from: number | undefined, to: number | undefined, kind: number, reason: number, edges: Edges): void {
  if (from !== undefined && to !== undefined && from >= 0 && to >= 0) edges.add(from, to, kind, reason);
}

function addProcesses(happened: readonly Transaction[], edges: Edges): void {
  const last = new Map<number, number>();
  for (const [index, { operation, old }] of happened.entries()) {
    if (old) continue;
    const before = last.get(operation.process);
    if (before !== undefined) edges.add(before, index, kinds.process);
    last.set(operation.process, index);
  }
}

function addRealTime(happened: readonly Transaction[], edges: Edges): void {
  const count = happened.length;
  const beganNs = Float64Array.from(happened, ({ operation }) => operation.invokeNs);
  for (const [index, { operation, old }] of happened.entries()) {
    if (index + 1 < count) edges.add(count + index, count + index + 1, kinds.realtime);
    if (old) continue;
    edges.add(count + index, index, kinds.realtime);
    const next = bisectRight(beganNs, operation.returnNs);
    if (operation.outcome === "ok" && next < count) edges.add(index, count + next, kinds.realtime);
  }
}
