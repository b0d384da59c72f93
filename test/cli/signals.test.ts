import { EventEmitter } from "node:events";
import { expect } from "chai";
import { onInterruption } from "../../src/cli/signals.ts";
import { ManualClock } from "../observe/manual-clock.ts";

function interrupted() {
  const source = new EventEmitter();
  const clock = new ManualClock();
  const left: number[] = [];
  const interruption = onInterruption({ clock, source, leave: (code) => void left.push(code) });
  return { source, clock, left, interruption };
}

describe("an interruption", () => {
  it("aborts on the first signal, with its name as the reason, and stays", () => {
    const { source, left, interruption } = interrupted();
    expect(interruption.received()).to.equal(undefined);
    source.emit("SIGTERM");
    expect(interruption.signal.aborted).to.equal(true);
    expect(interruption.signal.reason).to.equal("SIGTERM");
    expect(interruption.received()).to.equal("SIGTERM");
    expect(left).to.deep.equal([]);
  });

  it("takes the same signal at once again for the echo of one Ctrl-C, which npm passes on", async () => {
    const { source, clock, left } = interrupted();
    source.emit("SIGINT");
    await clock.advance(20);
    source.emit("SIGINT");
    expect(left).to.deep.equal([]);
  });

  it("leaves at once when it comes again later, with the code of the first", async () => {
    const { source, clock, left } = interrupted();
    source.emit("SIGINT");
    await clock.advance(600);
    source.emit("SIGINT");
    expect(left).to.deep.equal([130]);
  });

  it("leaves at once on another signal, which is no echo", () => {
    const { source, left } = interrupted();
    source.emit("SIGINT");
    source.emit("SIGTERM");
    expect(left).to.deep.equal([130]);
  });

  it("listens no more once it is disposed", () => {
    const { source, interruption } = interrupted();
    interruption[Symbol.dispose]();
    expect(source.eventNames()).to.deep.equal([]);
  });
});
