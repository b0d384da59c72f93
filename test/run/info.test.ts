import { expect } from "chai";
import { withIdsOf } from "../../src/run/info.ts";
import { memberDouble } from "../faults/doubles.ts";

describe("the ids in a run's description", () => {
  const known = [{ name: "etcd-1", id: "a1" }, { name: "etcd-2", id: "a2", formerIds: ["90"] }];

  it("stay the same list where all members have kept theirs", () => {
    expect(withIdsOf([memberDouble("etcd-1", {}), memberDouble("etcd-2", {})], known)).to.equal(known);
  });

  it("tell the new one of a member that was replaced, and all it had before", () => {
    const replaced = memberDouble("etcd-2", {}, { id: "b2" });
    expect(withIdsOf([memberDouble("etcd-1", {}), replaced], known)).to.deep.equal([{ name: "etcd-1", id: "a1" }, { name: "etcd-2", id: "b2", formerIds: ["90", "a2"] }]);
  });
});
