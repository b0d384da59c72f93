import { expect } from "chai";
import type { Member } from "../../src/cluster/member.ts";
import { pairsAcross } from "../../src/faults/cut-links.ts";
import type { FaultContext } from "../../src/faults/fault.ts";
import { hold } from "../../src/faults/holds.ts";
import { Impairments } from "../../src/faults/impairments.ts";
import { flowsAgain, silence, watchFlow } from "../../src/faults/partition-traffic.ts";
import { Resources } from "../../src/resources.ts";
import { HastyClock } from "./hasty-clock.ts";
import { Traffic, trafficScene } from "./traffic.ts";

const led = ["1>2", "2>1", "1>3", "3>1"];

describe("a partition's proof by peer bytes", () => {
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
    traffic.flowing = new Set(led);
    traffic.unreadable.clear();
    traffic.leader = 1;
  });

  const pairsOf = (...numbers: number[]) => pairsAcross(members.filter(({ number }) => numbers.includes(number)), members);
  const noCuts = (): Promise<Impairments> => Impairments.put([], "cut", (link) => link.cut("blocking"));

  /** Watches the traffic, lets `change` happen as the cut would, and looks for silence. */
  async function found(targets: number[], change: () => void) {
    const pairs = pairsOf(...targets);
    const before = await watchFlow(pairs, context, 1_000);
    const cutMs = clock.nowMs();
    change();
    const seen = await silence(pairs, context, before, cutMs);
    if (seen === undefined) throw new Error("it did not look");
    return { ...seen, cutMs };
  }

  it("holds where bytes flowed and flow no more, since the last one was seen", async () => {
    const lingerMs = 400;
    const { proof, sinceMs, cutMs } = await found([1], () => void clock.sleep(lingerMs).then(() => traffic.flowing.clear()));
    expect(proof.text).to.match(/^etcd-1 ⇄ etcd-2, etcd-1 ⇄ etcd-3: [1-9]\d* B in the .+ before the cut, then none for (5|6|7|8|9)\d\d ms$/);
    expect(proof.holds).to.equal(true);
    expect(sinceMs - cutMs).to.be.at.least(lingerMs / 2, "bytes came until then");
    expect(clock.nowMs() - sinceMs).to.be.at.least(500, "not since it was noticed");
  });

  it("of one direction holds though the other goes on", async () => {
    const pairs = pairsOf(1).map((pair) => ({ ...pair, oneWay: true }) as const);
    const before = await watchFlow(pairs, context, 1_000);
    traffic.flowing = new Set(["2>1", "3>1"]);
    const { proof } = (await silence(pairs, context, before, clock.nowMs())) ?? {};
    expect(proof?.text).to.match(/^etcd-1 → etcd-2, etcd-1 → etcd-3: [1-9]\d* B in the .+ before the cut, then none for /);
    expect(proof?.holds).to.equal(true);
  });

  it("is not looked for between followers, who have nothing to send each other", async () => {
    const pairs = pairsOf(2).filter(({ b }) => b.number === 3);
    expect(pairs).to.have.length(1);
    const before = await watchFlow(pairs, context, 1_000);
    expect(await silence(pairs, context, before, clock.nowMs())).to.equal(undefined);
    expect((await flowsAgain(pairs, context, await noCuts())).proof).to.include({ text: "nothing has to flow: followers send each other nothing", holds: true });
  });

  it("does not hold where bytes go on, and says between whom", async () => {
    const { proof } = await found([1], () => void (traffic.flowing = new Set(["3>1"])));
    expect(proof.text).to.match(/^bytes still flow 5.* s after the cut: \d+ B from etcd-3 to etcd-1$/);
    expect(proof.holds).to.equal(false);
  });

  it("does not hold where nothing had been flowing: silence shows nothing then", async () => {
    traffic.flowing.clear();
    const { proof } = await found([1], () => undefined);
    expect(proof.text).to.match(/^no bytes were seen to flow in the .+ before the cut, so that silence shows nothing$/);
    expect(proof.holds).to.equal(false);
  });

  it("does not take bytes in one direction for a flow", async () => {
    traffic.flowing = new Set(["1>2", "1>3"]);
    expect((await found([1], () => traffic.flowing.clear())).proof.holds).to.equal(false);
  });

  it("does not hold where the counters of the member that is cut off cannot be read any more", async () => {
    const { proof } = await found([1], () => {
      traffic.flowing.clear();
      traffic.unreadable.add(1);
    });
    expect(proof).to.deep.equal({ source: "peer bytes", text: "the counters of etcd-1 could not be read", holds: false });
  });

  it("speaks of the pairs that it could read alone", async () => {
    traffic.unreadable.add(3);
    const { proof } = await found([1], () => traffic.flowing.clear());
    expect(proof.text).to.match(/^etcd-1 ⇄ etcd-2: /);
    expect(proof.holds).to.equal(true);
  });

  it("of a follower rests on its pair with the leader, as the other follower sends it nothing", async () => {
    const { proof } = await found([2], () => ["1>2", "2>1"].forEach((direction) => traffic.flowing.delete(direction)));
    expect(proof.text).to.match(/^etcd-2 ⇄ etcd-1: /);
    expect(proof.holds).to.equal(true);
  });

  it("of healing waits until every pair with the leader exchanges bytes in both directions", async () => {
    traffic.flowing = new Set(["1>2", "2>1", "1>3"]);
    const pairs = pairsOf(1);
    const waiting = flowsAgain(pairs, context, await noCuts());
    await clock.sleep(500);
    const resumedMs = clock.nowMs();
    traffic.flowing = new Set(led);
    const { proof, sinceMs } = await waiting;
    expect(proof.text).to.match(/^etcd-1 ⇄ etcd-2, etcd-1 ⇄ etcd-3: \d+ B within /);
    expect(proof.holds).to.equal(true);
    expect(sinceMs).to.be.at.least(resumedMs);
  });

  it("of healing does not hold where a pair stays silent", async () => {
    traffic.flowing = new Set(["1>2", "2>1", "1>3"]);
    clock.run(20);
    const { proof } = await flowsAgain(pairsOf(1), context, await noCuts());
    expect(proof.text).to.match(/^etcd-1 ⇄ etcd-3: not both directions carried bytes within 15.* s$/);
    expect(proof.holds).to.equal(false);
  });

  it("of healing does not hold while nobody leads and nothing flows", async () => {
    traffic.flowing.clear();
    traffic.leader = 0;
    clock.run(20);
    expect((await flowsAgain(pairsOf(1), context, await noCuts())).proof.holds).to.equal(false);
  });

  it("of healing leaves out what another fault stands in the way of, and says so", async () => {
    traffic.flowing = new Set(["1>2", "2>1"]);
    const cut = hold(context.cluster.links.between("etcd-3", "etcd-1"), "cut");
    try {
      const { proof } = await flowsAgain(pairsOf(1), context, await noCuts());
      expect(proof.text).to.match(/^etcd-1 ⇄ etcd-2: \d+ B within .+; etcd-3-to-etcd-1 is cut by another fault$/);
      expect(proof.holds).to.equal(true);
    } finally {
      cut.release();
    }
  });
});
