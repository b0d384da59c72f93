import { expect } from "chai";
import { MonotonicClock } from "../src/clock.ts";
import { lastError, runScenarioProcess, type ScenarioProcess } from "../src/scenario-process.ts";

const clock = new MonotonicClock();

function started(more: Partial<ScenarioProcess> = {}): ReturnType<typeof runScenarioProcess> {
  return runScenarioProcess({ asked: "no-such-scenario", options: { "--seed": "1", "--etcd": undefined }, limitMs: 300_000, clock, signal: new AbortController().signal, ...more });
}

describe("a scenario in a process of its own", function () {
  this.timeout(300_000);

  it("ends with its exit code and the last that it said, by the options that are given", async () => {
    const { end, stderr } = await started();
    expect(end).to.equal("exit code 65");
    expect(lastError(stderr)).to.match(/^there is no scenario "no-such-scenario"/);
    expect((await started({ options: { "--seed": "none" } })).end).to.equal("exit code 64");
  });

  it("is told to end where it takes too long, which its end says", async () => {
    // What has taken the whole limit has taken so long from the start on.
    const atOnce = { sleep: (durationMs: number, signal?: AbortSignal) => clock.sleep(durationMs === 7_000 ? 0 : durationMs, signal) };
    expect((await started({ limitMs: 7_000, clock: atOnce })).end).to.match(/^(SIGTERM|exit code 143), after 7 s, which is too long$/);
  });

  it("is killed where it does not end then", async () => {
    const never = { sleep: async () => undefined };
    expect((await started({ limitMs: 7_000, clock: never })).end).to.match(/^(SIGTERM|SIGKILL), after 7 s, which is too long$/);
  });

  it("gets the signal that all of them are to end by, also one that came before it", async () => {
    for (const name of ["SIGTERM", "SIGINT"] as const) expect((await started({ signal: AbortSignal.abort(name) })).end).to.equal(name);
  });
});
