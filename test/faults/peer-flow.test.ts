import { expect } from "chai";
import { bytesOf, PeerFlow } from "../../src/faults/peer-flow.ts";
import type { PeerReading } from "../../src/faults/peer-traffic.ts";
import { memberDouble } from "./doubles.ts";

const [one, two, three] = [memberDouble("etcd-1", {}), memberDouble("etcd-2", {}), memberDouble("etcd-3", {})];
const pair = { a: one, b: two };
const other = { a: one, b: three };

/** Counters as `from>to`; what is missing could not be read. */
function reading(atMs: number, counters: Record<string, number>, leader = "etcd-1"): PeerReading {
  return {
    fromMs: atMs - 10,
    toMs: atMs,
    received: (from, to) => counters[`${from.number}>${to.number}`],
    leads: ({ name }) => name === leader,
    led: leader !== "none",
  };
}

describe("the flow between pairs", () => {
  it("counts what each direction received since the first reading", () => {
    const flow = new PeerFlow([pair], reading(100, { "1>2": 1000, "2>1": 50 }));
    flow.add(reading(200, { "1>2": 1300, "2>1": 50 }));
    expect(flow.streams([pair]).map(({ from, to, bytes }) => [from.name, to.name, bytes])).to.deep.equal([["etcd-2", "etcd-1", 0], ["etcd-1", "etcd-2", 300]]);
    expect(flow.flowing([pair])).to.deep.equal([], "one direction is not both");
    flow.add(reading(300, { "1>2": 1300, "2>1": 51 }));
    expect(flow.flowing([pair])).to.deep.equal([pair]);
    expect(bytesOf(flow.streams([pair]))).to.equal(301);
    expect(flow.lengthMs).to.equal(210);
  });

  it("is silent from the reading that showed the last byte to the beginning of the last one", () => {
    const flow = new PeerFlow([pair], reading(100, { "1>2": 1, "2>1": 1 }));
    flow.add(reading(200, { "1>2": 2, "2>1": 1 }));
    flow.add(reading(300, { "1>2": 2, "2>1": 1 }));
    expect(flow.streams([pair]).map(({ silentFromMs, silentToMs }) => [silentFromMs, silentToMs])).to.deep.equal([[100, 290], [200, 290]]);
  });

  it("is not known to be silent while its receiver cannot be read", () => {
    const flow = new PeerFlow([pair], reading(100, { "1>2": 1 }));
    flow.add(reading(200, {}));
    flow.add(reading(300, {}));
    expect(flow.streams([pair]).map(({ silentFromMs, silentToMs }) => [silentFromMs, silentToMs])).to.deep.equal([[undefined, undefined], [100, 90]]);
  });

  it("goes on with a counter that began anew with its process", () => {
    const flow = new PeerFlow([pair], reading(100, { "1>2": 5000, "2>1": 5000 }));
    flow.add(reading(200, { "1>2": 40, "2>1": 0 }));
    expect(flow.streams([pair]).map(({ bytes, silentFromMs }) => [bytes, silentFromMs])).to.deep.equal([[0, 200], [40, 200]]);
  });

  it("is expected of pairs with a leader alone, and of all where nobody leads", () => {
    const between = { a: two, b: three };
    const flow = new PeerFlow([pair, other, between], reading(100, {}));
    expect(flow.busy([pair, other, between])).to.deep.equal([pair, other]);
    flow.add(reading(200, {}, "none"));
    expect(flow.busy([pair, between])).to.deep.equal([pair, between]);
  });
});
