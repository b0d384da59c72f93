import { expect } from "chai";
import type { Member } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { failpoint } from "../../src/faults/failpoint.ts";
import { actionOption, termsOf } from "../../src/faults/failpoint-terms.ts";
import type { ActiveFault } from "../../src/faults/fault.ts";
import { hold } from "../../src/faults/holds.ts";
import { failing, texts } from "../integration/live-faults.ts";
import { clusterDouble, memberDouble } from "./doubles.ts";
import { failpointDouble } from "./failpoint-double.ts";
import { HastyClock } from "./hasty-clock.ts";

const sleep = { name: "raftBeforeSave", action: "sleep(100)" };
const panic = { name: "raftBeforeSave", action: "panic" };

function inject(targets: readonly Member[], options: object = sleep, clock = new HastyClock()): Promise<ActiveFault> {
  return failpoint.bind({ target: "all", ...options }).inject({ cluster: clusterDouble(targets), targets, clock, signal: new AbortController().signal });
}

const refusal = (injecting: Promise<ActiveFault>): Promise<string> => injecting.then(() => "injected", messageOf);
const hasty = (): HastyClock => new HastyClock(50);

describe("a failpoint", function () {
  this.timeout(20_000);

  for (const options of [sleep, panic, { name: "raftBeforeSave", action: 'return("no")' }]) {
    describe(`(${options.action})`, () => {
      it("is proven, heals twice, and is proven healed", async () => {
        await using member = await failpointDouble("etcd-1");
        const active = await inject([member], options);
        expect(failing((await active.effect()).proofs)).to.deep.equal([]);
        await active.heal();
        await active.heal();
        expect(failing((await active.healed()).proofs)).to.deep.equal([]);
        expect(member.life).to.include({ terms: "", restarts: options === panic ? 1 : 0 });
      });

      it("is not proven where the member takes the terms and never comes by", async () => {
        await using member = await failpointDouble("etcd-1", { ignores: true });
        const active = await inject([member], options, hasty());
        expect(failing((await active.effect()).proofs)).to.deep.equal(options === panic ? ["process state", "log"] : ["log"]);
        await active.heal();
        expect(member.life.restarts).to.equal(0);
      });

      it("is taken off all where one refuses it", async () => {
        await using first = await failpointDouble("etcd-1");
        await using second = await failpointDouble("etcd-2", { refuses: true });
        expect(await refusal(inject([first, second], options))).to.match(/^etcd-2 does not take .+ at raftBeforeSave: fail to set failpoint/);
        expect(first.life.terms).to.equal("");
        expect(await refusal(inject([first], options))).to.equal("injected", "no hold is left");
      });
    });
  }

  it("is not proven where the terms are not there when they are read back", async () => {
    await using member = await failpointDouble("etcd-1", { forgets: true });
    const active = await inject([member], sleep, hasty());
    const { proofs } = await active.effect();
    expect(failing(proofs)).to.deep.equal(["failpoint", "log"]);
    expect(texts({ proofs })[0]).to.equal("etcd-1's raftBeforeSave, read back: it is told nothing");
    await active.heal();
  });

  it("is not proven where it does not take the value, whatever it was told", async () => {
    await using member = await failpointDouble("etcd-1", { mismatches: true });
    const active = await inject([member], { name: "raftBeforeSave", action: "return(7)" });
    expect(failing((await active.effect()).proofs)).to.deep.equal(["log"]);
    await active.heal();
  });

  it("that panics is not proven for a member that lives on", async () => {
    await using member = await failpointDouble("etcd-1", { survives: true });
    const active = await inject([member], panic, hasty());
    expect(failing((await active.effect()).proofs)).to.deep.equal(["process state"]);
    await active.heal();
  });

  it("is not proven healed where it still is what it was told", async () => {
    await using member = await failpointDouble("etcd-1", { sticks: true });
    const active = await inject([member]);
    await active.heal();
    expect(failing((await active.healed()).proofs)).to.deep.equal(["failpoint"]);
  });

  it("that sleeps does not start a member that went down by itself", async () => {
    await using member = await failpointDouble("etcd-1");
    const active = await inject([member]);
    member.life.down = true;
    await active.heal();
    expect(member.life).to.include({ down: true, restarts: 0, clears: 0 });
  });

  it("heals past a member that is paused, which it says, and that one later", async () => {
    await using first = await failpointDouble("etcd-1");
    await using second = await failpointDouble("etcd-2");
    const active = await inject([first, second], sleep, hasty());
    first.life.paused = true;
    expect(await active.heal().then(() => "healed", messageOf)).to.equal("etcd-1 is paused, so that its failpoint raftBeforeSave cannot be cleared");
    expect(second.life.terms).to.equal("");
    first.life.paused = false;
    await active.heal();
    expect(first.life.terms).to.equal("");
  });

  it("is not blamed for a member that another fault has killed", async () => {
    await using member = await failpointDouble("etcd-1");
    const active = await inject([member], { name: "raftBeforeSave", action: "return" });
    const killed = hold(member, "killed");
    member.life.down = true;
    await active.heal();
    expect(member.life.restarts).to.equal(0);
    expect(texts(await active.healed())).to.deep.equal(["etcd-1 is killed by another fault"]);
    killed.release();
  });

  it("is refused where another fault has it, and goes beside one at another failpoint", async () => {
    await using member = await failpointDouble("etcd-1");
    const active = await inject([member]);
    expect(await refusal(inject([member]))).to.equal("etcd-1 is told what to do at a failpoint (raftBeforeSave) by another fault already");
    expect(member.life.terms).to.not.equal("", "it still is told");
    const other = await inject([member], { name: "raftAfterSave", action: "sleep(1)" });
    await Promise.all([active.heal(), other.heal()]);
    expect(await refusal(inject([member]))).to.equal("injected");
  });

  it("is refused where it is told something already, which stays", async () => {
    await using member = await failpointDouble("etcd-1");
    member.life.terms = "sleep(7)";
    expect(await refusal(inject([member]))).to.equal("etcd-1's failpoint raftBeforeSave is told sleep(7) already");
    expect(member.life.terms).to.equal("sleep(7)");
  });

  it("is refused by a member that has none of the name, or no failpoints at all", async () => {
    await using member = await failpointDouble("etcd-1");
    expect(await refusal(inject([member], { name: "nowhere", action: "panic" }))).to.include("etcd-1 has no failpoint nowhere");
    member.life.down = true;
    expect(await refusal(inject([member]))).to.match(/^etcd-1 does not answer at http.+ about its failpoints .+: `npm run build:etcd/);
    expect(await refusal(inject([memberDouble("etcd-2", {})]))).to.equal("etcd-2 cannot be told what to do at failpoints in this runtime");
  });
});

describe("a failpoint's action", () => {
  const told = (action: string): string => termsOf(actionOption.parse(action), "here");

  it("shows that it was done by what comes after it", () => {
    expect(told("sleep(100)")).to.equal("1*sleep(100)->1*print->sleep(100)");
    expect(told("3*sleep(100)")).to.equal("1*sleep(100)->1*print->2*sleep(100)");
    expect(told("1*return(true)")).to.equal("1*return(true)->1*print");
  });

  it("has parentheses where gofail would miss them, and a panic names the failpoint", () => {
    expect(told("return")).to.equal("1*return()->1*print->return()");
    expect(told("panic")).to.equal('panic("here")');
    expect(told("1%panic")).to.equal('1%panic("here")');
  });

  it("is refused where it would lock up the member, show nothing, or is not gofail's", () => {
    for (const action of ["sleep(1001)", "sleep", "sleep(0)", 'sleep("1s")', "5%sleep(10)", "break", "print", "sleep(10)->panic", "0*panic", ""]) {
      expect(actionOption.safeParse(action).success, action).to.equal(false);
    }
  });

  it("is told in the title as it was written", () => {
    expect(failpoint.bind({ target: "leader", name: "raftBeforeSave", action: "2*sleep(10)" }).title).to.equal("failpoint raftBeforeSave on leader, 2*sleep(10)");
  });
});
