import { expect } from "chai";
import type { Killable, Member, MemberState, Restartable, Restorable, SpareData } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import type { ActiveFault } from "../../src/faults/fault.ts";
import { hold } from "../../src/faults/holds.ts";
import { restoreSnapshot } from "../../src/faults/restore-snapshot.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

/** What a member's data are, as far as anybody asks. */
interface Store {
  readonly cluster: number;
  readonly memberId: number;
  revision: number;
  holdsKey: boolean;
}

/** What may go wrong at one member. */
interface Trouble {
  restoring?: string;
  swapping?: string;
  starting?: string;
}

class RestoredDouble {
  kind: MemberState["kind"] = "running";
  store: Store;
  readonly done: string[] = [];
  readonly trouble: Trouble = {};
  /** What it is given as restored data. */
  spare: Store;

  constructor(number: number) {
    this.store = { cluster: 0xc1, memberId: 0xa0 + number, revision: 40, holdsKey: false };
    this.spare = { cluster: 0xc2, memberId: 0xb0 + number, revision: 31, holdsKey: false };
  }
}

type Double = Member & Killable & Restartable & Restorable & { id: string; data: RestoredDouble; runsBy: string | undefined; changeEtcd(): Promise<never> };

/** Three members that share what is put, each with data of its own. */
async function trio() {
  const all = [1, 2, 3].map((number) => new RestoredDouble(number));
  const asked: string[] = [];
  const servers = await Promise.all(
    all.map((one) =>
      speaker((path) => {
        if (one.kind === "down") return { hangUp: true };
        const { store } = one;
        const header = { cluster_id: String(store.cluster), member_id: String(store.memberId), revision: String(store.revision), raft_term: "2" };
        if (path.startsWith("/health")) return { body: '{"health":"true"}' };
        if (path.endsWith("/status")) return { body: JSON.stringify({ header, leader: String(store.memberId), version: "3.5.0" }) };
        asked.push(path.replace(/^.*\//, ""));
        if (path.endsWith("/snapshot")) return { body: `{"result":{"remaining_bytes":"3","blob":"${btoa("sna")}"}}\n{"result":{"blob":"${btoa("psh")}"}}\n` };
        if (path.endsWith("/put")) {
          for (const each of all) Object.assign(each.store, { holdsKey: true, revision: 43 });
          return { body: JSON.stringify({ header: { ...header, revision: "43" } }) };
        }
        if (path.endsWith("/deleterange")) for (const each of all) each.store.holdsKey = false;
        return { body: JSON.stringify({ header, kvs: store.holdsKey ? [{ key: "a2V5" }] : [] }) };
      }),
    ),
  );
  const members = all.map((data, index): Double => {
    const name = `etcd-${index + 1}`;
    const spare: SpareData = {
      revision: 31,
      async swap() {
        if (data.kind !== "down") throw new Error(`${name} still runs`);
        if (data.trouble.swapping !== undefined) throw new Error(data.trouble.swapping);
        [data.store, data.spare] = [data.spare, data.store];
        double.id = data.store.memberId.toString(16);
        data.done.push(`swap to ${data.store.cluster.toString(16)}`);
      },
      [Symbol.asyncDispose]: async () => void data.done.push("drop"),
    };
    const abilities = {
      data,
      id: `a${index + 1}`,
      runsBy: undefined as string | undefined,
      changeEtcd: (): Promise<never> => Promise.reject(new Error("not here")),
      kill: async () => {
        data.done.push("kill");
        data.kind = "down";
      },
      restart: async () => {
        if (data.kind !== "down") return;
        data.done.push("start");
        const { starting } = data.trouble;
        if (starting !== undefined && data.store.cluster === 0xc2) throw new Error(starting);
        data.kind = "running";
      },
      restoreData: async (snapshot: Buffer, token: string) => {
        data.done.push(`restore ${snapshot} as ${token}`);
        if (data.trouble.restoring !== undefined) throw new Error(data.trouble.restoring);
        return spare;
      },
    };
    const double: Double = memberDouble(name, abilities, { directUrl: `http://${servers[index]?.address}`, state: async () => (data.kind === "down" ? { kind: "down", exit: "SIGKILL" } : { kind: data.kind }) });
    return double;
  });
  return {
    members,
    asked,
    done: () => all.map(({ done }) => done),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

const inject = (members: readonly Double[], { options = {}, signal = new AbortController().signal, speed = 1 } = {}): Promise<ActiveFault> =>
  restoreSnapshot.bind({ target: "etcd-2", ...options }).inject({ cluster: clusterDouble(members), targets: members.slice(1, 2), clock: new HastyClock(speed), signal });
const at = <T>(list: readonly T[], index: number): T => list[index] ?? expect.fail(`there is no item ${index}`);
const failing = async (active: ActiveFault): Promise<string> => active.effect().then(({ proofs }) => proofs.filter(({ holds }) => !holds).map(({ text }) => text).join() || "proven", messageOf);

describe("a restore from a snapshot", () => {
  it("ends all members, restores each, and is proven by the cluster's id and by a key that is gone", async () => {
    await using cluster = await trio();
    const active = await inject(cluster.members);
    const { proofs } = await active.effect();
    expect(proofs.map(({ source, text, holds }) => `${source} ${holds}: ${text}`)).to.deep.equal([
      "snapshot true: 6 B of etcd-2 at revision 31; all 3 members were ended and started on data restored from it",
      "cluster id true: c1 became c2, with new members: etcd-1 b1, etcd-2 b2, etcd-3 b3",
      "revision true: the store went back from revision 43 to 31, and was at 31 when first asked; every write after revision 31 is undone, acknowledged or not: of one put at revision 43, the key is gone",
    ]);
    await active.heal();
    await active.heal();
    expect(cluster.done()).to.deep.equal(Array(3).fill(["kill", "restore snapsh as restored-from-c1", "swap to c2", "start", "drop"]));
    expect((await active.healed()).proofs.map(({ text, holds }) => `${holds}: ${text}`)).to.deep.equal([
      "true: cluster c2: etcd-1 as b1 at revision 31, etcd-2 as b2 at revision 31, etcd-3 as b3 at revision 31",
      "true: all 3 members are healthy",
    ]);
    expect(cluster.asked.slice(0, 2)).to.deep.equal(["snapshot", "put"], "the key is put after the snapshot is there");
  });

  it("is not proven where the store keeps what was put after the snapshot", async () => {
    await using cluster = await trio();
    for (const { data } of cluster.members) data.spare.holdsKey = true;
    const active = await inject(cluster.members);
    expect(await failing(active)).to.match(/of one put at revision 43, the key is there$/);
    await active.heal();
  });

  it("is not proven where the cluster is the one that it was, or two", async () => {
    for (const id of [0xc1, 0xc9]) {
      await using cluster = await trio();
      for (const { data } of id === 0xc1 ? cluster.members : cluster.members.slice(1)) data.spare = { ...data.spare, cluster: id };
      const active = await inject(cluster.members);
      expect(await failing(active)).to.match(id === 0xc1 ? /^c1 became c1,/ : /^c1 became c2 and c9,/);
      await active.heal();
    }
  });

  it("has not healed while a member is another one than it is taken for", async () => {
    await using cluster = await trio();
    const active = await inject(cluster.members, { speed: 20 });
    await active.effect();
    await active.heal();
    at(cluster.members, 2).id = "a3";
    expect((await active.healed()).proofs[0]?.holds).to.equal(false);
  });

  const back = ["kill", "restore snapsh as restored-from-c1"];
  for (const [what, trouble, done] of [
    ["the data of one cannot be made", { restoring: "no room" }, [...back, "start", "drop"]],
    ["the data of one cannot be exchanged", { swapping: "no room" }, [...back, "swap to c2", "swap to c1", "start", "drop"]],
    ["one does not start on them", { starting: "no room" }, [...back, "swap to c2", "start", "kill", "swap to c1", "start", "drop"]],
  ] as const) {
    it(`starts all on their own data where ${what}, and takes the key back`, async () => {
      await using cluster = await trio();
      Object.assign(at(cluster.members, 2).data.trouble, trouble);
      const active = await inject(cluster.members);
      expect(await failing(active)).to.equal("no room");
      await active.heal();
      expect(cluster.done()[0]).to.deep.equal(done);
      expect(cluster.members.map(({ data }) => [data.kind, data.store.cluster, data.store.holdsKey])).to.deep.equal(Array(3).fill(["running", 0xc1, false]));
      expect((await active.healed()).proofs.map(({ holds }) => holds)).to.deep.equal([true, true]);
    });
  }

  it("is tried again by the healing where a member could not be given its own data back", async () => {
    await using cluster = await trio();
    const { trouble } = at(cluster.members, 2).data;
    trouble.starting = "no start";
    const { restoreData } = at(cluster.members, 0);
    at(cluster.members, 0).restoreData = async (snapshot, token) => {
      const spare = await restoreData(snapshot, token);
      let swaps = 0;
      return { revision: 31, swap: async () => (swaps++ > 0 && swaps < 5 ? Promise.reject(new Error("busy")) : spare.swap()), [Symbol.asyncDispose]: () => spare[Symbol.asyncDispose]() };
    };
    const active = await inject(cluster.members);
    expect(await failing(active)).to.equal("no start; and undoing what was done failed: busy");
    await active.heal();
    expect(cluster.members.map(({ data }) => [data.kind, data.store.cluster])).to.deep.equal(Array(3).fill(["running", 0xc1]));
  });

  it("is refused while another fault keeps a member down, and the others go on", async () => {
    await using cluster = await trio();
    const third = at(cluster.members, 2);
    const held = hold(third, "killed");
    const active = await inject(cluster.members);
    expect(await failing(active)).to.equal("etcd-3 is killed by another fault already");
    held.release();
    await active.heal();
    expect(cluster.members.map(({ data }) => data.kind)).to.deep.equal(["running", "running", "running"]);
    expect(third.data.done).to.deep.equal([]);
  });

  it("comes to nothing where its time is over before the snapshot is old enough", async () => {
    await using cluster = await trio();
    const active = await inject(cluster.members, { options: { age: "1h" } });
    const trouble = failing(active);
    await active.heal();
    expect(await trouble).to.equal("its time was over before the cluster was restored");
    expect(cluster.done()).to.deep.equal([[], [], []]);
    expect((await active.healed()).proofs.map(({ holds }) => holds)).to.deep.equal([true, true]);
  });

  it("is refused for a member that runs by another etcd", async () => {
    await using cluster = await trio();
    at(cluster.members, 0).runsBy = "3.6";
    expect(await inject(cluster.members).then(() => "injected", messageOf)).to.equal("etcd-1 runs by etcd 3.6, and snapshots are restored for the one that the cluster was started by");
  });

  it("says how old the snapshot is", () => {
    expect([{}, { age: "2s" }].map((options) => restoreSnapshot.bind({ target: "leader", ...options }).title)).to.deep.equal(["restore-snapshot of leader", "restore-snapshot of leader, 2 s old"]);
  });
});
