import { expect } from "chai";
import { queryTrouble } from "../../src/promql/syntax.ts";

describe("the syntax of PromQL", () => {
  for (const query of [
    "up",
    "rate(etcd_server_proposals_applied_total[2s])",
    "histogram_quantile(0.99, sum by (le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[2s])))",
    "max_over_time((sum(rate(x[1s])))[10s:1s]) offset 5s",
    "rate((x[2s] offset 1s))",
    "sum(x) without (member) > bool 5 and on (le) y",
    '{__name__="x",a!~"b|c"} @ end()',
    "absent_over_time(x[2s]) or vector(0)",
    "# what it is\ntime() - x",
    "1 > bool 2",
  ]) {
    it(`takes ${query.replace("\n", " ⏎ ")}`, () => expect(queryTrouble(query)).to.equal(undefined));
  }

  const wrong: readonly (readonly [query: string, at: string, message: RegExp])[] = [
    ["", "", /is empty/],
    ["   ", "   ", /is empty/],
    ["rate(x[2s]", "", /ends where more must follow/],
    ["sum(x) + ", " ", /ends where more must follow/],
    ["nofunc(x)", "nofunc", /no function "nofunc"/],
    ["x{a=b}", "b", /can go on with "b"/],
    ["sum(x) by le", "le", /can go on with "le"/],
    ["x y", "y", /can go on with "y"/],
    ["rate(x)", "rate(x)", /rate needs values over a range/],
    ["1 + sum(max_over_time(x))", "max_over_time(x)", /max_over_time needs values over a range/],
    ["x[2s]", "x[2s]", /many values at each moment/],
    ["(rate(x[2s])[10s:1s])", "rate(x[2s])[10s:1s]", /many values at each moment/],
    ['"a text"', '"a text"', /a text is no value/],
  ];
  for (const [query, at, message] of wrong) {
    it(`refuses ${JSON.stringify(query)}, and says where`, () => {
      const trouble = queryTrouble(query);
      expect(trouble?.message).to.match(message);
      expect(query.slice(trouble?.start, trouble?.end)).to.equal(at);
    });
  }
});
