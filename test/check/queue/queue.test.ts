import { expect } from "chai";
import { checkQueue, handedOut } from "../../../src/check/queue.ts";
import type { Finding } from "../../../src/check/finding.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { operation } from "../sketch.ts";

type Span = readonly [number, number];

const key = (item: string): string => `queue/${item}`;
const enqueue = (process: number, span: Span, item: string, revision?: number): Operation => operation(process, span, { op: "put", key: key(item), value: item, ...(revision === undefined ? {} : { revision }) });
const refused = (process: number, span: Span, item: string): Operation => operation(process, span, { op: "put", key: key(item), value: item, outcome: "fail" });
const look = (process: number, span: Span, revision: number, items: Readonly<Record<string, number>>): Operation => {
  const kvs = Object.entries(items).map(([item, at]) => ({ key: key(item), value: item, modRevision: at, createRevision: at, version: 1 }));
  return operation(process, span, { op: "range", key: "queue/", end: "queue0", kvs, count: kvs.length, revision });
};
/** Without a revision nobody knows what came of it. */
const take = (process: number, span: Span, item: string, foundAt: number, revision?: number, succeeded = true): Operation =>
  operation(process, span, {
    op: "txn", compares: [{ key: key(item), target: "mod", is: "=", to: foundAt }], success: [{ op: "delete", key: key(item) }], failure: [],
    ...(revision === undefined ? {} : { revision, succeeded, responses: succeeded ? [{ op: "delete" as const, deleted: 1 }] : [] }),
  });

const a = enqueue(1, [0, 10], "a", 2);
const b = enqueue(2, [20, 30], "b", 3);

function expectViolated(finding: Finding, rule: string, sentence: RegExp, operations: readonly Operation[]): void {
  expect(finding).to.include({ kind: "violated", rule });
  if (finding.kind !== "violated") throw new Error("not violated");
  expect(finding.sentence).to.match(sentence);
  expect(finding.operations).to.deep.equal(operations);
}

describe("the checker of queues", () => {
  it("lets items out in the order in which they came in", () => {
    const history = [a, b, look(3, [40, 50], 3, { b: 3, a: 2 }), take(3, [60, 70], "a", 2, 4), look(3, [80, 90], 4, { b: 3 }), take(3, [100, 110], "b", 3, 5), look(1, [120, 130], 5, {})];
    expect(checkQueue(history)).to.deep.equal({ kind: "ok", checked: 7 });
    expect(handedOut(history)).to.equal(2);
  });

  it("has nothing to say of a history without a queue", () => {
    expect(checkQueue([operation(1, [0, 10], { op: "put", key: "k1", value: "x", revision: 2 })])).to.deep.equal({ kind: "ok", checked: 0 });
    expect(checkQueue([])).to.deep.equal({ kind: "ok", checked: 0 });
  });

  it("finds an item that two were given", () => {
    const [first, second] = [take(3, [40, 50], "a", 2, 3), take(4, [41, 60], "a", 2, 4)];
    expectViolated(checkQueue([a, first, second]), "handed out twice", /by process 4 on etcd-2 was given queue\/a at revision 4, and .* by process 3 on etcd-1 at revision 3$/, [first, second]);
  });

  it("finds a lost item, whoever misses it", () => {
    const missed = look(3, [40, 50], 3, { b: 3 });
    expectViolated(checkQueue([a, b, missed]), "lost item", /finds no queue\/a at revision 3, and put queue\/a = a by process 1 on etcd-2 says that it was put in at revision 2; nobody had taken it by then$/, [a, missed]);
    const told = take(3, [40, 50], "a", 2, 3, false);
    expectViolated(checkQueue([a, b, told]), "lost item", /is told at revision 3 that it is not as it was/, [a, told]);
  });

  it("finds an item that is taken out before an older one, and shows who put both in", () => {
    const taken = take(3, [40, 50], "b", 3, 4);
    expectViolated(checkQueue([a, b, taken]), "out of order", /takes queue\/b out at revision 4, which was put in at revision 3, and queue\/a was there, which was put in at revision 2/, [a, b, taken]);
  });

  it("finds an item that is there again", () => {
    const taken = take(3, [40, 50], "a", 2, 3);
    const again = look(4, [60, 70], 3, { a: 2 });
    expectViolated(checkQueue([a, taken, again]), "item came back", /finds queue\/a at revision 3, and .* had taken it out at revision 3$/, [taken, again]);
  });

  it("finds items that nobody put in, whose enqueue had failed, and that were put in later", () => {
    const seen = look(3, [40, 50], 4, { c: 4 });
    expectViolated(checkQueue([seen]), "item from nowhere", /finds queue\/c, which nobody put in$/, [seen]);
    const failed = refused(1, [0, 10], "c");
    expectViolated(checkQueue([failed, seen]), "item from nowhere", /finds queue\/c, and put queue\/c = c by process 1 on etcd-2 had failed$/, [failed, seen]);
    const later = enqueue(1, [60, 70], "c", 4);
    expectViolated(checkQueue([seen, later]), "item from nowhere", /finds queue\/c, and put .* began only later$/, [seen, later]);
  });

  it("finds an item that is known of another revision than it was put in at, or before that", () => {
    const seen = look(3, [40, 50], 3, { a: 3 });
    expectViolated(checkQueue([a, seen]), "item put in twice", /knows queue\/a of revision 3, and put queue\/a = a .* of revision 2: it was put in once$/, [a, seen]);
    const taken = take(3, [5, 50], "b", 3, 3);
    expectViolated(checkQueue([enqueue(2, [0, 30], "b", 3), taken]), "item from nowhere", /is answered revision 3, and knows queue\/b, which was put in at revision 3$/, [enqueue(2, [0, 30], "b", 3), taken]);
  });

  it("finds an answer that is older than what others had been told", () => {
    const stale = look(3, [40, 50], 2, { a: 2 });
    expectViolated(checkQueue([a, b, stale]), "revision went back", /is answered at revision 2, and it began after put queue\/b = b .* had been answered revision 3$/, [b, stale]);
  });

  it("leaves open what became of an operation of unknown outcome", () => {
    const maybe = take(3, [40, 50], "a", 2);
    const gone = look(4, [60, 70], 4, { b: 3 });
    expect(checkQueue([a, b, maybe, gone]), "it may have been taken").to.include({ kind: "ok" });
    expect(checkQueue([a, b, maybe, look(4, [60, 70], 3, { a: 2, b: 3 })]), "or not").to.include({ kind: "ok" });
    expect(checkQueue([a, b, maybe, take(4, [60, 70], "b", 3, 5)]), "so that the next is the first").to.include({ kind: "ok" });
    expect(checkQueue([a, b, gone, take(3, [80, 90], "a", 2)]), "but not before somebody wanted to").to.include({ kind: "violated", rule: "lost item" });
    const perhaps = enqueue(1, [0, 10], "c");
    expect(checkQueue([perhaps, look(4, [60, 70], 4, { c: 4 })])).to.include({ kind: "ok" });
    expect(checkQueue([perhaps, look(4, [60, 70], 4, {})])).to.include({ kind: "ok" });
    expect(checkQueue([perhaps, look(4, [60, 70], 4, { c: 4 }), look(5, [80, 90], 5, {})]), "what was seen is there").to.include({ kind: "violated", rule: "lost item" });
  });

  it("takes a page for what it shows: to its last key, and of the revision that it asks for", () => {
    const page = operation(3, [40, 50], { op: "range", key: "queue/", end: "queue0", limit: 1, kvs: [{ key: key("a"), value: "a", modRevision: 2, createRevision: 2, version: 1 }], count: 2, revision: 3 });
    expect(checkQueue([a, b, page])).to.include({ kind: "ok" });
    const old = operation(3, [40, 50], { op: "range", key: "queue/", end: "queue0", atRevision: 2, kvs: [{ key: key("a"), value: "a", modRevision: 2, createRevision: 2, version: 1 }], count: 1, revision: 3 });
    expect(checkQueue([a, b, old])).to.include({ kind: "ok" });
  });

  it("tells what each did to the queue, and how long items were there", () => {
    const taken = take(3, [40, 50], "b", 3, 4);
    const finding = checkQueue([a, b, taken]);
    if (finding.kind !== "violated") throw new Error("not violated");
    expect([...(finding.did?.values() ?? [])]).to.deep.equal(["put a in", "put b in", "take b out"]);
    expect(finding.lasting).to.deep.equal([{ by: a, from: 10, to: 50, what: "queue/a is in the queue" }, { by: b, from: 30, to: 50, what: "queue/b is in the queue" }]);
    expect(finding).to.include({ expected: "queue/a of revision 2", seen: "queue/b of revision 3" });
  });
});
