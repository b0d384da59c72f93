import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { MonotonicClock, waitFor } from "../../../src/clock.ts";
import { grownSince, readThreadTimes } from "../../../src/observe/machine/cpu-times.ts";
import { watchMachine } from "../../../src/observe/machine/index.ts";
import { pressureMs, stalledSince, stolenMsIn } from "../../../src/observe/machine/stalls.ts";
import type { MachineSample } from "../../../src/recording/machine.ts";

const onLinux = process.platform === "linux";

/** A process that computes without end, and another one that it starts and that does the same. */
const busyPair = `require("child_process").spawn(process.execPath, ["-e", "for(;;);"], { stdio: "ignore" }); process.stdin.on("end", () => process.exit()).resume(); setInterval(() => 0, 1000);`;

describe("how busy the machine is", function () {
  this.timeout(20_000);
  const clock = new MonotonicClock();

  it("is counted for all threads of a process and for what it started, unless it is read alone", async () => {
    if (!onLinux) return;
    const child = spawn(process.execPath, ["-e", busyPair], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    try {
      const pid = child.pid ?? 0;
      const ran = (alone: boolean): number => grownSince(new Map(), readThreadTimes(pid, alone)).ranMs;
      expect(await waitFor(clock, () => (ran(false) - ran(true) > 50 ? true : undefined), { limitMs: 15_000 })).to.equal(true);
      expect(readThreadTimes(pid).size).to.be.above(readThreadTimes(pid, true).size);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await once(child, "exit");
    }
    await waitFor(clock, () => (readThreadTimes(child.pid ?? 0).size === 0 ? true : undefined), { limitMs: 5_000 });
    expect(readThreadTimes(child.pid ?? 0).size).to.equal(0);
  });

  it("counts from one reading to the next, with threads that began in between", () => {
    const before = new Map([["1", { ranMs: 10, waitedMs: 5 }], ["2", { ranMs: 7, waitedMs: 1 }]]);
    const now = new Map([["1", { ranMs: 12, waitedMs: 9 }], ["3", { ranMs: 1, waitedMs: 2 }]]);
    expect(grownSince(before, now)).to.deep.equal({ ranMs: 3, waitedMs: 6 });
  });

  it("is read from what the kernel writes, and left out where it writes nothing", () => {
    expect(pressureMs("some avg10=0.12 avg60=0.05 avg300=0.01 total=1234567\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n")).to.equal(1234.567);
    expect(pressureMs("")).to.equal(undefined);
    expect(stolenMsIn("cpu  29208 77 10363 75872 786 0 821 64 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n")).to.equal(640);
    expect(stolenMsIn("")).to.equal(undefined);
    expect(stalledSince({ cpuStalledMs: 5, stolenMs: 10 }, { cpuStalledMs: 8, ioStalledMs: 3, stolenMs: 10 })).to.deep.equal({ cpuStalledMs: 3, stolenMs: 0 });
  });

  it("is sampled once a second, with each process that there is", async () => {
    const samples: MachineSample[] = [];
    let askedFor = 0;
    const nobody = { name: "etcd-1", processId: () => void (askedFor += 1) };
    const watching = watchMachine({ processes: [{ name: "harness", alone: true, processId: () => process.pid }, nobody], clock, record: (sample) => samples.push(sample) });
    await waitFor(clock, () => (samples.length >= 2 ? true : undefined), { limitMs: 15_000 });
    await watching[Symbol.asyncDispose]();
    const seen = samples.length;
    const [first, second] = samples;
    expect(first?.overMs).to.be.above(0);
    if (first !== undefined && second !== undefined) expect(second.atMs - second.overMs).to.be.closeTo(first.atMs, 0.001);
    expect(Object.keys(first?.processes ?? {})).to.deep.equal(onLinux ? ["harness"] : []);
    expect(askedFor).to.be.at.least(3);
    expect(samples).to.have.length(seen);
  });
});
