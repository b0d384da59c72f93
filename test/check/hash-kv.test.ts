import { expect } from "chai";
import fc from "fast-check";
import { checkHashes } from "../../src/check/hash-kv.ts";
import type { HashSample } from "../../src/recording/samples.ts";

const members = ["etcd-1", "etcd-2", "etcd-3"];

interface Sketch {
  readonly hash?: number;
  readonly compactRevision?: number;
  readonly atRevision?: number;
  readonly revision?: number;
}

const told = (member: string, { hash = 111, compactRevision = -1, atRevision = 500, revision = 500 }: Sketch = {}): HashSample => ({ kind: "hash", atMs: 10, member, atRevision, ok: true, hash, compactRevision, revision });
const silent = (member: string, error: string, learner?: true): HashSample => ({ kind: "hash", atMs: 10, member, atRevision: 500, ok: false, error, ...(learner === undefined ? {} : { learner }) });

describe("hashes of stores", () => {
  it("are well where all members told the same one", () => {
    expect(checkHashes(members.map((member) => told(member)), members)).to.deep.equal({ kind: "ok", checked: 3 });
  });

  it("say who is alone, with its hash and that of the others", () => {
    const found = checkHashes([told("etcd-1"), told("etcd-2"), told("etcd-3", { hash: 222 })], members);
    expect(found).to.deep.include({ kind: "violated", rule: "different stores", expected: "111 on etcd-1 and etcd-2", seen: "222 on etcd-3" });
    expect(found).to.have.property("sentence", "etcd-3 is alone with another store at revision 500: the hash is 222 on etcd-3, and 111 on etcd-1 and etcd-2");
    expect(found).to.have.nested.property("illegal.member", "etcd-3");
  });

  it("take nobody's side where none is told by most", () => {
    const each = members.map((member, index) => told(member, { hash: index, compactRevision: 300 }));
    expect(checkHashes(each, members)).to.have.property("sentence", "the stores differ at revision 500, compacted to 300: the hash is 0 on etcd-1, and 1 on etcd-2, and 2 on etcd-3");
    const two = [told("etcd-1"), told("etcd-2", { hash: 222 })];
    expect(checkHashes(two, members.slice(0, 2))).to.have.property("sentence").that.matches(/^the stores differ at revision 500: /);
  });

  it("name several that differ from most of five", () => {
    const five = [1, 2, 3, 4, 5].map((number) => told(`etcd-${number}`, { hash: number > 3 ? 222 : 111 }));
    expect(checkHashes(five, five.map(({ member }) => member))).to.have.property("sentence", "etcd-4 and etcd-5 have other stores at revision 500: the hash is 222 on etcd-4 and etcd-5, and 111 on etcd-1 and etcd-2 and etcd-3");
  });

  it("are compared of one revision and one compact revision alone", () => {
    expect(checkHashes([told("etcd-1"), told("etcd-2"), told("etcd-3", { hash: 222, compactRevision: 300 })], members)).to.deep.include({
      kind: "unknown", because: "hashes cannot be compared: etcd-1 had compacted to -1, etcd-2 had compacted to -1, etcd-3 had compacted to 300",
    });
    expect(checkHashes([told("etcd-1", { atRevision: 400 }), told("etcd-2", { atRevision: 400 }), told("etcd-3", { hash: 222 })], members)).to.deep.include({
      kind: "unknown", because: "hashes cannot be compared: etcd-1 was asked for revision 400, etcd-2 was asked for revision 400, etcd-3 was asked for revision 500",
    });
  });

  it("leave it open where a member is silent or was not asked, and name it", () => {
    expect(checkHashes([told("etcd-1"), told("etcd-2"), silent("etcd-3", "connection refused")], members)).to.deep.equal({ kind: "unknown", because: "etcd-3 told no hash: connection refused", checked: 2, of: 3 });
    expect(checkHashes([told("etcd-1"), told("etcd-2")], members)).to.deep.include({ kind: "unknown", because: "etcd-3 was not asked" });
  });

  it("leave it open where a member lags, whose store is the same as far as it goes", () => {
    expect(checkHashes([told("etcd-1", { revision: 510 }), told("etcd-2", { revision: 510 }), told("etcd-3")], members)).to.deep.include({ kind: "unknown", because: "etcd-3 is at revision 500 of 510 only" });
  });

  it("are violated whoever else is silent or lags", () => {
    expect(checkHashes([told("etcd-1"), told("etcd-2", { hash: 222 }), silent("etcd-3", "refused")], members).kind).to.equal("violated");
    expect(checkHashes([told("etcd-1", { revision: 510 }), told("etcd-2"), told("etcd-3", { hash: 222 })], members).kind).to.equal("violated");
  });

  it("need none of a learner", () => {
    expect(checkHashes([told("etcd-1"), told("etcd-2"), silent("etcd-3", "rpc not supported for learner", true)], members)).to.deep.equal({ kind: "ok", checked: 2 });
    expect(checkHashes([told("etcd-1"), silent("etcd-2", "not supported", true)], ["etcd-1", "etcd-2"])).to.have.property("because").that.matches(/^there is only one store/);
  });

  it("say nothing where nobody was asked, and of one member alone", () => {
    expect(checkHashes([], members)).to.deep.include({ kind: "unknown", because: "no member was asked for the hash of its store: the run was cut short, or is older than this" });
    expect(checkHashes([told("etcd-1")], ["etcd-1"])).to.deep.include({ kind: "unknown", because: "there is only one store, and nothing to compare it with" });
  });

  it("are ok only where every member told one hash of one state, whatever was told", () => {
    const figure = fc.constantFrom(1, 2);
    const state = fc.record({ hash: figure, compactRevision: figure, revision: fc.constantFrom(5, 6) });
    const sample = fc.oneof(
      state.map((sketch) => (member: string) => told(member, sketch)),
      fc.constant((member: string) => silent(member, "refused")),
    );
    fc.assert(
      fc.property(fc.tuple(sample, sample, sample), (sketches) => {
        const samples = sketches.map((of, index) => of(members[index] ?? ""));
        const states = new Set(samples.map((each) => (each.ok ? JSON.stringify([each.hash, each.compactRevision, each.revision]) : "silent")));
        expect(checkHashes(samples, members).kind === "ok").to.equal(states.size === 1 && !states.has("silent"));
      }),
    );
  });
});
