import { componentsOf, type Components } from "./components.ts";
import { kinds, type Graph } from "./graph.ts";
import { Paths, type Scope, type Step } from "./paths.ts";
import { topologicalOrder } from "./topological-order.ts";

/** A cycle, and the anomaly that it is. */
export interface Cycle {
  readonly name: string;
  readonly steps: readonly Step[];
}

const { ww, wr, rw, process, realtime } = kinds;

/** So many cycles are compared, in the hope of a shorter one. */
const comparedMax = 100;
/** Beyond so many edges a cycle is taken that was found without looking for simpler ones. */
const effortMax = 50_000_000;

/**
 * The worst anomaly of a graph, as a short cycle: first those for which no time is needed, then those with processes,
 * then those with real time; among these G0, of appends alone, before G1c, with reads of what was
 * appended, before G-single, with one read of what was not yet, before G2, with several such.
 *
 * @param transactions how many of the nodes are transactions; the others are moments between them
 */
export function worstCycle(graph: Graph, transactions: number): Cycle | undefined {
  if (componentsOf(graph, ww | wr | rw | process | realtime).onCycles.length === 0) return undefined;
  const paths = new Paths(graph, (node) => node >= transactions);
  for (const time of [0, process, process | realtime]) {
    for (const mask of [ww | time, ww | wr | time]) {
      const steps = anyCycle(graph, mask, componentsOf(graph, mask), paths, transactions);
      if (steps !== undefined) return named(graph, steps);
    }
    const mask = ww | wr | rw | time;
    const components = componentsOf(graph, mask);
    const steps = components.onCycles.length === 0 ? undefined : (singleCycle(graph, mask, components, paths, transactions) ?? anyCycle(graph, mask, components, paths, transactions));
    if (steps !== undefined) return named(graph, steps);
  }
  return undefined;
}

function anyCycle(graph: Graph, mask: number, { of, onCycles }: Components, paths: Paths, transactions: number): Step[] | undefined {
  const starts = onCycles.filter((node) => node < transactions).sort((a, b) => a - b).slice(0, comparedMax);
  const best = new Shortest(graph);
  for (const start of starts) {
    if (best.isEnough || (best.steps !== undefined && paths.effort > effortMax)) break;
    best.compare(paths.shortest(start, start, { mask, allows: (node) => of[node] === of[start] }));
  }
  return best.steps;
}

/** A cycle with a single rw edge: a path without such edges from its end to its beginning. */
function singleCycle(graph: Graph, mask: number, { of, onCycles }: Components, paths: Paths, transactions: number): Step[] | undefined {
  const withoutRw = mask & ~rw;
  // Without rw there are no cycles any more, so there is an order; in a cycle the rw edge goes back in it.
  const places = topologicalOrder(graph, withoutRw, (node) => (node < transactions ? 2 * node + 1 : 2 * (node - transactions)));
  const placeOf = (node: number): number => places[node] ?? 0;
  const best = new Shortest(graph);
  for (const from of onCycles) {
    for (let edge = graph.begin(from); edge < graph.begin(from + 1); edge += 1) {
      const to = graph.target(edge);
      if (graph.kind(edge) !== rw || of[to] !== of[from] || placeOf(to) > placeOf(from)) continue;
      const scope: Scope = { mask: withoutRw, allows: (node) => placeOf(node) < placeOf(from) };
      const path = paths.shortest(to, from, scope);
      best.compare(path && [{ from, to, edge }, ...path]);
      if (best.isEnough || paths.effort > effortMax) return best.steps;
    }
  }
  return best.steps;
}

/** The shortest of some cycles. */
class Shortest {
  readonly #graph: Graph;
  steps: Step[] | undefined;
  #length = Infinity;
  #compared = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** No shorter one can be, or enough were compared. */
  get isEnough(): boolean {
    return this.#length <= 2 || this.#compared >= comparedMax;
  }

  compare(steps: Step[] | undefined): void {
    if (steps === undefined) return;
    this.#compared += 1;
    const length = new Set(steps.map(({ from }) => from).filter((node) => node < this.#graph.nodeCount / 2)).size;
    if (length >= this.#length) return;
    this.#length = length;
    this.steps = steps;
  }
}

function named(graph: Graph, steps: readonly Step[]): Cycle {
  const has = (kind: number): number => steps.filter(({ edge }) => graph.kind(edge) === kind).length;
  const anomaly = has(rw) > 1 ? "G2" : has(rw) === 1 ? "G-single" : has(wr) > 0 ? "G1c" : "G0";
  return { name: `${anomaly}${has(realtime) > 0 ? "-realtime" : has(process) > 0 ? "-process" : ""}`, steps };
}
