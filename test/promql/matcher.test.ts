import { expect } from "chai";
import { withLabel } from "../../src/promql/matcher.ts";
import { queryTrouble } from "../../src/promql/syntax.ts";

describe("a query narrowed to a label", () => {
  const cases: readonly (readonly [query: string, narrowed: string])[] = [
    ["up", 'up{run="7"}'],
    ["x{}", 'x{run="7"}'],
    ['x{a="}"}', 'x{run="7",a="}"}'],
    ['{__name__="x"}', '{run="7",__name__="x"}'],
    ["sum by (le) (rate(x_bucket[2s])) / on () sum(y)", 'sum by (le) (rate(x_bucket{run="7"}[2s])) / on () sum(y{run="7"})'],
    ["x offset 5s", 'x{run="7"} offset 5s'],
    ["vector(1) > 0", "vector(1) > 0"],
  ];
  for (const [query, narrowed] of cases) {
    it(`makes ${narrowed} of ${query}`, () => {
      expect(withLabel(query, "run", "7")).to.equal(narrowed);
      expect(queryTrouble(narrowed)).to.equal(undefined);
    });
  }

  it("quotes what stands in the value", () => expect(withLabel("x", "run", 'a"b\\c')).to.equal('x{run="a\\"b\\\\c"}'));
});
