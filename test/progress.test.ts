import { expect } from "chai";
import fc from "fast-check";
import { once } from "node:events";
import { PassThrough } from "node:stream";

import { plainProgress, progressOn, silentProgress } from "../src/progress.ts";

/** Plain progress with a clock that the test moves. */
function recorded(everyMs = 3000) {
  const lines: string[] = [];
  const time = { nowMs: 0 };
  const progress = plainProgress({ write: (line) => lines.push(line), nowMs: () => time.nowMs, everyMs });
  return { lines, time, progress };
}

describe("plain progress", () => {
  it("announces, tells how far things are now and then, and ends", () => {
    const { lines, time, progress } = recorded();
    const task = progress.start("etcd", 20_000_000);
    task.advance(1_000_000);
    time.nowMs = 3000;
    task.advance(4_000_000);
    time.nowMs = 4000;
    task.advance(10_000_000);
    task.advance(5_000_000);
    task.done();
    expect(lines).to.deep.equal(["etcd: started, 20.0 MB to fetch", "etcd: 25 % (5.0 of 20.0 MB)", "etcd: done, 20.0 MB"]);
  });

  it("shows the bytes so far when nobody knows the total", () => {
    const { lines, time, progress } = recorded();
    const task = progress.start("lists");
    time.nowMs = 5000;
    task.advance(2_500_000);
    expect(lines).to.deep.equal(["lists: started", "lists: 2.5 MB"]);
  });

  it("does not mention what is over before its turn, unless it failed", () => {
    const { lines, progress } = recorded();
    progress.start("first");
    progress.start("second").done();
    progress.start("third").fail();
    expect(lines).to.deep.equal(["first: started", "third: failed"]);
  });

  it("says nothing after the end", () => {
    const { lines, time, progress } = recorded();
    const task = progress.start("etcd");
    task.done();
    time.nowMs = 9000;
    task.advance(1);
    task.note("more");
    task.done();
    task.fail();
    expect(lines).to.deep.equal(["etcd: started", "etcd: done"]);
  });

  it("writes at most one line in every so many milliseconds while tasks run", () => {
    const steps = fc.array(fc.record({ task: fc.nat(3), afterMs: fc.nat(2000), bytes: fc.nat(1000) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (taken) => {
        const { lines, time, progress } = recorded();
        const tasks = [0, 1, 2, 3].map((index) => progress.start(`task ${index}`));
        let lastLineMs = 0;
        for (const { task, afterMs, bytes } of taken) {
          const before = lines.length;
          time.nowMs += afterMs;
          tasks[task]?.advance(bytes);
          if (lines.length === before) continue;
          expect(lines.length).to.equal(before + 1);
          expect(time.nowMs - lastLineMs).to.be.at.least(3000);
          lastLineMs = time.nowMs;
        }
      }),
    );
  });
});

describe("progress at a terminal", () => {
  it("draws a bar for each running task, and clears up after the last", async () => {
    const screen = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true, columns: 120, rows: 24 });
    let drawn = "";
    screen.on("data", (text: string) => {
      drawn += text;
    });
    const drawnUntil = async (wanted: string): Promise<void> => {
      while (!drawn.includes(wanted)) await once(screen, "data");
    };
    const interruptListeners = process.listenerCount("SIGINT");
    const progress = progressOn(screen, { nowMs: () => 0 });
    const first = progress.start("etcd 3.5.9", 20_000_000);
    const second = progress.start("lists");
    try {
      first.advance(5_000_000);
      second.note("reading");
      await drawnUntil("reading");
      expect(drawn).to.include("etcd 3.5.9 ██████░░").and.include("25 % (5.0 of 20.0 MB)").and.include("lists 0.0 MB reading");
      expect(process.listenerCount("SIGINT"), "Ctrl-C is left alone").to.equal(interruptListeners);
      first.done();
      first.done();
      drawn = "";
      second.advance(7_000_000);
      await drawnUntil("lists 7.0 MB");
      expect(drawn).not.to.include("etcd 3.5.9");
    } finally {
      first.done();
      second.fail();
    }
    drawn = "";
    second.advance(1);
    progress.start("next").done();
    expect(drawn).not.to.include("lists");
  });

  it("is plain lines where there is no terminal", async () => {
    const log = new PassThrough({ encoding: "utf8" });
    progressOn(log, { nowMs: () => 0 }).start("etcd 3.5.9", 20_000_000);
    expect(await once(log, "data")).to.deep.equal(["etcd 3.5.9: started, 20.0 MB to fetch\n"]);
  });
});

describe("silent progress", () => {
  it("takes everything and says nothing", () => {
    const task = silentProgress.start("x", 1);
    expect([task.advance(1), task.note("y"), task.done(), task.fail()]).to.deep.equal([undefined, undefined, undefined, undefined]);
  });
});
