import { expect } from "chai";
import fc from "fast-check";
import { Edges, Graph } from "../../../src/check/append/graph.ts";
import { topologicalOrder } from "../../../src/check/append/topological-order.ts";

const nodes = 12;
const pairs = fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 30 });

function graph(of: readonly (readonly [number, number])[]): Graph {
  const edges = new Edges();
  for (const [from, to] of of) edges.add(from, to, 1);
  return new Graph(nodes, edges);
}

describe("a topological order", () => {
  it("agrees with every edge, and takes of those that may come next the one of the lowest rank", () => {
    fc.assert(
      fc.property(pairs, fc.array(fc.nat(100), { minLength: nodes, maxLength: nodes }), (of, ranks) => {
        const forward = of.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const).filter(([a, b]) => a !== b);
        const rank = (node: number): number => 100 * (ranks[node] ?? 0) + node;
        const places = topologicalOrder(graph(forward), 1, rank);
        const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
        const placed = new Set<number>();
        for (const node of order) {
          const ready = order.filter((each) => !placed.has(each) && forward.every(([from, to]) => to !== each || placed.has(from)));
          expect(node).to.equal([...ready].sort((a, b) => rank(a) - rank(b))[0]);
          placed.add(node);
        }
      }),
    );
  });

  it("has no place for what is on a cycle or behind one", () => {
    const places = topologicalOrder(graph([[0, 1], [1, 2], [2, 1], [2, 3]]), 1, (node) => node);
    expect([...places].map((place) => place === Infinity)).to.deep.equal(Array.from({ length: nodes }, (_, node) => node >= 1 && node <= 3));
  });

  it("looks at no edges of other kinds", () => {
    expect(topologicalOrder(graph([[1, 0]]), 2, (node) => node)[0]).to.equal(0);
  });
});
