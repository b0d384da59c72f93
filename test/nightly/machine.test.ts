import { expect } from "chai";
import { tmpdir } from "node:os";
import { readdir } from "node:fs/promises";
import { MonotonicClock } from "../../src/clock.ts";
import { stallMsIn, thisMachine } from "../../src/nightly/machine.ts";
import { temporaryFolder } from "../support/harness.ts";

describe("the machine of a nightly", () => {
  it("is known by its CPUs, its free memory and how long a sync to disk takes", async () => {
    await using folder = await temporaryFolder();
    const { cpus, memoryBytes, fsyncMs } = await thisMachine(folder.path, new MonotonicClock());
    expect(cpus).to.be.at.least(1);
    expect(memoryBytes).to.be.above(1e6);
    expect(fsyncMs).to.be.above(0);
    expect(await readdir(folder.path), "the probe left something").to.deep.equal([]);
  });

  it("has no known disk where the folder cannot be written", async () => {
    const { fsyncMs } = await thisMachine(`${tmpdir()}/nowhere-${process.pid}`, new MonotonicClock());
    expect(fsyncMs).to.equal(undefined);
  });

  it("tells for how long something waited for a CPU, in milliseconds", () => {
    expect(stallMsIn("some avg10=83.75 avg60=79.87 avg300=79.23 total=1023130088\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")).to.equal(1_023_130.088);
    expect(stallMsIn("")).to.equal(undefined);
  });
});
