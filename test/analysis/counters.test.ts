import { expect } from "chai";
import fc from "fast-check";

import { increase, lastKnown, restarts, scrapeSpan, valueAt } from "../../src/analysis/counters.ts";
import type { MetricSeries } from "../../src/recording/metric-store.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

const member = "etcd-1";
const everything = { fromMs: -Infinity, toMs: Infinity };

function storeOf(fill: (builder: RecordingBuilder) => void) {
  const builder = recording();
  fill(builder);
  return builder.build().metrics;
}

function only(series: readonly MetricSeries[]): MetricSeries {
  const [first] = series;
  if (first === undefined) throw new Error("no series");
  return first;
}

describe("a counter", () => {
  it("grows by the difference of its values", () => {
    const store = storeOf((run) => run.metrics(member, 0, { a: 5 }).metrics(member, 250, { a: 7 }).metrics(member, 500, {}).metrics(member, 750, { a: 12 }));
    const series = only(store.series("a"));
    expect(increase(series, { fromMs: 0, toMs: 750 }, [])).to.equal(7);
    expect(increase(series, { fromMs: 250, toMs: 500 }, [])).to.equal(0);
    expect([valueAt(series, -1), valueAt(series, 500)]).to.deep.equal([undefined, 7]);
  });

  it("that was not there in a scrape began at 0", () => {
    const store = storeOf((run) => run.metrics(member, 0, { b: 1 }).metrics(member, 250, { a: 3, b: 1 }, { full: true }));
    expect(increase(only(store.series("a")), { fromMs: 0, toMs: 250 }, [])).to.equal(3);
  });

  it("counts from 0 where it fell", () => {
    const store = storeOf((run) => run.metrics(member, 0, { a: 10 }).metrics(member, 250, { a: 4 }).metrics(member, 500, { a: 6 }));
    expect(increase(only(store.series("a")), { fromMs: 0, toMs: 500 }, [])).to.equal(6);
  });

  it("counts from 0 in a new process, even where its value is the same or larger", () => {
    const process = (startedAt: number, a: number) => ({ process_start_time_seconds: startedAt, a });
    const store = storeOf((run) =>
      run
        .metrics(member, 0, process(1, 10))
        .metrics(member, 250, { failed: "connection refused" })
        .metrics(member, 500, process(2, 10))
        .metrics(member, 750, process(3, 25), { full: true }),
    );
    expect(restarts(store, member)).to.deep.equal([500, 750]);
    expect(increase(only(store.series("a")), { fromMs: 0, toMs: 750 }, restarts(store, member))).to.equal(35);
  });

  it("is not taken for restarted because scrapes failed", () => {
    const store = storeOf((run) => run.metrics(member, 0, { process_start_time_seconds: 1, a: 3 }).metrics(member, 250, { failed: "timed out" }).metrics(member, 500, { process_start_time_seconds: 1, a: 5 }));
    expect(restarts(store, member)).to.deep.equal([]);
    expect(increase(only(store.series("a")), { fromMs: 0, toMs: 500 }, [])).to.equal(2);
  });

  it("grows by all that was added, wherever it is reset", () => {
    const step = fc.record({ add: fc.integer({ min: 0, max: 9 }), restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, cut) => {
        const builder = recording().metrics(member, 0, { process_start_time_seconds: 0, a: 0 });
        let value = 0;
        steps.forEach(({ add, restart }, index) => {
          value = restart ? add : value + add;
          builder.metrics(member, index + 1, restart ? { process_start_time_seconds: index + 1, a: value } : { a: value });
        });
        const store = builder.build().metrics;
        const grown = (fromMs: number, toMs: number) => increase(only(store.series("a")), { fromMs, toMs }, restarts(store, member));
        const added = steps.reduce((sum, { add }) => sum + add, 0);
        expect(grown(0, steps.length)).to.equal(added);
        const middle = Math.min(cut, steps.length);
        expect(grown(0, middle) + grown(middle, steps.length)).to.equal(added);
        expect(increase(only(store.series("a")), everything, restarts(store, member))).to.equal(added);
      }),
    );
  });
});

describe("the scrapes of a window", () => {
  const ok = (atMs: number) => ({ atMs, ok: true });
  const failed = (atMs: number) => ({ atMs, ok: false });

  it("reach from the last one before it to the last one in it", () => {
    expect(scrapeSpan([ok(0), ok(250), ok(500), ok(750), ok(1_000)], { startMs: 300, endMs: 900 }, 1_000)).to.deep.equal({ fromMs: 250, toMs: 750, scrapes: 2 });
  });

  it("begin in it where the one before failed, or is too long ago", () => {
    expect(scrapeSpan([ok(0), failed(250), ok(500), ok(750)], { startMs: 300, endMs: 900 }, 1_000)).to.deep.equal({ fromMs: 500, toMs: 750, scrapes: 2 });
    expect(scrapeSpan([ok(0), ok(2_500), ok(2_750)], { startMs: 2_400, endMs: 2_900 }, 1_000)).to.deep.include({ fromMs: 2_500 });
  });

  it("are none where all in it failed", () => {
    expect(scrapeSpan([ok(0), failed(500), ok(1_000)], { startMs: 300, endMs: 900 }, 1_000)).to.equal(undefined);
    expect(scrapeSpan([], { startMs: 300, endMs: 900 }, 1_000)).to.equal(undefined);
  });

  it("tell the last known value only where they were successful", () => {
    const store = storeOf((run) => run.metrics(member, 0, { a: 5 }).metrics(member, 250, {}).metrics(member, 500, { failed: "refused" }).metrics(member, 750, { a: 5 }));
    const series = only(store.series("a"));
    expect([-1, 0, 300, 500, 700, 750].map((atMs) => lastKnown(store, series, atMs))).to.deep.equal([undefined, 5, 5, undefined, undefined, 5]);
  });
});
