import { expect } from "chai";
import type { HashSample } from "../../src/recording/samples.ts";
import { recording } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const told = (member: string, hash: number, compactRevision = -1): HashSample => ({ kind: "hash", atMs: 9_100, member, atRevision: 500, ok: true, hash, compactRevision, revision: 500 });
const run = (...samples: readonly HashSample[]) => recording().phase("load", 0, 9_000).hashes(...samples);

describe("the assertion hash-kv", () => {
  it("passes where all members told one hash, and shows each", () => {
    const verdict = judged("hash-kv", {}, run(told("etcd-1", 7, 100), told("etcd-2", 7, 100), told("etcd-3", 7, 100)));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "3 members told a hash of revision 500", bound: "one hash of one revision on every member" });
    expect(verdict.evidence[2]).to.deep.equal({ kind: "status", atMs: 9_100, member: "etcd-3", text: "etcd-3: hash 7 of revision 500, compacted to 100, at revision 500" });
  });

  it("fails with both hashes, and names who is alone", () => {
    const verdict = judged("hash-kv", {}, run(told("etcd-1", 7), told("etcd-2", 8), told("etcd-3", 7)));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "different stores", reason: "etcd-2 is alone with another store at revision 500: the hash is 8 on etcd-2, and 7 on etcd-1 and etcd-3" });
    expect(verdict.evidence).to.have.length(3);
  });

  it("fails in a run that was cut short too, for nothing that comes later makes stores the same", () => {
    expect(judged("hash-kv", {}, run(told("etcd-1", 7), told("etcd-2", 8), told("etcd-3", 7)).interrupted(9_200)).outcome).to.equal("fail");
  });

  it("is inconclusive where a member told none, with its words", () => {
    const silent: HashSample = { kind: "hash", atMs: 9_100, member: "etcd-3", atRevision: 500, ok: false, error: "connect ECONNREFUSED" };
    const verdict = judged("hash-kv", {}, run(told("etcd-1", 7), told("etcd-2", 7), silent));
    expect(verdict).to.deep.include({ outcome: "inconclusive", observed: "2 members told a hash of revision 500", reason: "etcd-3 told no hash: connect ECONNREFUSED" });
    expect(verdict.evidence[2]?.text).to.equal("etcd-3: no hash of revision 500: connect ECONNREFUSED");
  });

  it("is inconclusive of an older recording, which has none", () => {
    expect(judged("hash-kv", {}, run())).to.deep.include({ outcome: "inconclusive", observed: "no hash" }).and.to.have.property("reason").that.matches(/or is older than this$/);
  });

  it("has no options", () => {
    expect(problemsOf("hash-kv", {})).to.deep.equal([]);
    expect(problemsOf("hash-kv", { during: "load" })).to.have.length(1);
    expect(titleOf("hash-kv", {})).to.equal("the members' stores at the end");
  });
});
