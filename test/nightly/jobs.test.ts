import { expect } from "chai";
import { adaptedJobs, startingJobs, strainOf } from "../../src/nightly/jobs.ts";

const roomy = { cpus: 8, memoryBytes: 32e9, fsyncMs: 0.5 };

describe("how many runs there are side by side", () => {
  it("is one for every two CPUs, and at least one", () => {
    const jobs = (cpus: number): number => startingJobs({ ...roomy, cpus }).jobs;
    expect([1, 2, 3, 4, 8].map(jobs)).to.deep.equal([1, 1, 1, 2, 4]);
    expect(jobs(64)).to.equal(8);
    expect(startingJobs(roomy).because).to.equal("8 CPUs, 2 for each run");
  });

  it("is bounded by the memory that is free", () => {
    expect(startingJobs({ ...roomy, memoryBytes: 2.5e9 })).to.deep.equal({ jobs: 2, because: "2.5 GB of memory are free, and a run may take 1 GB" });
    expect(startingJobs({ ...roomy, memoryBytes: 0.1e9 }).jobs).to.equal(1);
  });

  it("is one where the disk is slow, and not bounded by a disk that could not be tried", () => {
    expect(startingJobs({ ...roomy, fsyncMs: 10.1 })).to.deep.equal({ jobs: 1, because: "a sync to disk takes 10.1 ms, above 10 ms" });
    expect(startingJobs({ ...roomy, fsyncMs: 10 }).jobs).to.equal(4);
    expect(startingJobs({ ...roomy, fsyncMs: undefined }).jobs).to.equal(4);
  });

  it("goes down by one when a run beside others waited for a CPU above 40 % of its time, or its load was late above 500 ms", () => {
    expect(adaptedJobs(3, 4, { beside: 2, cpuPressure: 0.41 })).to.deep.equal({ jobs: 2, because: "something waited for a CPU in 41 % of its time, above 40 %" });
    expect(adaptedJobs(3, 4, { beside: 2, cpuPressure: 0.2, timerLateMaxMs: 501 })).to.deep.equal({ jobs: 2, because: "the load generator was woken 501 ms too late, above 500 ms" });
    expect(adaptedJobs(3, 4, { beside: 2, cpuPressure: 0.4, timerLateMaxMs: 500 })).to.equal(undefined);
  });

  it("goes no lower than one", () => {
    expect(adaptedJobs(1, 4, { beside: 1, cpuPressure: 0.9 })).to.equal(undefined);
  });

  it("goes up again when a run beside others was at ease, but never above what it was at first", () => {
    expect(adaptedJobs(2, 4, { beside: 1, cpuPressure: 0.05, timerLateMaxMs: 3 })?.jobs).to.equal(3);
    expect(adaptedJobs(4, 4, { beside: 3, cpuPressure: 0.05, timerLateMaxMs: 3 })).to.equal(undefined);
  });

  it("learns nothing from a run that was alone, nor from one of which nothing is known", () => {
    expect(adaptedJobs(2, 4, { beside: 0, cpuPressure: 0.99 })).to.equal(undefined);
    expect(adaptedJobs(2, 4, { beside: 1 })).to.equal(undefined);
    expect(strainOf({})).to.equal(undefined);
  });
});
