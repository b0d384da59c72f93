import { expect } from "chai";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { seededRandom } from "../../src/random.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { WatchEvent, WatchResponse } from "../../src/recording/watch.ts";
import { allKinds, correctRun } from "./histories.ts";
import { once, operation } from "./sketch.ts";
import { toldOf } from "./watched-histories.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 100);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

/** A watch of all keys that is told these puts, and all else up to a revision. */
function watch(upTo: number, puts: Readonly<Record<number, readonly [key: string, value: string]>>, { fromRevision = 2, member = "etcd-2" } = {}): WatchResponse[] {
  const common = { watcher: 0, member, atNs: 1 };
  const events = Object.entries(puts).map(([revision, [key, value]]): WatchResponse => {
    const event: WatchEvent = { type: "put", key, value, modRevision: Number(revision), createRevision: Number(revision), version: 1 };
    return { ...common, kind: "events", revision: Number(revision), events: [event] };
  });
  return [{ ...common, kind: "created", revision: 1, key: "\0", end: "\0", fromRevision, prevKv: false }, ...events, { ...common, kind: "progress", revision: upTo }];
}

const first = operation(0, [0, 10], { op: "put", key: "k", value: "a", revision: 2 });
const unknown = operation(1, [20, 30], { op: "put", key: "k", value: "x" });
const last = operation(2, [40, 50], { op: "put", key: "k", value: "b", revision: 4 });
/** Finds the key as it was created, and so often written. */
const read = (createRevision: number, version: number): Operation => operation(3, [60, 70], { op: "get", key: "k", revision: 4, value: "b", modRevision: 4, createRevision, version });
const whole = { 2: ["k", "a"], 4: ["k", "b"] } as const;

describe("unknown outcomes, with what watches were told", () => {
  it("are such that either may be without watches", () => {
    for (const version of [2, 3]) expect(checkStrictSerializable([first, unknown, last, read(2, version)]).kind, `version ${version}`).to.equal("ok");
  });

  it("have happened where a watch was told, at that revision", () => {
    const told = watch(4, { ...whole, 3: ["k", "x"] });
    expect(checkStrictSerializable([first, unknown, last, read(2, 3)], told)).to.include({ kind: "ok", checked: 4 });
    const finding = checkStrictSerializable([first, unknown, last, read(2, 2)], told);
    expect(finding).to.include({ kind: "violated", rule: "wrong creation or version" });
    expect(finding).to.have.property("sentence").that.matches(/written 2 times since, which cannot be; what watches were told shows it$/);
  });

  it("have not happened where watches were told everything else", () => {
    expect(checkStrictSerializable([first, unknown, last, read(2, 2)], watch(4, whole)).kind).to.equal("ok");
    expect(checkStrictSerializable([first, unknown, last, read(2, 3)], watch(4, whole))).to.include({ kind: "violated" });
  });

  it("are none where a write had failed and a watch was told of it", () => {
    const failed = operation(1, [20, 30], { op: "put", key: "k", value: "x", outcome: "fail", error: "UNAVAILABLE: etcdserver: no leader" });
    const finding = checkStrictSerializable([first, failed, last], watch(4, { ...whole, 3: ["k", "x"] }));
    expect(finding).to.include({ kind: "violated", rule: "failed write that happened" });
    expect(finding).to.have.property("sentence").that.matches(/^put k = x by process 1 on etcd-\d had failed, and the watch through etcd-2 was told of put k = x of revision 3, which nobody else can have made; what watches were told shows it$/);
    expect(checkStrictSerializable([first, failed, unknown, last], watch(4, { ...whole, 3: ["k", "x"] })).kind, "another may have made it").to.equal("ok");
    expect(checkStrictSerializable([first, failed, last], watch(4, { ...whole, 3: ["k", "y"] })).kind, "somebody else wrote that").to.equal("ok");
  });

  it("stay open where watches did not come to the last revision, began too late, or were of other keys", () => {
    const history = [first, unknown, last, read(2, 3)];
    expect(checkStrictSerializable(history, watch(3, { 2: ["k", "a"] })).kind).to.equal("ok");
    expect(checkStrictSerializable(history, watch(4, { 4: ["k", "b"] }, { fromRevision: 4 })).kind).to.equal("ok");
    const elsewhere = watch(4, whole).map((each): WatchResponse => (each.kind === "created" ? { ...each, key: "z", end: "zz" } : each));
    expect(checkStrictSerializable(history, elsewhere).kind).to.equal("ok");
  });

  it("have happened in the branch of a transaction that put what was told", () => {
    const txn = operation(1, [20, 30], { op: "txn", compares: [{ key: "k", target: "mod", is: "=", to: 2 }], success: [{ op: "put", key: "j", value: "yes" }], failure: [{ op: "put", key: "j", value: "no" }] });
    expect(checkStrictSerializable([first, txn], watch(3, { 2: ["k", "a"], 3: ["j", "yes"] })).kind).to.equal("ok");
    expect(checkStrictSerializable([first, txn]).kind).to.equal("ok");
    expect(checkStrictSerializable([first, txn], watch(3, { 2: ["k", "a"], 3: ["j", "no"] }))).to.include({ kind: "violated", rule: "wrong compare" });
  });

  it("are decided in histories too large to be searched", () => {
    // One more write shows, and the only one that could have done it compares with a value that nobody wrote.
    const others = Array.from({ length: 5_000 }, (_, index) => operation(9, [100 + 2 * index, 101 + 2 * index], { op: "put", key: "other", value: `v${index}`, revision: 5 + index }));
    const swap = operation(1, [20, 30], { op: "txn", compares: [{ key: "k", target: "value", is: "=", to: "never" }], success: [{ op: "put", key: "k", value: "x" }], failure: [] });
    const history = [first, swap, last, read(2, 3), ...others];
    expect(checkStrictSerializable(history).kind, "given up without watches").to.equal("ok");
    expect(checkStrictSerializable(history.slice(0, 4)).kind, "found by searching where that can be done").to.equal("violated");
    const told = watch(5_004, { ...whole, ...Object.fromEntries(others.map((_, index) => [5 + index, ["other", `v${index}`]])) });
    expect(checkStrictSerializable(history, told).kind).to.equal("violated");
  });
});

describe("a watch and an answer that contradict each other", () => {
  it("are named both where the watch was told another write of a revision", () => {
    const finding = checkStrictSerializable([first, last], watch(4, { 2: ["k", "z"], 4: ["k", "b"] }));
    expect(finding).to.include({
      kind: "violated", rule: "watch against answer",
      sentence: "put k = a by process 0 on etcd-1 made revision 2, and the watch through etcd-2 was told of put k = z of revision 2; what watches were told shows it",
    });
  });

  it("are named both where a read finds what the watch was never told", () => {
    const found = operation(3, [60, 70], { op: "get", key: "k", revision: 3, value: "x", modRevision: 3, createRevision: 2, version: 2 });
    expect(checkStrictSerializable([first, unknown, found]).kind).to.equal("ok");
    const finding = checkStrictSerializable([first, unknown, found], watch(3, { 2: ["k", "a"] }));
    expect(finding).to.include({ kind: "violated", rule: "watch against answer" });
    expect(finding).to.have.property("sentence").that.matches(/^get k by process 3 on etcd-1 reads k = x of revision 3, of which the watch through etcd-2 was never told, though it was told all of that revision/);
    expect(finding).to.have.deep.property("operations", [unknown, found]);
  });

  it("do not where others write too, or the watch had not come so far", () => {
    expect(checkStrictSerializable([first], watch(9, { 2: ["k", "a"], 5: ["j", "of others"] })).kind).to.equal("ok");
    const found = operation(3, [60, 70], { op: "get", key: "j", revision: 9, ...once("x", 9) });
    expect(checkStrictSerializable([operation(1, [0, 10], { op: "put", key: "j", value: "x" }), found], watch(8, {})).kind).to.equal("ok");
  });
});

describe("made-up histories with what watches were truly told", function () {
  this.timeout(600_000);
  const kinds = allKinds.filter((kind) => kind !== "compact");
  const keys = ["k0", "k1", "k2", "k0+", "k1+", "k2+"];
  const made = (seed: number) => correctRun(seed, { operations: 30 + (seed % 5) * 20, clients: 2 + (seed % 5), keys: 1 + (seed % 3), unknown: 0.05 + (seed % 4) * 0.05, kinds });

  it("are found correct, whether watches were told all of it or parts", () => {
    for (const seed of seeds) {
      const { history, store } = made(seed);
      const random = seededRandom(seed, "watched");
      const cut = random.int(2, store.revision + 1);
      for (const parts of [[[2, store.revision]], [[2, cut - 1], [cut, store.revision]], [[cut, store.revision]], [[2, cut - 1]]] as const) {
        const told = toldOf(store, keys, parts);
        const finding = checkStrictSerializable(history, told);
        if (finding.kind !== "ok") expect.fail(`seed ${seed}, parts ${JSON.stringify(parts)}: ${JSON.stringify(finding)}\n${[...history, ...told].map((each) => JSON.stringify(each)).join("\n")}`);
      }
    }
  });

  it("are found wrong where a write of unknown outcome that was read is not told", () => {
    let planted = 0;
    for (const seed of seeds) {
      const { history, store } = made(seed);
      const values = new Map(history.flatMap((each) => (each.outcome === "info" && each.op === "put" ? [[each.value, each] as const] : [])));
      const read = history.find((each) => each.outcome === "ok" && each.op === "get" && typeof each.value === "string" && values.has(each.value));
      if (read?.op !== "get") continue;
      planted += 1;
      const told = toldOf(store, keys, [[2, store.revision]]).map((each): WatchResponse => (each.kind === "events" ? { ...each, events: each.events.filter((event) => event.type === "delete" || event.value !== read.value) } : each));
      expect(checkStrictSerializable(history, told), `seed ${seed}`).to.include({ kind: "violated", rule: "watch against answer" });
    }
    expect(planted).to.be.greaterThan(histories / 20);
  });
});
