import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { upgrade } from "../../src/faults/upgrade.ts";
import { sortForUpgrade } from "../../src/faults/upgrade-order.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

/** A member that can be started by other etcds; its own is 3.4.1. */
async function double(name = "etcd-1") {
  const own: { runsBy: string | undefined } = { runsBy: undefined };
  const member = Object.assign(await livingDouble(name), {
    ...own,
    async changeEtcd(asked?: string) {
      const version = asked ?? "3.4.1";
      await member.process.act("change", () => void (member.process.version = version));
      member.runsBy = asked;
      return { version, source: "double" };
    },
  });
  Object.assign(member.process, { version: "3.4.1", clusterVersion: "3.4.0" });
  return member;
}

const to = "3.5.7";

describe("an upgrade", () => {
  it("asks for the etcd that it is to, before the run", () => {
    expect(upgrade.bind({ target: "all", to: "3.5" }).etcds).to.deep.equal(["3.5"]);
  });

  for (const good of ["3.5", "v3.5.7", "3.6.0-rc.1", "image:etcd:3.5", "./bin/etcd"]) {
    it(`can be to ${good}`, () => expect(upgrade.options.safeParse({ target: "all", to: good }).success).to.equal(true));
  }
  for (const bad of [3.5, "newest", "", "3", "image:"]) {
    it(`cannot be to ${JSON.stringify(bad)}`, () => expect(upgrade.options.safeParse({ target: "all", to: bad }).success).to.equal(false));
  }

  it("cannot be taken back where all are upgraded", () => {
    const unfit = (target: string, memberCount: number): string | undefined => upgrade.bind({ target, to, back: true }).unfit(memberCount);
    expect([unfit("all", 3), unfit("leader", 1)]).to.deep.equal(Array(2).fill("once all members are upgraded etcd refuses to go back"));
    expect(unfit("majority", 3)).to.equal(undefined);
  });

  it("stops each member in order, and is proven by its process and by what it says that it is", async () => {
    await using first = await double("etcd-1");
    await using second = await double("etcd-2");
    const active = await hurt(upgrade, [first, second], { options: { to, pause: "20ms" } });
    const { proofs } = await active.effect();
    expect(proofs.map(({ source, holds }) => `${source} ${holds}`)).to.deep.equal([...Array(2).fill(["process start true", "version true", "health true"]).flat(), "cluster version true"]);
    expect(proofs[1]?.text).to.equal("etcd-1 is etcd 3.5.7, and said 3.4.1 before");
    expect(proofs.at(-1)?.text).to.equal("the cluster goes by 3.4.0, of members 3.5.7");
    await active.heal();
    expect(first.process.done).to.deep.equal(["stop", "change", "restart"]);
    expect(second.process.done).to.deep.equal(["stop", "change", "restart"]);
  });

  it("that changes nothing is told by what the member says", async () => {
    await using member = await double();
    member.process.ignores.add("change");
    const active = await hurt(upgrade, [member], { options: { to } });
    expect((await active.effect()).proofs).to.deep.include({ source: "version", text: "etcd-1 is etcd 3.4.1, as it was before", holds: false });
    await active.heal();
  });

  it("to another version than was asked for is told", async () => {
    await using member = await double();
    member.process.ignores.add("change");
    const active = await hurt(upgrade, [member], { options: { to } });
    member.process.version = "3.5.6";
    expect((await active.effect()).proofs.find(({ source }) => source === "version")?.holds).to.equal(false);
    await active.heal();
  });

  it("of a part is not proven where the cluster takes the new version all the same", async () => {
    await using member = await double();
    member.process.clusterVersion = "3.6.0";
    const active = await hurt(upgrade, [member], { options: { to }, clock: new HastyClock(20) });
    expect((await active.effect()).proofs.at(-1)).to.deep.equal({ source: "cluster version", text: "the cluster goes by 3.6.0, of members 3.5.7", holds: false });
    await active.heal();
  });

  it("has not healed while the cluster still goes by the old version", async () => {
    await using member = await double();
    const clock = new HastyClock();
    const active = await hurt(upgrade, [member], { options: { to }, clock });
    await active.effect();
    await active.heal();
    clock.run(20);
    // The double's raft id is not its own: only what is said of versions is looked at here.
    const said = async (): Promise<string[]> => (await active.healed()).proofs.filter(({ source }) => source.includes("version")).map(({ text, holds }) => `${text}: ${holds}`);
    expect(await said()).to.deep.equal(["etcd-1 is etcd 3.5.7: true", "the cluster goes by 3.4.0, of members 3.5.7: false"]);
    member.process.clusterVersion = "3.5.0";
    expect(await said()).to.deep.equal(["etcd-1 is etcd 3.5.7: true", "the cluster goes by 3.5.0, of members 3.5.7: true"]);
  });

  it("that fails to start a member starts it as it was, and leaves the others alone", async () => {
    await using first = await double("etcd-1");
    await using second = await double("etcd-2");
    first.process.refusals.set("restart", 1);
    const active = await hurt(upgrade, [first, second], { options: { to, pause: "1ms" } });
    expect(await active.effect().catch(messageOf)).to.equal("it refuses to restart");
    expect([first.process.kind, first.process.version, first.runsBy]).to.deep.equal(["running", "3.4.1", undefined]);
    expect(second.process.done).to.deep.equal([]);
    await active.heal();
  });

  it("says how far it came where its time is over", async () => {
    await using first = await double("etcd-1");
    await using second = await double("etcd-2");
    const ending = new AbortController();
    const active = await hurt(upgrade, [first, second], { options: { to, pause: "10s" }, signal: ending.signal });
    const trouble = active.effect().catch(messageOf);
    while (!first.process.done.includes("restart")) await new HastyClock().sleep(5);
    await new HastyClock().sleep(200);
    ending.abort(new Error("over"));
    expect(await trouble).to.equal("it ended when 1 of 2 members had had their turn");
    await active.heal();
    expect(second.process.done).to.deep.equal([]);
  });

  it("goes back in reverse order, once, and those that do not are tried again", async () => {
    await using first = await double("etcd-1");
    await using second = await double("etcd-2");
    await using third = await double("etcd-3");
    const turns: string[] = [];
    for (const member of [first, second]) {
      const { changeEtcd } = member;
      member.changeEtcd = (asked) => {
        turns.push(`${member.name} ${asked ?? "own"}`);
        return changeEtcd(asked);
      };
    }
    const active = await hurt(upgrade, [first, second], { options: { target: "majority", to, pause: "1ms", back: true } });
    await active.effect();
    first.process.refusals.set("restart", 1);
    expect(await active.heal().catch(messageOf)).to.equal("it refuses to restart");
    expect(first.process.version).to.equal(to, "it was started as it was");
    await active.heal();
    await active.heal();
    expect(turns).to.deep.equal([`etcd-1 ${to}`, `etcd-2 ${to}`, "etcd-2 own", "etcd-1 own", `etcd-1 ${to}`, "etcd-1 own"]);
    expect([first, second, third].map(({ process }) => process.version)).to.deep.equal(["3.4.1", "3.4.1", "3.4.1"]);
  });

  it("goes by number, or takes the leader first or last", async () => {
    await using first = await double("etcd-1");
    await using second = await double("etcd-2");
    await using third = await double("etcd-3");
    const status = { id: "a1", cluster: "c1", version: "", leader: "a2", term: 2, revision: 1, databaseBytes: 0, learner: false };
    const order = (how: "by-number" | "leader-first" | "leader-last"): number[] => sortForUpgrade([third, second, first], how, new Map([["etcd-1", status], ["etcd-3", undefined]])).map(({ number }) => number);
    expect([order("by-number"), order("leader-first"), order("leader-last")]).to.deep.equal([[1, 2, 3], [2, 1, 3], [1, 3, 2]]);
  });
});
