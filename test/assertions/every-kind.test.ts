import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";

import { expressions } from "../../assertions/expression/language.ts";
import { assertionKinds } from "../../assertions/index.ts";
import { withTimeline } from "../../src/analysis/steady-windows.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

/** Options of each kind, as many different ones as it has ways to judge. A kind without any here fails the test below. */
const examples: Readonly<Record<string, readonly object[]>> = {
  "leader-changes": [{ "at-most": 0 }, { "at-most": 5 }, { "new-leader-within": "5s" }],
  metric: ["increase", "rate", "delta", "min", "max", "avg", "last", "quantile"].flatMap((measure) => [{ name: "etcd_x", measure, "at-most": 5 }, { name: "etcd_x", measure, "at-least": 0, of: "any" }, { name: "etcd_x", measure, below: 5, of: "leader" }]),
  fsync: [{ below: "1s" }],
  log: [{ match: "a", none: true }, { match: "a", "at-least": 1 }, { match: "a", first: { within: "1s" } }, { match: "a", then: { match: "b", within: "1s" } }, { match: "a", value: { field: "took", below: "1s" } }],
  health: ["always", "eventually", "at-end"].flatMap((when) => [{ state: "healthy", when }, { state: "unhealthy", when, of: "any" }]),
  slo: [
    { availability: 0.5 }, { availability: 0.5, window: "per-phase" }, { availability: 0.5, window: { sliding: "1s" } }, { availability: 0.5, "burn-rate": { long: "2s", short: "1s", "at-most": 5 } }, { answered: { within: "1s", share: 0.5 } },
    { "fresh-reads": { within: "1s", share: 0.5 } }, { "watch-delay": { within: "1s", share: 0.5 } }, { latency: { below: "1s" } }, { "longest-unavailability": "5s" }, { "recovery-within": "5s" }, { "after-effect": { detected: "5s" } }, { "after-healing": { "new-leader": "5s" } },
  ],
  "strict-serializable": [{ "at-least": 1 }],
  serializable: [{ "at-least": 1 }],
  "no-lost-writes": [{ "at-least": 1 }],
  watch: [{ "at-least": 1 }],
  lease: [{ "at-least": 1 }],
  lock: [{ "at-least": 1 }],
  append: [{ "at-least": 1 }],
  queue: [{ "at-least": 1 }],
  counter: [{ "at-least": 1 }],
  "monotonic-revision": [{}],
  "hash-kv": [{}],
  convergence: [{}, { during: "second" }],
  spans: [{ none: true }, { "at-least": 1 }, { below: "1s" }],
  "otel-logs": [{ none: true }, { "at-least": 1 }],
  promql: ["always", "eventually", "at-end"].map((when) => ({ query: "up", equals: 1, when })),
};

const texts = ["leader-changes == 0", "p99(put) < 1s", "not p99(put) > 1s", "not count(log /a/) > 0", "not not availability(any) < 50%", "not healthy", "always rate(put) >= 0.5", "never value(etcd_x) > 5", "not (p99(put) > 1s or unavailability(put) > 5s)", "unavailability(put) <= 5s", "availability(put) > 10%"];

const emptyRuns: Readonly<Record<string, () => RecordingBuilder>> = {
  "never came to its timeline": () => recording(),
  "has phases and nothing else": () => recording().phase("first", 0, 5_000).phase("second", 5_000, 10_000),
  "was cut short before anything was seen": () => recording().phase("first", 0, 5_000).interrupted(5_000),
};

describe("every kind of assertion", () => {
  it("has examples here", () => {
    expect(Object.keys(examples).sort()).to.deep.equal(assertionKinds.map(({ kind }) => kind).sort());
  });

  for (const [title, run] of Object.entries(emptyRuns)) {
    it(`is inconclusive, with a reason, of a recording that ${title}`, () => {
      for (const { kind, bind } of assertionKinds) {
        for (const options of examples[kind] ?? []) {
          const { outcome, reason = "" } = bind(options).judge(run().build());
          expect([kind, options, outcome]).to.deep.equal([kind, options, "inconclusive"]);
          expect(reason, kind).to.not.equal("");
        }
      }
      for (const text of texts) {
        const read = expressions.read(text);
        if (!("assertion" in read)) throw new Error(`${text}: ${read.problem.message}`);
        expect([text, read.assertion.judge(run().build()).outcome]).to.deep.equal([text, "inconclusive"]);
      }
    });
  }

  it("that is about a part of the run is judged over another part in place of it", () => {
    for (const { kind, bind } of assertionKinds) {
      const assertion = bind(examples[kind]?.[0] ?? {});
      if (assertion.isWindowed !== true) continue;
      const narrowed = withTimeline(recording().phase("first", 0, 5_000).build(), { name: "a part", startMs: 1_000, endMs: 2_000, complete: true });
      expect(assertion.judge(narrowed).outcome, kind).to.equal("inconclusive");
    }
  });

  it("that takes a part of the run says so", () => {
    for (const { kind, options, bind } of assertionKinds) {
      const taken = ["during", "after", "within"].every((key) => options.safeParse({ ...examples[kind]?.[0], [key]: key === "during" ? "first" : "1s" }).success);
      expect([kind, bind(examples[kind]?.[0] ?? {}).isWindowed]).to.deep.equal([kind, taken]);
    }
  });

  it("is tested to pass, to fail and to be inconclusive", async () => {
    const folder = new URL(".", import.meta.url);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".test.ts") && name !== "every-kind.test.ts");
    const sources = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
    for (const { kind } of assertionKinds) {
      const variable = kind.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const about = sources.filter((source) => source.includes(`judged("${kind}"`) || source.includes(`assertions/${kind}.ts"`) || source.includes(`${variable} }`)).join("\n");
      for (const outcome of ["pass", "fail", "inconclusive"]) expect(about.includes(`"${outcome}"`), `${kind}: ${outcome}`).to.equal(true);
    }
  });
});
