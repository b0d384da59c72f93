import { expect } from "chai";
import fc from "fast-check";
import { assertionKinds } from "../../../assertions/index.ts";
import { readExpression } from "../../../assertions/expression/expression.ts";
import type { Verdict } from "../../../assertions/verdict.ts";
import type { RecordingBuilder } from "../../recordings/builder.ts";
import { assertionOf, judgedInGeneral, judgedText, leafOf } from "./expressions.ts";
import { counter, gauge, having, healthy, histogram, led, phases, scraped } from "./runs.ts";

function compiled(text: string): readonly [kind: string, options: object] | undefined {
  const { compiled: found } = leafOf(text);
  return found && [found.kind.kind, found.options];
}

function judgedLong(kind: string, options: object, run: RecordingBuilder): Verdict | undefined {
  return assertionKinds.find((each) => each.kind === kind)?.bind(options).judge(run.build());
}

describe("the short form of an assertion", () => {
  const same: Readonly<Record<string, readonly [kind: string, options: object]>> = {
    [`increase(${counter}) >= 1 within 2s of isolated`]: ["metric", { name: counter, labels: {}, measure: "increase", "at-least": 1, during: "isolated", within: "2000ms", of: "each" }],
    [`sum(rate(${counter})) < 2 * 3 during baseline..isolated after 1s`]: ["metric", { name: counter, labels: {}, measure: "rate", below: 6, during: ["baseline", "isolated"], after: "1000ms", of: "all" }],
    [`value(${gauge}) == 0 at end`]: ["metric", { name: gauge, labels: {}, measure: "last", equals: 0, during: "run", of: "each" }],
    [`p99.9(a_seconds{To="b"}) <= 200ms on faulted`]: ["metric", { name: "a_seconds", labels: { To: "b" }, measure: "quantile", quantile: 0.999, "at-most": 0.2, during: "run", of: "faulted" }],
    [`p99(${histogram}) < 100ms during baseline on etcd-1`]: ["fsync", { quantile: 0.99, below: "100ms", during: "baseline", of: "etcd-1" }],
    "p95(put) < 1s during baseline": ["slo", { op: "put", latency: { quantile: 0.95, below: "1000ms" }, during: "baseline" }],
    "99% <= availability(any) after 2s": ["slo", { op: "any", availability: 0.99, during: "run", after: "2000ms" }],
    "unavailability(put) <= 5s during isolated": ["slo", { op: "put", "longest-unavailability": "5000ms", during: "isolated" }],
    "p95(txn) < 1s": ["slo", { op: "txn", latency: { quantile: 0.95, below: "1000ms" }, during: "run" }],
    "leader-changes == 0 during baseline": ["leader-changes", { "at-most": 0, during: "baseline" }],
    "leader-changes > 0 during isolated": ["leader-changes", { "at-least": 1, during: "isolated" }],
    "count(log /elected leader/) >= 1 during isolated on unfaulted": ["log", { match: "elected leader", "at-least": 1, during: "isolated", of: "unfaulted" }],
    'count(log("elected", took > 200ms, level != "info", took <= 5s)) >= 1 on any': ["log", { match: { msg: { contains: "elected" }, took: { above: "200ms", "at-most": "5000ms" }, level: { not: "info" } }, "at-least": 1, during: "run", of: "any" }],
    'count(log(/elected/, caller =~ "raft.*", term = 3)) == 0 during baseline': ["log", { match: { msg: "elected", caller: { matches: "raft.*" }, term: { equals: "3" } }, none: true, during: "baseline", of: "each" }],
    "first(log /elected leader/) <= 2s during isolated on any": ["log", { match: "elected leader", first: { within: "2000ms" }, during: "isolated", of: "any" }],
    'log /lost leader/ then log("elected") within 5s during isolated on all together': ["log", { match: "lost leader", then: { match: { msg: { contains: "elected" } }, within: "5000ms" }, during: "isolated", of: "all" }],
    "log /lost/ then log /elected/ within 5s on leader": ["log", { match: "lost", then: { match: "elected", within: "5000ms" }, of: "leader" }],
    "healthy during recovery after 1s on all": ["health", { state: "healthy", when: "always", of: "each", during: "recovery", after: "1000ms" }],
    "never healthy within 1s of isolated on faulted": ["health", { state: "unhealthy", when: "always", of: "faulted", during: "isolated", within: "1000ms" }],
    "eventually unhealthy(serializable) on leader": ["health", { state: "unhealthy", when: "eventually", serializable: true, of: "leader" }],
    "healthy at end of recovery": ["health", { state: "healthy", when: "at-end", of: "each", during: "recovery" }],
    [`increase(a_b_total{To!="x", le=~"1|2"}) >= 1`]: ["metric", { name: "a_b_total", labels: { To: { not: "x" }, le: { matches: "1|2" } }, measure: "increase", "at-least": 1, during: "run", of: "each" }],
    "count(log /panic/) == 0": ["log", { match: "panic", none: true, during: "run", of: "each" }],
  };
  for (const [text, [kind, options]] of Object.entries(same)) {
    it(`${text} is ${kind} in the long form`, () => {
      expect(compiled(text)).to.deep.equal([kind, options]);
      expect(assertionOf(`  ${text} `)).to.include({ kind, title: text });
    });
  }

  for (const text of [
    "leader-changes during isolated <= 2 * leader-changes during baseline",
    "p95(put) <= 1s",
    'max(log("slow").took) < 1s',
    "first(log /elected/) > 1s",
    'count(log(/elected/, took > 1s, took > 2s)) >= 1',
    'increase(a_b_total{To!="x", To!="y"}) >= 1',
    "p95(put) < 1s on etcd-1",
    "availability(any) > 99%",
    "count(put) >= 100",
    "p99(get) during recovery <= 2 * p99(get) during baseline",
    `value(${gauge}) == 0 at start`,
    `increase(${counter}) < 1 before isolated`,
    `increase(${counter}) != 1`,
    `increase(${counter}) < 1 on leader`,
    `2 * increase(${counter}) < 1`,
    `always value(${gauge}) < 1`,
  ]) {
    it(`${text} has no long form`, () => {
      expect(compiled(text)).to.equal(undefined);
      expect(assertionOf(text)).to.include({ kind: "expression", title: text });
    });
  }

  it("judges as the long form does, to the last word of the evidence", () => {
    const run = () => healthy(scraped(having((atMs) => atMs / 1_000)).log("etcd-1", 4_100, "lost leader").log("etcd-2", 5_000, "elected leader at term 3", { took: "300ms", level: "warn" }));
    for (const [text, [kind, options]] of Object.entries(same)) expect(judgedText(text, run()), text).to.deep.equal(judgedLong(kind, options, run()));
  });

  it("judges what only it can say of the leader, or of a field, as the long form does", () => {
    const pairs: readonly (readonly [text: string, kind: string, options: object])[] = [
      [`increase(${counter}) <= 3 on leader`, "metric", { name: counter, measure: "increase", "at-most": 3, of: "leader" }],
      [`value(${gauge}) > 9 on leader`, "metric", { name: gauge, measure: "last", above: 9, of: "leader" }],
      [`max(${gauge}) < 6 during baseline..isolated on leader`, "metric", { name: gauge, measure: "max", below: 6, during: ["baseline", "isolated"], of: "leader" }],
      ["count(log /elected/) >= 1 during isolated on leader", "log", { match: "elected", "at-least": 1, during: "isolated", of: "leader" }],
      ['max(log("elected").took) <= 300ms on any', "log", { match: { msg: { contains: "elected" } }, value: { field: "took", "at-most": "300ms" }, of: "any" }],
      ['p50(log("elected").took) < 300ms on etcd-2', "log", { match: "elected", value: { field: "took", measure: "quantile", quantile: 0.5, below: "300ms" }, of: "etcd-2" }],
      ['avg(log("elected").took) > 1 on any', "log", { match: "elected", value: { field: "took", measure: "avg", above: 1 }, of: "any" }],
    ];
    const runs = [
      (run: RecordingBuilder) => run,
      (run: RecordingBuilder) => led(run),
      (run: RecordingBuilder) => led(run).interrupted(10_000),
      (run: RecordingBuilder) => led(run).rawLog("etcd-2", 5_500, "{"),
    ];
    const tally = { pass: 0, fail: 0, inconclusive: 0 };
    for (const [text, kind, options] of pairs) {
      for (const more of runs) {
        const run = () => more(scraped(having((atMs) => atMs / 1_000)).log("etcd-1", 100, "ready").log("etcd-2", 5_000, "elected leader at term 3", { took: "300ms" }));
        const { outcome } = judgedText(text, run());
        tally[outcome] += 1;
        expect(outcome, text).to.equal(judgedLong(kind, options, run())?.outcome);
      }
    }
    expect(Math.min(...Object.values(tally)), JSON.stringify(tally)).to.be.above(3);
  });

  describe("judged without the long form", () => {
    /** A run of any kind: counters that rise and restart, scrapes that fail, members that stop, operations of any outcome, an end before its time. */
    const anyRun = fc.record({
      steps: fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.constantFrom("ok", "ok", "ok", "lost", "anew")), { minLength: 41, maxLength: 41 }),
      killedMs: fc.option(fc.nat(9_000), { nil: undefined }),
      operations: fc.array(fc.tuple(fc.nat(9_999), fc.constantFrom("put" as const, "get" as const), fc.constantFrom("ok" as const, "ok" as const, "fail" as const, "info" as const), fc.nat(1_500)), { maxLength: 40 }),
      lines: fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom("etcd-1", "etcd-2"), fc.constantFrom("elected leader", "other"), fc.constantFrom("10ms", "2s", "long")), { maxLength: 8 }),
      leaders: fc.array(fc.tuple(fc.nat(9_900), fc.constantFrom("etcd-1", "etcd-2")), { maxLength: 3 }),
      blindMs: fc.option(fc.nat(9_000), { nil: undefined }),
      missed: fc.nat(5),
      isCut: fc.boolean(),
    });

    function built({ steps, killedMs, operations, lines, leaders, blindMs, missed, isCut }: typeof anyRun extends fc.Arbitrary<infer Run> ? Run : never): RecordingBuilder {
      const run = phases();
      let [count, small, beyond, start] = [0, 0, 0, 1];
      for (const [index, [more, slow, how]] of steps.entries()) {
        if (how === "anew") [count, small, beyond, start] = [0, 0, 0, start + 1];
        [count, small, beyond] = [count + more, small + more, beyond + slow];
        const buckets = { [`${histogram}_bucket{le="0.1"}`]: small, [`${histogram}_bucket{le="+Inf"}`]: small + beyond };
        const values = { process_start_time_seconds: start, [counter]: count, [gauge]: more, ...buckets };
        run.metrics("etcd-1", index * 250, how === "lost" ? { failed: "refused" } : values);
        run.metrics("etcd-2", index * 250, { ...values, [gauge]: slow });
      }
      if (killedMs !== undefined) run.event({ type: "member", atMs: killedMs, member: "etcd-1", state: "killed" });
      for (const [atMs, op, outcome, tookMs] of operations) run.operation({ atMs, op, outcome, tookMs });
      for (const [atMs, member, msg, took] of lines) run.log(member, atMs, msg, { took });
      const led = [...leaders].sort(([a], [b]) => a - b);
      for (let atMs = 0; atMs < 10_000; atMs += 100) {
        const term = led.filter(([fromMs]) => fromMs <= atMs).length;
        if (blindMs === undefined || atMs < blindMs || atMs > blindMs + 1_500) for (const member of ["etcd-1", "etcd-2"]) run.status(member, atMs, { leader: led[term - 1]?.[1] ?? "etcd-1", term: term + 1 });
      }
      if (missed > 0) run.event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 5_000, count: missed }] });
      return isCut ? run.interrupted(10_000) : run;
    }

    const operator = fc.constantFrom("<", "<=", ">", ">=", "==");
    const where = fc.constantFrom("", "during baseline", "during isolated", "during baseline..isolated", "during recovery", "within 1s of isolated", "during isolated after 1500ms", "after 3s", "at end", "during upkeep", "during isolated..upkeep");
    const whom = fc.constantFrom("", "on each", "on all", "on any", "on etcd-1", "on etcd-2", "on etcd-7", "on faulted", "on unfaulted");
    const stretch = where.filter((each) => !each.startsWith("at"));
    const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...parts).map((each) => each.filter((part) => part !== "").join(" "));
    const small = fc.integer({ min: 0, max: 12 }).map(String);
    const text = fc.oneof(
      joined(fc.constantFrom("increase", "rate", "delta", "min", "max", "avg").map((measure) => `${measure}(${counter})`), operator, small, stretch, whom),
      joined(fc.constantFrom("increase", "rate", "delta", "avg", "value").map((measure) => `sum(${measure}(${gauge}))`), operator, small, stretch),
      joined(fc.constant(`value(${gauge})`), operator, small, where, whom),
      joined(fc.constantFrom("p50", "p99").map((measure) => `${measure}(${histogram})`), fc.constantFrom("<=", ">"), fc.constantFrom("10ms", "100ms", "90ms"), stretch, whom),
      joined(fc.constant("leader-changes"), operator, small, stretch),
      joined(fc.constantFrom("count(log /elected/)", 'count(log("elected"))', 'count(log(/elected|other/, took > 1s))', 'count(log("other", level != "warn"))'), fc.constantFrom(">= 1", "> 1", "== 0", "< 1"), stretch, whom),
      joined(fc.constantFrom("first(log /elected/)", 'first(log("other", took < 1s))'), fc.constantFrom("<= 100ms", "<= 2s", "<= 9s"), stretch, whom),
      joined(fc.constantFrom("p50(put) < 500ms", "p99(any) < 800ms", "p90(get) < 100ms", "availability(any) >= 70%", "availability(put) >= 50%", "unavailability(put) <= 900ms"), stretch),
    );

    it("comes to the same outcome on any recording", () => {
      const tally = { pass: 0, fail: 0, inconclusive: 0 };
      fc.assert(
        fc.property(text, anyRun, (written, sketch) => {
          let isSense = true;
          try {
            readExpression(written);
          } catch {
            isSense = false;
          }
          fc.pre(isSense);
          expect(compiled(written), written).to.not.equal(undefined);
          const long = judgedText(written, built(sketch)).outcome;
          tally[long] += 1;
          expect(judgedInGeneral(written, built(sketch)).outcome, written).to.equal(long);
        }),
        { numRuns: 600 },
      );
      expect(Math.min(...Object.values(tally)), JSON.stringify(tally)).to.be.above(40);
    }).timeout(120_000);
  });
});
