import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { makePlan, type Plan } from "../../src/plan/plan.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import { playTimeline } from "../../src/run/timeline.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { Stage } from "./fault-stage.ts";

const text = `
description: Two phases, a fault in the second.
cluster: { members: 3, etcd: "3.5" }
timeline:
  - phase: baseline
    duration: 4s
  - phase: isolated
    duration: 6s
    faults:
      - partition: { target: leader }
assertions:
  - leader-changes: { during: baseline, at-most: 0 }
`;

/** Baseline 0–4 s, isolated 4–10 s, with a fault of the test's own in it. */
function planWith(fault: Fault): Plan {
  const plan = makePlan(parseScenario(text, "two.yaml", catalogue), { seed: 1, lacking: { pause: undefined, kill: undefined, restart: undefined, replace: undefined, files: undefined } });
  return { ...plan, faults: plan.faults.map((planned) => ({ ...planned, fault })) };
}

function phases(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === "phase" ? [`${event.phase} ${event.state} ${event.atMs}`] : []));
}

describe("a timeline", () => {
  it("is played by the clock, from where it starts", async () => {
    const stage = new Stage();
    let over = false;
    void playTimeline(planWith(stage.fault()), stage.stage).then(() => (over = true));
    await stage.clock.advance(30_000);
    expect(phases(stage.events)).to.deep.equal(["baseline started 0", "baseline ended 4100", "isolated started 4100", "isolated ended 10100"]);
    expect(stage.story).to.deep.equal(["requested 4100", "effective 4100", "healing 10100", "healed 10100"]);
    expect(over).to.equal(true);
  });

  it("is not over before every fault is healed, however long that takes", async () => {
    const stage = new Stage();
    let over = false;
    void playTimeline(planWith(stage.fault({ heal: () => stage.clock.sleep(7_000) })), stage.stage).then(() => (over = true));
    await stage.clock.advance(12_000);
    expect(phases(stage.events)).to.include("isolated ended 10100");
    expect(over).to.equal(false);
    await stage.clock.advance(10_000);
    expect(over).to.equal(true);
  });

  it("ends its phase and heals when it is aborted, and begins no other", async () => {
    const stage = new Stage();
    let over = false;
    void playTimeline(planWith(stage.fault()), stage.stage).then(() => (over = true));
    await stage.clock.advance(5_000);
    stage.abort.abort("SIGINT");
    await stage.clock.advance(0);
    expect(phases(stage.events).at(-1)).to.equal("isolated ended 5000");
    expect(stage.story).to.deep.equal(["requested 4100", "effective 4100", "healing 5000", "healed 5000"]);
    expect(over).to.equal(true);
  });

  it("begins no phase and no fault when it is aborted before the fault's phase", async () => {
    const stage = new Stage();
    void playTimeline(planWith(stage.fault()), stage.stage);
    await stage.clock.advance(1_000);
    stage.abort.abort("SIGINT");
    await stage.clock.advance(30_000);
    expect(phases(stage.events)).to.deep.equal(["baseline started 0", "baseline ended 1000"]);
    expect(stage.story).to.deep.equal([]);
  });
});
