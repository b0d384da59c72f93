import { expect } from "chai";
import type { Member } from "../../src/cluster/member.ts";
import type { FaultContext } from "../../src/faults/fault.ts";
import { stillFlowing } from "../../src/faults/one-way-traffic.ts";
import { cutPairs } from "../../src/faults/partition-shape.ts";
import { Resources } from "../../src/resources.ts";
import { HastyClock } from "./hasty-clock.ts";
import { Traffic, trafficScene } from "./traffic.ts";

describe("a one-way partition's proof by the direction that is open", () => {
  const resources = new Resources();
  const traffic = new Traffic();
  const clock = new HastyClock(5);
  let members: Member[];
  let context: FaultContext;

  before(async () => {
    ({ members, context } = await trafficScene(traffic, clock, resources));
  });
  after(() => resources[Symbol.asyncDispose]());
  beforeEach(() => {
    clock.run(5);
    traffic.flowing.clear();
    traffic.leader = 1;
  });

  const out = () => cutPairs(members.slice(0, 1), members, { shape: "group", direction: "out" });

  it("holds once bytes came the other way, and none the way that is cut", async () => {
    const looking = stillFlowing(out(), context);
    await clock.sleep(300);
    traffic.flowing = new Set(["2>1", "3>1"]);
    const { proof } = (await looking) ?? {};
    expect(proof?.text).to.match(/^etcd-2 → etcd-1, etcd-3 → etcd-1: [1-9]\d* B within .+, against 0 B the way that is cut$/);
    expect(proof?.holds).to.equal(true);
  });

  it("asks it of the new leader alone, once there is one", async () => {
    traffic.leader = 3;
    traffic.flowing = new Set(["3>1"]);
    expect((await stillFlowing(out(), context))?.proof.text).to.match(/^etcd-3 → etcd-1: /);
  });

  it("does not hold where both directions are cut", async () => {
    clock.run(40);
    const { proof } = (await stillFlowing(out(), context)) ?? {};
    expect(proof?.text).to.match(/^nothing came the way that should be open within 1\d.* s: etcd-2 → etcd-1, etcd-3 → etcd-1$/);
    expect(proof?.holds).to.equal(false);
  });

  it("does not hold where none is cut", async () => {
    traffic.flowing = new Set(["1>2", "2>1", "1>3", "3>1"]);
    const { proof } = (await stillFlowing(out(), context)) ?? {};
    expect(proof?.text).to.match(/, against [1-9]\d* B the way that is cut$/);
    expect(proof?.holds).to.equal(false);
  });

  it("is not looked for where all is cut both ways, or only followers are parted", async () => {
    const shape = { shape: "links", direction: "both" } as const;
    expect(await stillFlowing(cutPairs(members, members, { ...shape, links: ["etcd-1 <-> etcd-2"] }), context)).to.equal(undefined);
    expect(await stillFlowing(cutPairs(members, members, { ...shape, links: ["etcd-2 -> etcd-3"] }), context)).to.equal(undefined);
  });
});
