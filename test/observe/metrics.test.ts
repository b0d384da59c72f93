import { expect } from "chai";
import fc from "fast-check";

import type { Http } from "../../src/observe/http.ts";
import { metricsTask } from "../../src/observe/metrics.ts";
import type { MetricsSample } from "../../src/recording/samples.ts";
import { ManualClock } from "./manual-clock.ts";

/** Scrapes once per text; a text that is an Error is a request that fails. */
async function scrapes(...answers: readonly (string | Error)[]): Promise<MetricsSample[]> {
  const clock = new ManualClock();
  const samples: MetricsSample[] = [];
  const left = [...answers];
  const http: Http = async () => {
    const answer = left.shift() ?? new Error("asked too often");
    if (answer instanceof Error) throw answer;
    return { status: 200, body: answer };
  };
  const task = metricsTask({ member: "etcd-1", http, clock, record: (sample) => void samples.push(sample) });
  for (const _ of answers) {
    await task();
    await clock.advance(250);
  }
  return samples;
}

const start = "process_start_time_seconds 1.5e+09\n";

describe("the metrics observer", () => {
  it("records everything of etcd at first, then what changed", async () => {
    const samples = await scrapes(
      `${start}etcd_a 1\netcd_b{x="y"} 2\ngo_threads 7\n`,
      `${start}etcd_a 1\netcd_b{x="y"} 3\ngo_threads 8\n`,
      `${start}etcd_a 1\netcd_b{x="y"} 3\n`,
    );
    expect(samples).to.deep.equal([
      { atMs: 0, member: "etcd-1", full: true, values: { process_start_time_seconds: 1.5e9, etcd_a: 1, 'etcd_b{x="y"}': 2 } },
      { atMs: 250, member: "etcd-1", full: false, values: { 'etcd_b{x="y"}': 3 } },
      { atMs: 500, member: "etcd-1", full: false, values: {} },
    ]);
  });

  it("records a failure with its reason, and everything after it", async () => {
    const samples = await scrapes(`${start}etcd_a 1\n`, new Error("connect ECONNREFUSED"), `${start}etcd_a 1\n`);
    expect(samples.slice(1)).to.deep.equal([
      { atMs: 250, member: "etcd-1", error: "connect ECONNREFUSED" },
      { atMs: 500, member: "etcd-1", full: true, values: { process_start_time_seconds: 1.5e9, etcd_a: 1 } },
    ]);
  });

  it("records everything when the member is a new process", async () => {
    const [, second] = await scrapes(`${start}etcd_a 1\n`, "process_start_time_seconds 1.6e+09\netcd_a 1\n");
    expect(second).to.include({ full: true });
  });

  it("records everything now and then, so that one damaged line cannot spoil a whole run", async () => {
    const samples = await scrapes(...Array.from({ length: 250 }, () => `${start}etcd_a 1\n`));
    const fullMs = samples.filter((sample) => "full" in sample && sample.full).map(({ atMs }) => atMs);
    expect(fullMs).to.deep.equal([0, 30_000, 60_000]);
  });

  for (const [what, answer] of [
    ["a page that is not metrics", "<html>\n"],
    ["an empty page", ""],
    ["a page without etcd's metrics", "go_threads 7\n"],
    ["a page with too many series", Array.from({ length: 10_001 }, (_, i) => `etcd_a{i="${i}"} 1\n`).join("")],
  ] as const) {
    it(`records a failure for ${what}`, async () => {
      const [sample] = await scrapes(answer);
      expect(sample).to.have.property("error").that.is.a("string");
    });
  }

  it("records a failure for an answer that is not 200", async () => {
    const samples: MetricsSample[] = [];
    const http: Http = async () => ({ status: 503, body: "etcd_a 1\n" });
    await metricsTask({ member: "etcd-1", http, clock: new ManualClock(), record: (sample) => void samples.push(sample) })();
    expect(samples).to.deep.equal([{ atMs: 0, member: "etcd-1", error: "/metrics answered with status 503" }]);
  });

  it("lets a reader rebuild every scrape from the samples, with what is not finite absent", async () => {
    const scrape = fc.dictionary(fc.constantFrom("etcd_a", "etcd_b", "etcd_c"), fc.constantFrom(0, 1, 2, NaN, Infinity));
    await fc.assert(
      fc.asyncProperty(fc.array(scrape), async (wanted) => {
        const text = (values: Record<string, number>): string =>
          start + Object.entries(values).map(([key, value]) => `${key} ${value === Infinity ? "+Inf" : value}\n`).join("");
        const samples = await scrapes(...wanted.map(text));
        let rebuilt: Record<string, number> = {};
        for (const [index, sample] of samples.entries()) {
          if (!("values" in sample)) throw new Error(sample.error);
          rebuilt = sample.full ? sample.values : { ...rebuilt, ...sample.values };
          const finite = Object.entries(wanted[index] ?? {}).filter(([, value]) => Number.isFinite(value));
          expect(rebuilt).to.deep.equal({ ...Object.fromEntries(finite), process_start_time_seconds: 1.5e9 });
        }
      }),
      { numRuns: 50 },
    );
  });
});
