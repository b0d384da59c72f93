import { expect } from "chai";
import { assertionKinds } from "../../assertions/index.ts";
import type { Assertion } from "../../assertions/assertion.ts";
import { interruptedAt, violationIn } from "../../src/judge/violation.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

function assertion(kind: string, options: object): Assertion {
  const found = assertionKinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no assertion ${kind}`);
  return found.bind(options);
}

const noPanic = assertion("log", { match: "panic", none: true });
const aPanic = assertion("log", { match: "panic", "at-least": 1, during: "calm" });

/** A run of one member that goes on: calm for five seconds, then storm, of which six were seen. */
function goingOn(): RecordingBuilder {
  return recording({ members: 1 }).phase("calm", 0, 5_000).phase("storm", 5_000, 11_000).ended("running").log("etcd-1", 100, "ready");
}

function violated(run: RecordingBuilder, atMs: number, ...asserted: Assertion[]): string | undefined {
  return violationIn(interruptedAt(run.build(), atMs), asserted);
}

describe("a violation of a run that goes on", () => {
  it("is told with the assertion, the reason and the first evidence, in one sentence", () => {
    const run = goingOn().log("etcd-1", 7_000, "panic: it is lost").log("etcd-1", 7_100, "panic again");
    expect(violated(run, 9_000, noPanic)).to.equal("log lines with /panic/ over the run, each member: etcd-1: 2 lines matched in the 9 s of run (etcd-1 at 7 s: panic: it is lost)");
  });

  it("is none where all assertions hold, may still hold, or cannot be judged", () => {
    const crashing: Assertion = { kind: "fixed", title: "broken", phases: [], judge: () => expect.fail("a defect") };
    const unknownMetric = assertion("metric", { name: "etcd_unknown", measure: "max", "at-most": 1 });
    expect(violated(goingOn(), 9_000, noPanic, unknownMetric, crashing)).to.equal(undefined);
    expect(violated(goingOn(), 9_000)).to.equal(undefined);
  });

  it("is the first in the order of the file", () => {
    const run = goingOn().log("etcd-1", 7_000, "panic");
    const noneReady = assertion("log", { match: "ready", none: true });
    expect(violated(run, 9_000, noneReady, noPanic)).to.match(/^log lines with \/ready\//);
    expect(violated(run, 9_000, noPanic, noneReady)).to.match(/^log lines with \/panic\//);
  });

  it("is not seen in what comes after the moment of which all has been written", () => {
    const run = goingOn().log("etcd-1", 7_000, "panic");
    expect(violated(run, 6_900, noPanic)).to.equal(undefined);
    expect(violated(run, 7_100, noPanic)).to.include("1 line matched");
  });

  it("is what is missing only once the phase is over for certain", () => {
    expect(violated(goingOn(), 4_900, aPanic)).to.equal(undefined);
    expect(violated(goingOn(), 5_000, aPanic), "its last line may not have been written yet").to.equal(undefined);
    expect(violated(goingOn(), 5_100, aPanic)).to.include("no line matched in the 5 s of calm");
  });

  it("is never what is missing in the phase that goes on, or in the run", () => {
    const inStorm = assertion("log", { match: "panic", "at-least": 1, during: "storm" });
    const inRun = assertion("log", { match: "panic", "at-least": 1 });
    expect(violated(goingOn(), 60_000, inStorm, inRun)).to.equal(undefined);
  });

  it("is a counter that has grown too far, however the run goes on, and not one that has not grown enough yet", () => {
    const run = goingOn();
    for (let atMs = 0; atMs < 11_000; atMs += 250) run.metrics("etcd-1", atMs, { etcd_x_total: atMs / 250, process_start_time_seconds: 1 });
    const grown = (bound: object): Assertion => assertion("metric", { name: "etcd_x_total", measure: "increase", ...bound });
    expect(violated(run, 9_000, grown({ "at-most": 20 }))).to.include("at most 20");
    expect(violated(run, 9_000, grown({ "at-most": 40 }))).to.equal(undefined);
    expect(violated(run, 9_000, grown({ "at-least": 1_000 }))).to.equal(undefined);
  });

  it("is none before the timeline", () => {
    expect(violated(recording({ members: 1 }).ended("running").log("etcd-1", 10, "panic"), 5_000, noPanic)).to.equal(undefined);
    expect(violated(goingOn(), -3_000, noPanic, aPanic)).to.equal(undefined);
  });
});
