import { expect } from "chai";
import { metricNames } from "../../src/promql/names.ts";

describe("the names of metrics in a query", () => {
  it("are those of all selectors, once each", () => expect(metricNames("sum by (le) (rate(x_bucket[2s])) / on () y + x_bucket{a='y'}")).to.deep.equal(["x_bucket", "y"]));
  it("are none where nothing is selected", () => expect(metricNames("vector(1) + time()")).to.deep.equal([]));
  it("cannot be told where one selects by a label alone", () => expect(metricNames('x + {__name__=~"a|b"}')).to.equal(undefined));
});
