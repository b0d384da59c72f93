import { expect } from "chai";
import type { Exchange } from "../../src/faults/exchange.ts";
import { bytesFor, orderOf, slowTransfer } from "../../src/faults/transfer.ts";

const answered = (tookMs: number, receivedBytes = 150): Exchange => ({ ending: "answered", tookMs, receivedBytes, closingMs: 1 });
const before = answered(5);

describe("a transfer that must be slow", () => {
  it("is long enough to stand out, and never more than a header takes", () => {
    expect([1, 100, 2_000].map(bytesFor)).to.deep.equal([500, 50_000, 800_000]);
  });

  it("goes up in a header, and comes down as an echo from a peer's port or as many answers from a client's", () => {
    expect(orderOf("upstream", 30_000, "peers")).to.deep.equal({ padBytes: 30_000 });
    expect(orderOf("downstream", 30_000, "peers")).to.deep.equal({ echoBytes: 18_000 });
    expect(orderOf("downstream", 30_000, "clients")).to.deep.equal({ requests: 200 });
  });

  it("is struck when it takes as long as its bytes do, give or take", () => {
    const { struck, free } = slowTransfer("upstream", "upstream", 100, "peers");
    expect([300, 450].map((tookMs) => struck(answered(tookMs), before))).to.deep.equal([false, true]);
    expect([100, 300].map((tookMs) => free(answered(tookMs), before))).to.deep.equal([true, false]);
  });

  it("is not struck when it was as slow before, nor when no answer comes", () => {
    const { struck, free } = slowTransfer("upstream", "upstream", 100, "peers");
    expect(struck(answered(500), answered(480))).to.equal(false);
    expect(struck({ ...answered(500), ending: "closed" }, before)).to.equal(false);
    expect(free({ ...answered(5), ending: "closed" }, before)).to.equal(false);
  });

  it("of both streams is not shown by one: an echo is slow up and down", () => {
    const { struck } = slowTransfer("downstream", "both", 100, "peers");
    expect([310, 610, 910].map((tookMs) => struck(answered(tookMs, 60_000), before))).to.deep.equal([false, false, true]);
  });
});
