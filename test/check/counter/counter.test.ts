import { expect } from "chai";
import { checkCounter } from "../../../src/check/counter.ts";
import type { Finding } from "../../../src/check/finding.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { operation } from "../sketch.ts";

type Span = readonly [number, number];

const key = "number/0";
/** Without a revision nobody knows what came of it. */
const add = (process: number, span: Span, from: number, to: number, revision?: number): Operation =>
  operation(process, span, {
    op: "txn", compares: [{ key, target: "mod", is: "=", to: from }], success: [{ op: "put", key, value: `${to}` }], failure: [{ op: "get", key }],
    ...(revision === undefined ? {} : { revision, succeeded: true, responses: [{ op: "put" as const }] }),
  });
const read = (process: number, span: Span, value: number | string | null, revision: number, mod = 0, version = Number(value)): Operation =>
  operation(process, span, { op: "get", key, value: value === null ? null : `${value}`, ...(value === null ? {} : { modRevision: mod, createRevision: 2, version }), revision });

const first = add(1, [0, 10], 0, 1, 2);
const second = add(2, [20, 30], 2, 2, 3);

function expectViolated(finding: Finding, rule: string, sentence: RegExp, operations: readonly Operation[]): void {
  expect(finding).to.include({ kind: "violated", rule });
  if (finding.kind !== "violated") throw new Error("not violated");
  expect(finding.sentence).to.match(sentence);
  expect(finding.operations).to.deep.equal(operations);
}

describe("the checker of counters", () => {
  it("passes counters that count", () => {
    const refused = operation(3, [31, 39], { op: "txn", compares: [{ key, target: "mod", is: "=", to: 2 }], success: [{ op: "put", key, value: "2" }], failure: [{ op: "get", key }], succeeded: false, responses: [{ op: "get", value: "2", modRevision: 3, createRevision: 2, version: 2 }], revision: 3 });
    expect(checkCounter([read(3, [0, 5], null, 1), first, second, refused, read(3, [40, 50], 2, 3, 3)])).to.deep.equal({ kind: "ok", checked: 5 });
  });

  it("has nothing to say of a history without counters", () => {
    expect(checkCounter([operation(1, [0, 10], { op: "put", key: "k1", value: "x", revision: 2 })])).to.deep.equal({ kind: "ok", checked: 0 });
  });

  it("finds a read below what was acknowledged up to its revision", () => {
    const low = read(3, [40, 50], 1, 3, 2);
    expectViolated(checkCounter([first, second, low]), "lost increment", /^get number\/0 by process 3 on etcd-1 finds number\/0 = 1 at revision 3, by which 2 increments had been acknowledged$/, [second, low]);
    expect(checkCounter([first, second, read(3, [40, 50], null, 3)])).to.include({ kind: "violated", rule: "lost increment" });
  });

  it("finds a read above what may have been done", () => {
    const high = read(3, [40, 50], 2, 2, 2);
    expectViolated(checkCounter([first, high]), "increment from nowhere", /= 2 at revision 2, by which 1 increment had been acknowledged$/, [first, high]);
    expect(checkCounter([read(3, [0, 5], 1, 2, 2), add(1, [10, 20], 0, 1)]), "what began later is not in it").to.include({ kind: "violated", rule: "increment from nowhere" });
  });

  it("lets what is of unknown outcome be done or not, from its beginning on", () => {
    const maybe = add(2, [20, 30], 2, 2);
    expect(checkCounter([first, maybe, read(3, [40, 50], 1, 2, 2)])).to.include({ kind: "ok" });
    expect(checkCounter([first, maybe, read(3, [40, 50], 2, 3, 3)])).to.include({ kind: "ok" });
    expect(checkCounter([first, maybe, read(3, [40, 50], 3, 4, 4)])).to.include({ kind: "violated", rule: "increment from nowhere" });
  });

  it("counts those that went by the same revision once, as only one of them can have been done", () => {
    const [one, other] = [add(2, [20, 30], 2, 2), add(3, [20, 30], 2, 2)];
    expect(checkCounter([first, one, other, read(4, [40, 50], 2, 3, 3)])).to.include({ kind: "ok" });
    expect(checkCounter([first, one, other, read(4, [40, 50], 3, 4, 4)])).to.include({ kind: "violated", rule: "increment from nowhere" });
    expect(checkCounter([first, second, one, read(4, [40, 50], 3, 4, 4)]), "none, where another was acknowledged").to.include({ kind: "violated", rule: "increment from nowhere" });
  });

  it("finds two that were both added to the same", () => {
    const twice = add(3, [21, 40], 2, 2, 4);
    expectViolated(checkCounter([first, second, twice]), "lost increment", /was added at revision 4 to the number\/0 of revision 2, as .* had been at revision 3$/, [second, twice]);
  });

  it("finds an increment that was written over, even where an unknown one would make up for it", () => {
    const maybe = add(3, [20, 30], 3, 3);
    const over = read(4, [40, 50], 2, 5, 5, 3);
    expectViolated(checkCounter([first, second, maybe, over]), "lost increment", /finds number\/0 = 2, and it was written 3 times$/, [second, over]);
    expect(checkCounter([first, second, maybe, read(4, [40, 50], 2, 5, 2)])).to.include({ kind: "violated", rule: "lost increment" });
  });

  it("finds a counter that goes back from one revision to a later one", () => {
    const maybe = add(2, [20, 30], 2, 2);
    const [before, after] = [read(3, [40, 50], 2, 4, 3), read(4, [60, 70], 1, 5, 2)];
    expectViolated(checkCounter([first, maybe, before, after]), "counter went back", /^get number\/0 by process 4 on etcd-2 finds number\/0 = 1 at revision 5, and .* finds 2 at revision 4$/, [before, after]);
  });

  it("finds a read of the past", () => {
    const stale = read(3, [40, 50], 1, 2, 2);
    expectViolated(checkCounter([first, second, stale]), "revision went back", /is answered at revision 2, and it began after .* had been answered revision 3$/, [second, stale]);
    expect(checkCounter([first, second, { ...stale, op: "get", key, serializable: true }]), "which one may be that asks for no more").to.include({ kind: "ok" });
  });

  it("finds what is no number, and another number than was written at its revision", () => {
    expect(checkCounter([first, read(3, [40, 50], "x", 2, 2, 1)])).to.include({ kind: "violated", rule: "value from nowhere" });
    const maybe = add(2, [20, 30], 2, 2);
    expect(checkCounter([first, maybe, read(3, [40, 50], 2, 2, 2)])).to.include({ kind: "violated", rule: "value from nowhere" });
    expect(checkCounter([first, read(3, [40, 50], 1, 4, 3)]), "a revision that nobody can have made").to.include({ kind: "violated", rule: "increment from nowhere" });
  });

  it("looks at all counters at the end, also at those that are not there", () => {
    const end = (kvs: readonly { readonly key: string; readonly value: string; readonly modRevision: number; readonly createRevision: number; readonly version: number }[]): Operation =>
      operation(3, [40, 50], { op: "range", key: "number/", end: "number0", limit: 10, kvs, count: kvs.length, revision: 3, final: true });
    expect(checkCounter([first, second, end([{ key, value: "2", modRevision: 3, createRevision: 2, version: 2 }])])).to.include({ kind: "ok" });
    expect(checkCounter([first, second, end([])])).to.include({ kind: "violated", rule: "lost increment" });
  });

  it("tells what each did to the counter", () => {
    const finding = checkCounter([first, second, read(3, [40, 50], 1, 3, 2)]);
    expect(finding.kind === "violated" && [...(finding.did?.values() ?? [])]).to.deep.equal(["add 1 to 0: 2"]);
    expect(finding).to.include({ expected: "2 or more", seen: "number/0 = 1" });
  });
});
