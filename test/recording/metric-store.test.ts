import { expect } from "chai";
import fc from "fast-check";

import { buildMetricStore, parseSeriesKey } from "../../src/recording/metric-store.ts";
import type { MetricsSample } from "../../src/recording/samples.ts";

const member = "etcd-1";
const full = (atMs: number, values: Record<string, number>): MetricsSample => ({ atMs, member, full: true, values });
const changed = (atMs: number, values: Record<string, number>): MetricsSample => ({ atMs, member, full: false, values });
const failed = (atMs: number): MetricsSample => ({ atMs, member, error: "connection refused" });
const points = (samples: MetricsSample[], name = "a") => buildMetricStore(samples).series(name)[0]?.points.map(({ atMs, value }) => [atMs, value]);

describe("the metric store", () => {
  it("has a point where a value changed, and none where it did not", () => {
    expect(points([full(0, { a: 1 }), changed(1, {}), changed(2, { a: 2 }), full(3, { a: 2 })])).to.deep.equal([[0, 1], [2, 2]]);
  });

  it("says that a series is gone when a full sample lacks it, and that it is back when one has it", () => {
    expect(points([full(0, { a: 1, b: 1 }), full(1, { b: 1 }), full(2, { b: 1 }), full(3, { a: 1, b: 1 })])).to.deep.equal([[0, 1], [1, undefined], [3, 1]]);
  });

  it("tells the value again after a failed scrape, though it is the same", () => {
    expect(points([full(0, { a: 1 }), failed(1), full(2, { a: 1 })])).to.deep.equal([[0, 1], [2, 1]]);
  });

  it("keeps failed scrapes apart from successful ones", () => {
    const store = buildMetricStore([full(0, { a: 1 }), failed(1)]);
    expect(store.scrapes(member)).to.deep.equal([{ atMs: 0, ok: true }, { atMs: 1, ok: false }]);
    expect(store.scrapes("etcd-2")).to.deep.equal([]);
  });

  it("finds series by name and by member", () => {
    const store = buildMetricStore([full(0, { 'a{x="1"}': 1, 'a{x="2"}': 2, ab: 3 }), { atMs: 0, member: "etcd-2", full: true, values: { 'a{x="1"}': 4 } }]);
    expect(store.names).to.deep.equal(["a", "ab"]);
    expect(store.series("a")).to.have.length(3);
    expect(store.series("a", "etcd-2").map(({ labels }) => labels)).to.deep.equal([{ x: "1" }]);
    expect(store.series("b")).to.deep.equal([]);
  });

  it("reads labels with quotes, backslashes, line ends, commas and braces in their values", () => {
    expect(parseSeriesKey("up")).to.deep.equal({ name: "up", labels: {} });
    expect(parseSeriesKey(String.raw`m{a="x\"y",b="c:\\d\n",c="{,}=",d=""}`)).to.deep.equal({ name: "m", labels: { a: 'x"y', b: "c:\\d\n", c: "{,}=", d: "" } });
  });

  it("reads back any labels that were written as the format says", () => {
    const labels = fc.dictionary(fc.stringMatching(/^[a-z]\w{0,5}$/), fc.string(), { maxKeys: 4, noNullPrototype: true });
    const escape = (value: string) => value.replace(/[\\"]/g, (character) => `\\${character}`).replace(/\n/g, String.raw`\n`);
    fc.assert(
      fc.property(labels, (given) => {
        const text = Object.entries(given).map(([name, value]) => `${name}="${escape(value)}"`);
        expect(parseSeriesKey(`m{${text.join(",")}}`)).to.deep.equal({ name: "m", labels: given });
      }),
    );
  });
});
