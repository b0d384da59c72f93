import { expect } from "chai";
import fc from "fast-check";
import { makePlan, type Plan, type PlanOptions } from "../../src/plan/plan.ts";
import { planJson, planJsonSchema } from "../../src/plan/plan-json.ts";
import { renderPlan } from "../../src/plan/render.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { testCatalogue } from "../scenario/test-catalogue.ts";
import { nothingLacking } from "../support/able.ts";

const text = `
description: |
  The leader is cut off.
  The rest elect a new one.
cluster: { members: 5, etcd: 3.4, flags: { election-timeout: 1500, pre-vote: false } }
workload: { kv: { rate: 200 } }
timeline:
  - { phase: baseline, duration: 4s }
  - phase: storm
    duration: 1m30s
    faults:
      - kill: { target: etcd-2 }
        at: 2500ms
      - partition: { target: leader }
      - pause: { target: random }
        at: 1s
        for: 500ms
  - { phase: recovery, duration: 6s }
assertions:
  - leader-changes: { during: storm }
  - health: {}
    title: Everyone is well
`;
const able: PlanOptions["lacking"] = nothingLacking;

function planOf(scenarioText: string, options: Partial<PlanOptions> = {}): Plan {
  return makePlan(parseScenario(scenarioText, "storm.yaml", testCatalogue), { seed: 7, lacking: able, ...options });
}

describe("a plan", () => {
  it("puts phases one after the other from the timeline's start", () => {
    const { phases, durationMs, seed } = planOf(text);
    expect(phases).to.deep.equal([
      { name: "baseline", startMs: 0, endMs: 4_000 },
      { name: "storm", startMs: 4_000, endMs: 94_000 },
      { name: "recovery", startMs: 94_000, endMs: 100_000 },
    ]);
    expect({ durationMs, seed }).to.deep.equal({ durationMs: 100_000, seed: 7 });
  });

  it("says when each fault is injected and healed, in order of injection, numbered as in the file", () => {
    const faults = planOf(text).faults.map(({ id, phase, title, injectAtMs, healAtMs }) => ({ id, phase, title, injectAtMs, healAtMs }));
    expect(faults).to.deep.equal([
      { id: "storm/2-partition", phase: "storm", title: "partition leader, blocking", injectAtMs: 4_000, healAtMs: 94_000 },
      { id: "storm/3-pause", phase: "storm", title: "pause random", injectAtMs: 5_000, healAtMs: 5_500 },
      { id: "storm/1-kill", phase: "storm", title: "kill etcd-2", injectAtMs: 6_500, healAtMs: 94_000 },
    ]);
  });

  it("carries the faults themselves, for the run to inject", () => {
    expect(planOf(text).faults[0]?.fault).to.respondTo("inject");
  });

  it("names the faults that cannot be had, with the reason", () => {
    const { unavailable } = planOf(text, { lacking: { ...able, restart: "members of this runtime do not come back" } });
    expect(unavailable).to.deep.equal([{ fault: "storm/1-kill", because: "members of this runtime do not come back" }]);
  });

  const stormy = (...faults: string[]): string =>
    `description: d\ntimeline:\n  - { phase: calm, duration: 1s }\n  - phase: storm\n    duration: 10s\n    faults:\n${faults.map((fault) => `      - ${fault}\n`).join("")}  - { phase: after, duration: 5s }\nassertions: [ { health: {} } ]\n`;
  const times = (plan: Plan): unknown[] => plan.faults.map(({ id, injectAtMs, healAtMs }) => [id, injectAtMs, healAtMs]);

  it("has a fault come again for as long as a whole turn fits in", () => {
    expect(times(planOf(stormy("{ pause: { target: all }, at: 1s, every: 4s, for: 1s }")))).to.deep.equal([
      ["storm/1.1-pause", 2_000, 3_000],
      ["storm/1.2-pause", 6_000, 7_000],
      ["storm/1.3-pause", 10_000, 11_000],
    ]);
    expect(times(planOf(stormy("{ pause: { target: all }, at: 1s, every: 4s, for: 1500ms }")))).to.have.length(2);
  });

  it("lets a fault span phases up to the start of a later one, also one that comes again", () => {
    expect(times(planOf(stormy("{ pause: { target: all }, at: 6s, until: after }")))).to.deep.equal([["storm/1-pause", 7_000, 11_000]]);
    const early = stormy().replace("{ phase: calm, duration: 1s }", "{ phase: calm, duration: 1s, faults: [ { kill: { target: all }, every: 5s, for: 1s, until: after } ] }").replace("    faults:\n", "");
    expect(times(planOf(early))).to.deep.equal([["calm/1.1-kill", 0, 1_000], ["calm/1.2-kill", 5_000, 6_000], ["calm/1.3-kill", 10_000, 11_000]]);
  });

  it("draws one of several faults by the seed, anew for each turn, in proportion to their weights", () => {
    const text = stormy("{ one-of: [ { pause: { target: all } }, { kill: { target: all }, weight: 3 } ], every: 10ms, for: 5ms }");
    const kinds = (seed: number): string[] => planOf(text, { seed }).faults.map(({ fault }) => fault.kind);
    expect(kinds(1)).to.deep.equal(kinds(1));
    expect(kinds(1)).to.not.deep.equal(kinds(2));
    const drawn = kinds(3);
    expect(drawn).to.have.length(1_000);
    expect(drawn.filter((kind) => kind === "kill").length / drawn.length).to.be.closeTo(0.75, 0.06);
  });

  it("names a drawn fault in its id, and says that it cannot be had only where it is drawn", () => {
    const text = stormy("{ one-of: [ { pause: { target: all } }, { kill: { target: all } } ] }");
    const lacking = { ...able, kill: "members of this runtime do not die" };
    const plans = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => planOf(text, { seed, lacking }));
    expect(new Set(plans.flatMap(({ faults }) => faults.map(({ id }) => id)))).to.deep.equal(new Set(["storm/1-kill", "storm/1-pause"]));
    for (const { faults, unavailable } of plans) expect(unavailable.map(({ fault }) => fault)).to.deep.equal(faults.flatMap(({ id, fault }) => (fault.kind === "kill" ? [id] : [])));
  });

  it("keeps every fault within its phase, whatever the times", () => {
    const times = fc.integer({ min: 2, max: 90_000 }).chain((durationMs) =>
      fc.record({ durationMs: fc.constant(durationMs), atMs: fc.integer({ min: 0, max: durationMs - 1 }) }).chain(({ atMs }) =>
        fc.record({ durationMs: fc.constant(durationMs), atMs: fc.constant(atMs), forMs: fc.option(fc.integer({ min: 1, max: durationMs - atMs }), { nil: undefined }) }),
      ),
    );
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 6 }), (all) => {
        const phases = all.map(({ durationMs, atMs, forMs }, index) =>
          `  - { phase: p${index}, duration: ${durationMs}ms, faults: [ { pause: { target: all }, at: ${atMs}ms${forMs === undefined ? "" : `, for: ${forMs}ms`} } ] }`);
        const plan = planOf(`description: d\ntimeline:\n${phases.join("\n")}\nassertions: [ { health: {} } ]\n`);
        expect(plan.faults).to.have.length(all.length);
        expect(plan.durationMs).to.equal(all.reduce((sum, { durationMs }) => sum + durationMs, 0));
        for (const { phase, injectAtMs, healAtMs } of plan.faults) {
          const window = plan.phases.find(({ name }) => name === phase);
          expect(window).to.satisfy(({ startMs, endMs }: NonNullable<typeof window>) => startMs <= injectAtMs && injectAtMs < healAtMs && healAtMs <= endMs);
        }
      }),
    );
  });
});

describe("plan.json", () => {
  it("is plain data that fits its schema, and comes back from text unchanged", () => {
    const json = planJson(planOf(text, { lacking: { ...able, pause: "no" } }));
    expect(planJsonSchema.parse(JSON.parse(JSON.stringify(json)))).to.deep.equal(json);
  });

  it("says what was going to happen", () => {
    const json = planJson(planOf(text));
    expect(json).to.deep.include({
      format: 1,
      scenario: "storm",
      seed: 7,
      cluster: { members: 5, etcd: "3.4", flags: { "election-timeout": 1500, "pre-vote": false } },
      workload: "kv, 200 a second by 10 clients",
      durationMs: 100_000,
      unavailable: [],
    });
    expect(json.faults[0]).to.deep.equal({
      id: "storm/2-partition",
      kind: "partition",
      phase: "storm",
      title: "partition leader, blocking",
      target: "leader",
      injectAtMs: 4_000,
      healAtMs: 94_000,
    });
    expect(json.assertions).to.deep.equal([
      { kind: "leader-changes", title: "leader changes during storm" },
      { kind: "health", title: "Everyone is well" },
    ]);
  });
});

describe("a plan at the terminal", () => {
  it("is a timetable with aligned columns", () => {
    expect(renderPlan(planOf(text, { lacking: { ...able, restart: "members of this runtime do not come back" } }))).to.equal(`storm
  The leader is cut off.
  The rest elect a new one.

cluster   5 members of etcd 3.4
flags     --election-timeout=1500 --pre-vote=false
workload  kv, 200 a second by 10 clients
seed      7
length    1 m 40 s

    from        to       for  what
    0 ms       4 s       4 s  baseline
     4 s  1 m 34 s  1 m 30 s  storm
     4 s  1 m 34 s  1 m 30 s    partition leader, blocking
     5 s     5.5 s    500 ms    pause random
   6.5 s  1 m 34 s  1 m 28 s    kill etcd-2 (not available here)
1 m 34 s  1 m 40 s       6 s  recovery

baseline                      ──
storm                           ──────────────────────────────────────────────────────
  partition leader, blocking    ██████████████████████████████████████████████████████
  pause random                   █
  kill etcd-2                    █████████████████████████████████████████████████████
recovery                                                                              ────
                              0                                                   1 m 40 s

assertions
  1. leader changes during storm
  2. Everyone is well

not available here
  storm/1-kill: members of this runtime do not come back
`);
  });

  it("says what ends the run before its time, as plan.json does", () => {
    const plan = planOf("description: d\ntimeline: [ { phase: a, duration: 1s } ]\nabort-if: { no-leader-for: 1m, nothing-acknowledged-for: 30s, violated: [ { leader-changes: { during: a } } ] }\nassertions: [ { health: {} } ]\n");
    const conditions = ["no leader for 1 m", "nothing acknowledged for 30 s", "violated: leader changes during a"];
    expect(renderPlan(plan)).to.include(`aborted if\n  ${conditions.join("\n  ")}\n\nassertions\n`);
    const json = planJson(plan);
    expect(json.abortIf).to.deep.equal(conditions);
    expect(planJsonSchema.parse(JSON.parse(JSON.stringify(json)))).to.deep.equal(json);
  });

  it("says what is expected to be violated, on which versions", () => {
    const text = 'description: d\ntimeline: [ { phase: a, duration: 1s } ]\nassertions: [ { health: {} } ]\nexpect: { fail: [health], on: "<3.5.8", issue: "etcd#15220" }\n';
    expect(renderPlan(planOf(text))).to.include("expected\n  etcd#15220 breaks health on etcd <3.5.8\n");
  });

  it("draws the turns of a fault that comes again in one row", () => {
    const rendered = renderPlan(planOf("description: d\ntimeline: [ { phase: a, duration: 60s, faults: [ { pause: { target: all }, every: 20s, for: 10s } ] } ]\nassertions: [ { health: {} } ]\n"));
    expect(rendered).to.include("  pause all  ██████████          ██████████          ██████████\n");
  });

  it("says so where there is no load, no flag and one member", () => {
    const rendered = renderPlan(planOf("description: d\ncluster: { members: 1 }\ntimeline: [ { phase: a, duration: 1s } ]\nassertions: [ { health: {} } ]\n"));
    expect(rendered).to.include("cluster   1 member of etcd 3.5\nworkload  none\n").and.not.include("flags").and.not.include("not available");
  });

  it("has a line for each workload, and one for who watches", () => {
    const rendered = renderPlan(planOf("description: d\nworkload: { kv: { rate: 5 }, watch: {} }\ntimeline: [ { phase: a, duration: 1s } ]\nassertions: [ { health: {} } ]\n"));
    expect(rendered).to.include("workload  kv, 5 a second by 10 clients\n          watched through all members\nseed ");
  });
});
