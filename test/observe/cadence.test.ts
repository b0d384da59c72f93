import { expect } from "chai";

import { everyTick } from "../../src/observe/cadence.ts";
import { ManualClock } from "./manual-clock.ts";

describe("everyTick", () => {
  it("ticks at fixed times whatever the task takes, as long as it is shorter than a period", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const startedMs: number[] = [];
    const over = everyTick({ clock, everyMs: 250, signal: stop.signal }, async () => {
      startedMs.push(clock.nowMs());
      await clock.sleep(200);
    });
    await clock.advance(1000);
    expect(startedMs).to.deep.equal([0, 250, 500, 750, 1000]);
    stop.abort();
    await clock.advance(1000);
    await over;
    expect(startedMs).to.have.length(5);
  });

  it("leaves out the ticks that come while the task runs, and stays in step", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const startedMs: number[] = [];
    const over = everyTick({ clock, everyMs: 100, signal: stop.signal }, async () => {
      startedMs.push(clock.nowMs());
      await clock.sleep(startedMs.length === 2 ? 330 : 10);
    });
    await clock.advance(650);
    expect(startedMs).to.deep.equal([0, 100, 500, 600]);
    stop.abort();
    await clock.advance(100);
    await over;
  });

  it("waits for the task under way when it is stopped", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    let finished = false;
    const over = everyTick({ clock, everyMs: 100, signal: stop.signal }, async () => {
      await clock.sleep(500);
      finished = true;
    });
    await clock.advance(50);
    stop.abort();
    const atStop = finished;
    await clock.advance(500);
    await over;
    expect([atStop, finished]).to.deep.equal([false, true]);
  });

  it("passes on what the task throws", async () => {
    const clock = new ManualClock();
    const task = (): Promise<void> => Promise.reject(new Error("a defect"));
    const thrown = await everyTick({ clock, everyMs: 100, signal: new AbortController().signal }, task).catch(String);
    expect(thrown).to.equal("Error: a defect");
  });
});
