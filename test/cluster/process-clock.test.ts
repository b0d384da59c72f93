import { expect } from "chai";
import { ShimmedClock } from "../../src/cluster/clock/process-clock.ts";
import { messageOf } from "../../src/errors.ts";

/** A process as the clock's program sees it: its clock is figures. */
class ProcessDouble {
  there = true;
  aheadNs = 0;
  perMillion = 1_000_000;
  readonly told: string[] = [];
  refuses = 0;

  run = async ([action = "", figure = "0"]: readonly string[]): Promise<string | undefined> => {
    this.told.push([action, figure].join(" "));
    if (!this.there) return undefined;
    if (this.refuses-- > 0) throw new Error("it does not stop");
    const before = this.#printed();
    if (action === "jump") this.aheadNs += Number(figure);
    if (action === "rate") this.perMillion = Number(figure);
    return action === "read" ? before : before + this.#printed();
  };

  /** Another process, whose clock is true. */
  begin(): void {
    this.there = true;
    this.aheadNs = 0;
    this.perMillion = 1_000_000;
  }

  #printed(): string {
    return `${this.aheadNs} ${this.perMillion}\n`;
  }
}

describe("the clock of a member's process", () => {
  let process: ProcessDouble;
  let clock: ShimmedClock;
  beforeEach(() => {
    process = new ProcessDouble();
    clock = new ShimmedClock(process.run);
  });

  it("jumps, and tells how far ahead it was before and is after", async () => {
    await clock.jump(70_000);
    expect(await clock.jump(10_000)).to.deep.equal({ before: { aheadMs: 70_000, rate: 1 }, after: { aheadMs: 80_000, rate: 1 } });
  });

  it("keeps its pace in a new process, and not its jumps", async () => {
    await clock.jump(70_000);
    await clock.pace(2.5);
    process.begin();
    await clock.renew();
    expect(await clock.read()).to.deep.equal({ aheadMs: 0, rate: 2.5 });
  });

  it("has its true pace again from where it is, also where that is asked for while there is no process", async () => {
    await clock.pace(2);
    process.there = false;
    expect(await clock.read()).to.equal(undefined);
    await clock.pace(1);
    process.begin();
    await clock.renew();
    expect((await clock.read())?.rate).to.equal(1);
    expect(process.told.filter((each) => each.startsWith("rate"))).to.deep.equal(["rate 2000000", "rate 1000000"]);
  });

  it("that was never changed is left alone", async () => {
    await clock.pace(1);
    await clock.renew();
    expect(process.told).to.deep.equal([]);
  });

  it("is not changed where there is no process", async () => {
    process.there = false;
    for (const change of [() => clock.jump(1_000), () => clock.pace(2)]) expect(await change().then(() => "changed", messageOf)).to.equal("a member that is down has no clock that could be changed");
    process.begin();
    await clock.renew();
    expect((await clock.read())?.rate).to.equal(1);
  });

  it("that could not be set right is tried again by the next call", async () => {
    await clock.pace(2);
    process.refuses = 1;
    expect(await clock.pace(1).then(() => "changed", messageOf)).to.equal("it does not stop");
    await clock.pace(1);
    expect((await clock.read())?.rate).to.equal(1);
  });

  it("that cannot be read is no true clock", async () => {
    expect(await new ShimmedClock(async () => "nonsense").read().then(() => "read", messageOf)).to.equal("the clock of the process cannot be read: nonsense");
  });
});
