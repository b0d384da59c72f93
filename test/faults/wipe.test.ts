import { expect } from "chai";
import type { Member } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { wipe } from "../../src/faults/wipe.ts";
import { clusterDouble, type Said } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";
import { livingDouble } from "./process-doubles.ts";

const refusal = '{"level":"fatal","error":"member a1 has already been bootstrapped"}';

/** A cluster of two: one that loses its data, and one that keeps the list of members. */
async function situation() {
  const lost = await livingDouble("etcd-1");
  const other = await livingDouble("etcd-2");
  const listeners: ((line: string) => void)[] = [];
  const list = { entry: { ID: String(0xa1), name: "etcd-1", peerURLs: ["http://peer-1:2380"] } as object | undefined, asked: [] as string[], unhealthyTimes: 0, rejoined: [] as string[] };
  const status = other.process.say.bind(other.process);
  other.process.say = (path: string): Said | undefined => {
    if (!path.startsWith("/v3/cluster/member/")) return status(path);
    const what = path.replace("/v3/cluster/member/", "");
    list.asked.push(what);
    if (what === "remove") list.entry = undefined;
    if (what !== "add") return { body: JSON.stringify({ members: list.entry === undefined ? [] : [list.entry] }) };
    if (list.unhealthyTimes-- > 0) return { status: 503, body: '{"message":"etcdserver: unhealthy cluster"}' };
    list.entry = { ID: String(0xb1), peerURLs: ["http://peer-1:2380"] };
    return { body: JSON.stringify({ member: list.entry }) };
  };
  let wiped = false;
  let refuses = true;
  const member: Member & typeof lost = {
    ...lost,
    onLog: (listener) => void listeners.push(listener),
    restart: async () => {
      if (!wiped || !refuses) return lost.restart();
      for (const listener of listeners) listener(refusal);
      lost.process.exit = "exit code 1";
      throw new Error("it ended while starting");
    },
  };
  const abilities = {
    wipe: () => lost.process.act("wipe", () => void (wiped = true)),
    rejoin: async (id: string) => {
      list.rejoined.push(id);
      wiped = false;
      await lost.restart();
    },
  };
  const forgetful = { ...member, ...abilities };
  const inject = (clock = new HastyClock()) =>
    wipe.bind({ target: "etcd-1" }).inject({ cluster: clusterDouble([forgetful, other]), targets: [forgetful], clock, signal: new AbortController().signal });
  return {
    process: lost.process, list, inject,
    toleratesEmptiness: () => void (refuses = false),
    async [Symbol.asyncDispose]() {
      await Promise.all([lost[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
    },
  };
}

describe("a wipe", () => {
  it("is proven by etcd's refusal to begin anew, and healed by removing and adding the member", async () => {
    await using scene = await situation();
    scene.list.unhealthyTimes = 2;
    const active = await scene.inject(new HastyClock(10));
    expect((await active.effect()).proofs).to.deep.equal([
      { source: "log", text: 'etcd-1 was started without data and ended (exit code 1), saying "member a1 has already been bootstrapped"', holds: true },
    ]);
    await active.heal();
    await active.heal();
    expect(scene.list.asked.filter((what) => what !== "list")).to.deep.equal(["remove", "add", "add", "add"], "etcd wants the others to be connected first");
    expect(scene.list.rejoined).to.deep.equal(["b1"]);
  });

  it("of a member that runs on without its data is not proven", async () => {
    await using scene = await situation();
    scene.toleratesEmptiness();
    const active = await scene.inject();
    expect((await active.effect()).proofs).to.deep.equal([{ source: "log", text: "etcd-1 was started without data and is running", holds: false }]);
    await active.heal();
  });

  it("that cannot be carried out leaves the member as it was replaced, and says why", async () => {
    await using scene = await situation();
    scene.process.refusals.set("wipe", 1);
    expect(await scene.inject().catch(messageOf)).to.equal("it refuses to wipe");
    expect(scene.list.rejoined).to.deep.equal(["b1"]);
  });

  it("is not begun where the cluster does not list the member under its id", async () => {
    await using scene = await situation();
    scene.list.entry = undefined;
    expect(await scene.inject().catch(messageOf)).to.equal("etcd-2 lists no member with etcd-1's id a1");
    expect(scene.process.done).to.deep.equal([]);
  });

  it("makes no sense where no majority keeps its data", () => {
    const because = "only a majority that keeps its data can replace the members that lost theirs";
    expect(wipe.bind({ target: "all" }).unfit(3)).to.equal(because);
    expect(wipe.bind({ target: "etcd-1" }).unfit(1)).to.equal(because);
    expect(wipe.bind({ target: "minority" }).unfit(5)).to.equal(undefined);
  });
});
