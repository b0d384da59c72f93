import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { askVersion, listed, rangeOf } from "../../src/faults/probe.ts";
import { speaker } from "./doubles.ts";

const clock = new MonotonicClock();

describe("a probe", () => {
  it("takes any HTTP answer for one, and says how long it took", async () => {
    await using server = await speaker(() => ({ status: 503, afterMs: 50 }));
    const answer = await askVersion(server.address, clock, { limitMs: 2_000 });
    expect(answer).to.have.property("kind", "answered");
    expect(answer).to.have.property("tookMs").that.is.at.least(45);
  });

  it("tells silence from a connection that is refused", async () => {
    await using server = await speaker(() => undefined);
    const startMs = clock.nowMs();
    expect(await askVersion(server.address, clock, { limitMs: 80.5 })).to.deep.equal({ kind: "silent" });
    expect(clock.nowMs() - startMs).to.be.at.least(75);
    expect(await askVersion("127.0.0.1:9", clock, { limitMs: 2_000 })).to.deep.equal({ kind: "broken" });
  });

  it("throws the signal's reason at once when it is aborted", async () => {
    await using server = await speaker(() => undefined);
    const abort = new AbortController();
    const asking = askVersion(server.address, clock, { limitMs: 60_000, signal: abort.signal });
    const reason = new Error("SIGINT");
    abort.abort(reason);
    expect(await asking.catch((error: unknown) => error)).to.equal(reason);
  });
});

describe("what probes are told as", () => {
  it("is a range, with those that had no answer", () => {
    expect(rangeOf([2, 2.04])).to.equal("2 ms");
    expect(rangeOf([3, 1, undefined])).to.equal("1 ms to 3 ms (1 without an answer)");
    expect(rangeOf([undefined])).to.equal("no answer");
  });

  it("is the first few of many names", () => {
    expect(listed(["a", "b", "c", "d", "e"])).to.equal("a, b, c, d, e", "one name takes no more room than its number");
    expect(listed(["a", "b", "c", "d", "e", "f"])).to.equal("a, b, c, d and 2 more");
  });
});
