import { expect } from "chai";
import { checkMonotonicRevision } from "../../src/check/monotonic-revision.ts";
import type { BeganAnew } from "../../src/check/revisions/went-back.ts";
import type { Operation } from "../../src/recording/operation.ts";

interface Sketch {
  readonly at: readonly [fromMs: number, toMs: number];
  readonly revision?: number;
  readonly client?: number;
  readonly member?: string;
  readonly alone?: boolean;
  readonly outcome?: "ok" | "info";
}

/** A get that a quorum or, `alone`, one member answers. */
function get({ at: [fromMs, toMs], revision, client = 0, member = "etcd-1", alone = false, outcome = "ok" }: Sketch): Operation {
  const times = { intendedNs: fromMs * 1e6, invokeNs: fromMs * 1e6, returnNs: toMs * 1e6 };
  return { process: client, client, member, op: "get", key: "k", ...(alone ? { serializable: true } : {}), ...times, outcome, ...(revision === undefined ? {} : { revision }) };
}

const livesOn: BeganAnew = () => false;
const kindOf = (sketches: readonly Sketch[], beganAnew = livesOn): string => checkMonotonicRevision(sketches.map(get), beganAnew).kind;

describe("revisions in answers", () => {
  it("may stand still and grow", () => {
    expect(checkMonotonicRevision([{ at: [0, 1] as const, revision: 5 }, { at: [2, 3] as const, revision: 5 }, { at: [4, 5] as const, revision: 9 }].map(get), livesOn)).to.deep.equal({ kind: "ok", checked: 3 });
  });

  it("of a quorum never go back in real time, over all clients and members", () => {
    const found = checkMonotonicRevision([get({ at: [0, 1], revision: 9, client: 1, member: "etcd-2" }), get({ at: [2, 3], revision: 8 })], livesOn);
    expect(found).to.deep.include({
      kind: "violated", rule: "revision went back", expected: "revision 9 or later", seen: "revision 8",
      sentence: "get k by process 0 on etcd-1 is answered revision 8, and it began after get k by process 1 on etcd-2 had been answered revision 9",
    });
    expect(found).to.have.property("operations").that.has.length(2);
  });

  it("may be lower where both were under way at once, to the nanosecond", () => {
    expect(kindOf([{ at: [0, 2], revision: 9, client: 1 }, { at: [1, 3], revision: 8 }])).to.equal("ok");
    expect(kindOf([{ at: [0, 2], revision: 9, client: 1 }, { at: [2, 3], revision: 8 }])).to.equal("ok");
    expect(kindOf([{ at: [0, 2], revision: 9, client: 1 }, { at: [2.000001, 3], revision: 8 }])).to.equal("violated");
  });

  it("that a member gives alone are held against the same client and member only", () => {
    const first = { at: [0, 1], revision: 9 } as const;
    expect(kindOf([first, { at: [2, 3], revision: 8, alone: true, client: 1 }])).to.equal("ok");
    expect(kindOf([first, { at: [2, 3], revision: 8, alone: true, member: "etcd-2" }])).to.equal("ok");
    expect(kindOf([first, { at: [2, 3], revision: 8, alone: true }])).to.equal("violated");
  });

  it("that a member gives alone hold for all who ask a quorum later, since they were committed", () => {
    expect(kindOf([{ at: [0, 1], revision: 9, alone: true, client: 1, member: "etcd-2" }, { at: [2, 3], revision: 8 }])).to.equal("violated");
  });

  it("that a member gives alone may go back when its process began anew, and only these", () => {
    const anew = (member: string): boolean => member === "etcd-1";
    expect(kindOf([{ at: [0, 1], revision: 9 }, { at: [2, 3], revision: 8, alone: true }], anew)).to.equal("ok");
    expect(kindOf([{ at: [0, 1], revision: 9 }, { at: [2, 3], revision: 8 }], anew)).to.equal("violated");
    expect(kindOf([{ at: [0, 1], revision: 9, member: "etcd-2" }, { at: [2, 3], revision: 8, alone: true, member: "etcd-2" }], anew)).to.equal("violated");
  });

  it("are not compared across a rewind, but before and after it", () => {
    const rewinds = [{ fromNs: 10e6, toNs: 20e6 }];
    const across = [get({ at: [0, 1], revision: 90 }), get({ at: [9, 21], revision: 70 }), get({ at: [22, 23], revision: 50 })];
    expect(checkMonotonicRevision(across, livesOn, rewinds)).to.deep.equal({ kind: "ok", checked: 2 });
    expect(checkMonotonicRevision(across, livesOn).kind).to.equal("violated");
    expect(checkMonotonicRevision([...across, get({ at: [24, 25], revision: 49 })], livesOn, rewinds).kind).to.equal("violated");
    expect(checkMonotonicRevision([get({ at: [0, 1], revision: 90 }), get({ at: [9, 10], revision: 89 }), get({ at: [20, 21], revision: 5 })], livesOn, rewinds).kind).to.equal("violated");
  });

  it("of unknown outcome say nothing", () => {
    expect(checkMonotonicRevision([get({ at: [0, 1], revision: 9 }), get({ at: [2, 3], outcome: "info" })], livesOn)).to.deep.equal({ kind: "ok", checked: 1 });
    expect(checkMonotonicRevision([], livesOn)).to.deep.equal({ kind: "ok", checked: 0 });
  });
});
