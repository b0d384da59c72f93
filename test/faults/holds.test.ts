import { expect } from "chai";
import { claim, excuse, excused, hold } from "../../src/faults/holds.ts";
import { LinkDouble, memberDouble } from "./doubles.ts";

describe("holds", () => {
  it("excuse what another fault keeps in a condition, until it lets go", () => {
    const link = new LinkDouble("etcd-1", "etcd-2");
    expect(excuse([link], ["cut"])).to.equal(undefined);
    const held = hold(link, "cut");
    expect(excuse([link], ["cut"])).to.equal("etcd-1-to-etcd-2 is cut by another fault");
    held.release();
    held.release();
    expect(excuse([link], ["cut"])).to.equal(undefined);
  });

  it("do not excuse a fault by itself, nor by a condition that does not matter", () => {
    const link = new LinkDouble("etcd-1", "etcd-2");
    const own = hold(link, "cut");
    expect(excuse([link], ["cut"], [own])).to.equal(undefined);
    expect(excuse([link], ["slowed"])).to.equal(undefined);
    hold(link, "cut");
    expect(excuse([link], ["cut"], [own])).to.equal("etcd-1-to-etcd-2 is cut by another fault");
  });

  it("excuse a link by the member it leads to, and not by the one it comes from", () => {
    const members = [memberDouble("etcd-1", {}), memberDouble("etcd-2", {})] as const;
    const [there, back] = [new LinkDouble("etcd-1", "etcd-2"), new LinkDouble("etcd-2", "etcd-1")];
    hold(members[1], "paused");
    expect(excused([there, back], members, ["paused"], [])).to.deep.equal({ free: [back], excuses: ["etcd-2 is paused by another fault"] });
  });

  it("of one condition cannot be claimed twice", () => {
    const member = memberDouble("etcd-1", {});
    const first = claim(member, "paused");
    expect(() => claim(member, "paused")).to.throw("etcd-1 is paused by another fault already");
    claim(member, "killed");
    first.release();
    claim(member, "paused");
  });
});
