import { expect } from "chai";
import { checkWatch } from "../../../src/check/watch.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import type { KeyValue } from "../../../src/recording/operations/key-value.ts";
import type { Before, WatchEvent, WatchResponse } from "../../../src/recording/watch.ts";

type Put = Extract<WatchEvent, { type: "put" }>;

const put = (modRevision: number, key = "k1", more: Partial<Put> = {}): Put => ({ type: "put", key, value: `v${modRevision}`, modRevision, createRevision: modRevision, version: 1, ...more });
const again = (modRevision: number, prev: Before): Put => put(modRevision, "k1", { createRevision: prev.createRevision, version: prev.version + 1, prev });
const before = ({ value, modRevision, createRevision, version }: Put): Before => ({ value, modRevision, createRevision, version });

/** What one watcher is told: numbers are progress, lists are changes, an object is a beginning. */
function watcher(number: number, ...said: readonly (number | readonly WatchEvent[] | { readonly from: number })[]): WatchResponse[] {
  const common = { watcher: number, member: `etcd-${number + 1}` };
  return said.map((each, index): WatchResponse => {
    const at = { ...common, atNs: 10 * index + number };
    if (typeof each === "number") return { ...at, kind: "progress", revision: each };
    if ("from" in each) return { ...at, kind: "created", revision: 1, key: "k", end: "l", fromRevision: each.from, prevKv: true };
    return { ...at, kind: "events", revision: each.at(-1)?.modRevision ?? 0, events: each };
  });
}

const acknowledged = (revision: number, key = "k1", value = `v${revision}`): Operation => ({ process: 7, client: 1, member: "etcd-2", op: "put", key, value, intendedNs: 1, invokeNs: 1, returnNs: 2, outcome: "ok", revision });

function ruleAndSentence(responses: readonly WatchResponse[], history: readonly Operation[] = [], compactedTo = 0): readonly string[] {
  const finding = checkWatch({ responses, history, compactedTo });
  return finding.kind === "violated" ? [finding.rule, finding.sentence] : [finding.kind];
}

const [two, three] = [put(2), again(3, before(put(2)))];

describe("what watches promise", () => {
  it("is not known where nobody watched", () => {
    expect(checkWatch({ responses: [], history: [acknowledged(2)], compactedTo: 0 })).to.deep.equal({ kind: "unknown", because: "nobody watched", checked: 0, of: 0 });
  });

  it("counts every change told", () => {
    const responses = [...watcher(0, { from: 2 }, [two, three], 3), ...watcher(1, { from: 2 }, [two], [three])];
    expect(checkWatch({ responses, history: [acknowledged(2)], compactedTo: 0 })).to.deep.equal({ kind: "ok", checked: 4 });
  });

  it("is broken by an acknowledged write that no watch was told, and says by which", () => {
    const finding = checkWatch({ responses: watcher(0, { from: 2 }, [two], 4), history: [acknowledged(3, "k2")], compactedTo: 0 });
    expect(finding).to.deep.include({ kind: "violated", rule: "reliable" });
    expect(finding).to.have.property("sentence", "the watch through etcd-1 was never told put k2 = v3 by process 7, which was acknowledged at revision 3, and goes on to progress to revision 4");
    expect(finding.kind === "violated" && finding.operations.map((each) => ("op" in each ? each.op : each.kind))).to.deep.equal(["events", "put", "progress"]);
  });

  it("is not held against a watch that has not come so far", () => {
    expect(ruleAndSentence(watcher(0, { from: 2 }, [two], 2), [acknowledged(3)])).to.deep.equal(["ok"]);
    expect(ruleAndSentence(watcher(0, { from: 2 }), [acknowledged(3)])).to.deep.equal(["ok"]);
  });

  it("is not held against a watch for keys and revisions that it did not ask for", () => {
    expect(ruleAndSentence(watcher(0, { from: 3 }, 9), [acknowledged(2), acknowledged(5, "other")])).to.deep.equal(["ok"]);
  });

  it("is broken by progress to before the revision that was asked for, and not by one to right before it", () => {
    expect(ruleAndSentence(watcher(0, { from: 9 }, 7))).to.deep.equal(["bookmarkable", "the watch through etcd-1 was told of progress to revision 7, and had asked for revision 9 and later"]);
    expect(ruleAndSentence(watcher(0, { from: 9 }, 8))).to.deep.equal(["ok"]);
  });

  it("asks the shown change alone of a large response", () => {
    const [four, five] = [put(4, "k4"), put(5, "k5")];
    const finding = checkWatch({ responses: [...watcher(0, { from: 2 }, [two, three, four, five]), ...watcher(1, { from: 2 }, [two, three, five])], history: [], compactedTo: 0 });
    expect(finding.kind === "violated" && finding.operations).to.have.length(3);
    expect(finding).to.have.property("sentence", "the watch through etcd-2 was never told put k4 = v4 of revision 4, which the watch through etcd-1 was told, and goes on with put k5 = v5 of revision 5");
    expect(finding.kind === "violated" && finding.operations.every((each) => "events" in each && each.events.length === 1)).to.equal(true);
  });

  it("tells where a watch should have begun", () => {
    expect(ruleAndSentence([...watcher(0, { from: 2 }, [two, three]), ...watcher(1, { from: 2 }, [three])])).to.deep.equal([
      "resumable",
      "the watch through etcd-2 from revision 2 on was never told put k1 = v2 of revision 2, which the watch through etcd-1 was told, and goes on with put k1 = v3 of revision 3",
    ]);
  });

  it("takes a first revision of which one change is missing for a gap, and not for a wrong beginning", () => {
    const both = [two, put(2, "k2")];
    expect(ruleAndSentence([...watcher(0, { from: 2 }, both), ...watcher(1, { from: 2 }, [two])])[0]).to.equal("reliable");
    expect(ruleAndSentence([...watcher(0, { from: 2 }, both), ...watcher(1, { from: 2 }, both.slice(1))])[0]).to.equal("reliable");
  });

  it("is broken by a watch that tells other than was acknowledged at a revision", () => {
    expect(ruleAndSentence(watcher(0, { from: 2 }, [two]), [acknowledged(2, "k1", "mine")])).to.deep.equal([
      "agreed",
      "the watch through etcd-1 was told put k1 = v2 of revision 2, and put k1 = mine by process 7 on etcd-2 was acknowledged at that revision",
    ]);
    const deleted: WatchEvent = { type: "delete", key: "k1", modRevision: 2 };
    expect(ruleAndSentence(watcher(0, { from: 2 }, [deleted]), [acknowledged(2)])[0]).to.equal("agreed");
  });

  it("is broken by a member that tells another version of the same change", () => {
    expect(ruleAndSentence([...watcher(0, { from: 2 }, [two]), ...watcher(1, { from: 2 }, [put(2, "k1", { version: 4 })])])).to.deep.equal([
      "agreed",
      "the watch through etcd-1 was told put k1 = v2 of revision 2, and the watch through etcd-2 the same as version 4 since revision 2 instead of as version 1 since revision 2",
    ]);
  });

  it("tells the key as it should have been before", () => {
    const finding = checkWatch({ responses: watcher(0, { from: 2 }, [two, { ...three, prev: { ...before(two), value: "v0" } }]), history: [], compactedTo: 0 });
    expect(finding).to.deep.include({
      rule: "prev-kv",
      expected: "with v2 of revision 2, version 1, created at revision 2, before it",
      seen: "with v0 of revision 2, version 1, created at revision 2, before it",
    });
  });

  it("is broken by a key before that is left out, unless its revision was compacted", () => {
    const { prev: _, ...bare } = three;
    const responses = watcher(0, { from: 2 }, [two, bare]);
    expect(ruleAndSentence(responses)[0]).to.equal("prev-kv");
    expect(ruleAndSentence(responses, [], 2), "the revision before is still there")
      .to.deep.equal(["prev-kv", "the watch through etcd-1 was told put k1 = v3 of revision 3 with no key before it, instead of with v2 of revision 2, version 1, created at revision 2, before it"]);
    expect(ruleAndSentence(responses, [], 3)).to.deep.equal(["ok"]);
  });

  it("says nothing of a key's past that nobody was told", () => {
    const late = again(9, { value: "v5", modRevision: 5, createRevision: 4, version: 2 });
    expect(ruleAndSentence(watcher(0, { from: 8 }, [late])), "begun later").to.deep.equal(["ok"]);
    expect(ruleAndSentence(watcher(0, { from: 2 }, [two], { from: 8 }, [late])), "a compaction between").to.deep.equal(["ok"]);
    expect(ruleAndSentence([...watcher(0, { from: 2 }, [two], 7, { from: 8 }, [late])])[0], "nothing happened between").to.equal("is-create");
  });

  it("is broken by a delete that leaves the version going on", () => {
    const deleted: WatchEvent = { type: "delete", key: "k1", modRevision: 3, prev: before(two) };
    expect(ruleAndSentence(watcher(0, { from: 2 }, [two, deleted, put(4)]))).to.deep.equal(["ok"]);
    expect(ruleAndSentence(watcher(0, { from: 2 }, [two, deleted, put(4, "k1", { createRevision: 2, version: 2 })]))).to.deep.equal([
      "is-create",
      "the watch through etcd-1 was told put k1 = v4 of revision 4 as version 2, created at revision 2, instead of as version 1, created at revision 4",
    ]);
  });

  describe("after a compaction", () => {
    const gone = (watcher: number, atNs: number, compactRevision: number): WatchResponse => ({ watcher, member: `etcd-${watcher + 1}`, atNs, kind: "canceled", revision: 9, compactRevision, error: "required revision has been compacted" });
    const deleted: WatchEvent = { type: "delete", key: "k1", modRevision: 4 };
    const removal: Operation = { process: 7, client: 1, member: "etcd-2", op: "delete", key: "k1", deleted: 1, intendedNs: 1, invokeNs: 1, returnNs: 2, outcome: "ok", revision: 4 };

    it("is kept by a watch that is told so, and goes on at the first revision that is left", () => {
      expect(ruleAndSentence([...watcher(0, { from: 2 }), gone(0, 5, 4), ...watcher(0, { from: 4 }, [deleted, put(5)], 9)], [acknowledged(2), acknowledged(3), removal, acknowledged(5)])).to.deep.equal(["ok"]);
    });

    it("is broken by one that skips what was compacted without being told", () => {
      expect(ruleAndSentence(watcher(0, { from: 2 }, [put(5)], 9), [acknowledged(2), acknowledged(3), removal, acknowledged(5)])[0]).to.equal("resumable");
      expect(ruleAndSentence(watcher(0, { from: 2 }, [two], [put(5)], 9), [acknowledged(2), acknowledged(3), removal, acknowledged(5)])).to.deep.equal([
        "reliable",
        "the watch through etcd-1 was never told put k1 = v3 by process 7, which was acknowledged at revision 3, and goes on with put k1 = v5 of revision 5",
      ]);
    });

    it("is broken by one that goes on at the revision of a delete and is not told of it (etcd#18089)", () => {
      const resumed = [...watcher(0, { from: 2 }), gone(0, 5, 4), ...watcher(0, { from: 4 }, [put(5)], 9)];
      expect(ruleAndSentence(resumed, [removal, acknowledged(5)])).to.deep.equal([
        "resumable",
        "the watch through etcd-1 from revision 4 on was never told delete k1 by process 7, which was acknowledged at revision 4, and goes on with put k1 = v5 of revision 5",
      ]);
    });

    it("is broken by one that is ended though nothing that it has yet to be told was compacted", () => {
      const [finding] = [checkWatch({ responses: [...watcher(0, { from: 4 }), gone(0, 5, 4)], history: [], compactedTo: 4 })];
      expect(finding).to.deep.include({ rule: "compacted", sentence: "the watch through etcd-1 was ended as revisions before 4 had been compacted, and had asked for revision 4 and later" });
      expect(ruleAndSentence([...watcher(0, { from: 2 }, [two, three]), gone(0, 25, 4)])).to.deep.equal(["compacted", "the watch through etcd-1 was ended as revisions before 4 had been compacted, and had been told everything up to revision 3"]);
      expect(ruleAndSentence([...watcher(0, { from: 2 }, [two, three]), gone(0, 25, 5)])).to.deep.equal(["ok"]);
    });
  });

  describe("where a watcher lists first", () => {
    const kv = (modRevision: number, more: Partial<KeyValue> = {}): KeyValue => ({ key: "k1", value: `v${modRevision}`, modRevision, createRevision: modRevision, version: 1, ...more });
    const list = (revision: number, kvs: readonly KeyValue[], askedNs = 0): WatchResponse => ({ watcher: 1, member: "etcd-2", atNs: 1_000, kind: "listed", key: "k", end: "l", askedNs, revision, kvs });
    const informer = (listed: WatchResponse, ...said: Parameters<typeof watcher>[1][]): WatchResponse[] => [listed, ...watcher(1, ...said)];
    const listed = (what: WatchResponse, told: readonly WatchEvent[] = [two, three]): readonly string[] => ruleAndSentence([...watcher(0, { from: 2 }, told, 9), what]);

    it("is kept by a list of what was there, with what was told since", () => {
      const after = again(6, { value: "v3", modRevision: 3, createRevision: 2, version: 2 });
      const responses = [...watcher(0, { from: 2 }, [two, three], [after]), ...informer(list(4, [kv(3, { createRevision: 2, version: 2 })]), { from: 5 }, [after])];
      expect(ruleAndSentence(responses, [acknowledged(2), acknowledged(3)])).to.deep.equal(["ok"]);
    });

    it("is broken by a list that leaves out a key, or has another one than there was", () => {
      expect(listed(list(4, []))).to.deep.equal(["listed", "the watch through etcd-2 began with a list of revision 4 without put k1 = v3 of revision 3, version 2"]);
      expect(listed(list(4, [kv(2)]))).to.deep.equal(["listed", "the watch through etcd-2 began with a list of revision 4 with k1 = v2 of revision 2, version 1, and there was put k1 = v3 of revision 3, version 2"]);
      expect(listed(list(4, [kv(3, { value: "w", createRevision: 2, version: 2 })]))[0]).to.equal("listed");
      expect(listed(list(4, [kv(3)]))[0], "another version").to.equal("listed");
      expect(listed(list(4, [kv(3, { createRevision: 2, version: 2 }), kv(4, { key: "k9" })]))[1]).to.match(/with k9 = v4 of revision 4, version 1, which no watch was told$/);
      expect(listed(list(4, [kv(3, { createRevision: 2, version: 2 }), kv(4, { key: "z" })]))[1]).to.match(/with z = v4 of revision 4, version 1, which was not asked for$/);
      expect(listed(list(2, [kv(3, { createRevision: 2, version: 2 })]))[0], "a later one").to.equal("listed");
    });

    it("is broken by a list that has a key which was deleted, be it told or acknowledged", () => {
      const deleted: WatchEvent = { type: "delete", key: "k1", modRevision: 4, prev: before(three) };
      expect(listed(list(5, [kv(3, { createRevision: 2, version: 2 })]), [two, three, deleted])[1]).to.match(/and there was delete k1 of revision 4$/);
      const removal: Operation = { process: 7, client: 1, member: "etcd-2", op: "delete", key: "k1", deleted: 1, intendedNs: 1, invokeNs: 1, returnNs: 2, outcome: "ok", revision: 4 };
      expect(ruleAndSentence([...informer(list(5, [kv(3)]), { from: 6 }, 9)], [removal])[1]).to.match(/and there was delete k1 of revision 4$/);
      expect(listed(list(5, []), [two, three, deleted])).to.deep.equal(["ok"]);
    });

    it("is not held against a list that leaves out a key which somebody may have deleted unseen", () => {
      expect(ruleAndSentence(informer(list(4, []), { from: 5 }, 9), [acknowledged(3)])).to.deep.equal(["ok"]);
    });

    it("is broken by a list of the past: from before what was answered when it was asked for", () => {
      const late = (askedNs: number): readonly string[] => ruleAndSentence(informer(list(2, [kv(2)], askedNs), { from: 3 }, [three]), [acknowledged(2), { ...acknowledged(3), returnNs: 50 }]);
      expect(late(51)).to.deep.equal(["listed", "the watch through etcd-2 began with a list of revision 2, and had asked for it after put k1 = v3 by process 7 had been answered revision 3"]);
      expect(late(50), "at the same time").to.deep.equal(["ok"]);
    });

    it("says by the list what the first change of a key must fit", () => {
      const fits = again(6, { value: "v3", modRevision: 3, createRevision: 3, version: 1 });
      expect(ruleAndSentence(informer(list(5, [kv(3)]), { from: 6 }, [fits]))).to.deep.equal(["ok"]);
      expect(ruleAndSentence(informer(list(5, [kv(3)]), { from: 6 }, [put(6)]))[0]).to.equal("is-create");
      expect(ruleAndSentence(informer(list(5, []), { from: 6 }, [fits]))[0]).to.equal("is-create");
      expect(ruleAndSentence(informer(list(5, [kv(3, { value: "w" })]), { from: 6 }, [fits]))[0]).to.equal("prev-kv");
      expect(ruleAndSentence(informer(list(5, [kv(3)]), { from: 7 }, [fits]))[0], "what is not known of").to.equal("resumable");
    });
  });

  it("names the key of a watch of one alone", () => {
    const one = watcher(0, { from: 2 }, [three]).map((each): WatchResponse => (each.kind === "created" ? { watcher: 0, member: "etcd-1", atNs: 0, kind: "created", revision: 1, key: "k1", fromRevision: 2, prevKv: true } : each));
    expect(ruleAndSentence([...one, ...watcher(1, { from: 2 }, [two, three])])[1]).to.match(/^the watch of k1 through etcd-1 from revision 2 on was never told put k1 = v2 of revision 2/);
  });

  it("is looked at as far as it is chosen", () => {
    const responses = watcher(0, { from: 2 }, [three], [two]);
    expect(ruleAndSentence(responses)[0]).to.equal("ordered");
    expect(checkWatch({ responses, history: [], compactedTo: 0 }, ["unique", "filter"]).kind).to.equal("ok");
  });
});
