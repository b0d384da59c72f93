import { expect } from "chai";
import type { Member, MemberState } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { kill } from "../../src/faults/kill.ts";
import { pause } from "../../src/faults/pause.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

/** A member whose process is a word. */
function processDouble(name: string, { refuses = "", given = {} }: { refuses?: string; given?: Partial<Member> } = {}) {
  const process = { state: "running" as MemberState["kind"], done: [] as string[] };
  const act = (what: string, state: MemberState["kind"]) => async (): Promise<void> => {
    process.done.push(what);
    if (what === refuses) throw new Error(`${name} refuses to ${what}`);
    process.state = state;
  };
  const state = async (): Promise<MemberState> => (process.state === "down" ? { kind: "down", exit: "SIGKILL" } : { kind: process.state });
  return memberDouble(name, { process, pause: act("pause", "paused"), resume: act("resume", "running"), kill: act("kill", "down"), restart: act("restart", "running") }, { state, ...given });
}

const inject = (kind: FaultKind, targets: readonly Member[], clock = new HastyClock()): Promise<ActiveFault> =>
  kind.bind({ target: "all" }).inject({ cluster: clusterDouble(targets), targets, clock, signal: new AbortController().signal });
const refusal = (injecting: Promise<ActiveFault>): Promise<string> => injecting.then(() => "injected", messageOf);

describe("a pause that one member refuses", () => {
  it("thaws the others and says which refused", async () => {
    const members = [processDouble("etcd-1"), processDouble("etcd-2", { refuses: "pause" }), processDouble("etcd-3")];
    expect(await refusal(inject(pause, members))).to.equal("etcd-2 refuses to pause");
    expect(members.map(({ process }) => process.state)).to.deep.equal(["running", "running", "running"]);
    expect(await refusal(inject(pause, members.slice(0, 1)))).to.equal("injected", "no hold is left");
  });

  it("says so when a member stays frozen", async () => {
    const members = [processDouble("etcd-1", { refuses: "resume" }), processDouble("etcd-2", { refuses: "pause" })];
    expect(await refusal(inject(pause, members))).to.equal("etcd-2 refuses to pause; and undoing what was done failed: etcd-1 refuses to resume");
    expect(members[0]?.process.done).to.deep.equal(["pause", "resume", "resume", "resume"], "it was tried again");
  });

  it("thaws past a member that fails, which the next healing tries again", async () => {
    const members = [processDouble("etcd-1", { refuses: "resume" }), processDouble("etcd-2")];
    const active = await inject(pause, members);
    expect(await active.heal().then(() => "healed", messageOf)).to.equal("etcd-1 refuses to resume");
    expect(members.map(({ process }) => process.state)).to.deep.equal(["paused", "running"]);
    await active.heal().catch(() => undefined);
    expect(members.map(({ process }) => process.done)).to.deep.equal([["pause", "resume", "resume"], ["pause", "resume"]]);
  });
});

describe("a pause's proof of silence", () => {
  it("does not hold for a member that did not answer before, nor for one that refuses connections", async () => {
    await using mute = await speaker(() => undefined);
    const members = [processDouble("etcd-1", { given: { directUrl: `http://${mute.address}` } }), processDouble("etcd-2")];
    const active = await inject(pause, members);
    const { proofs } = await active.effect();
    expect(proofs.filter(({ source }) => source === "round trip")).to.deep.equal([
      { source: "round trip", text: "etcd-1 gave no answer within 300 ms, but before the pause neither", holds: false },
      { source: "round trip", text: "etcd-2 refused a connection, as one that is not frozen but gone", holds: false },
    ]);
    await active.heal();
  });
});

describe("a kill that one member refuses", () => {
  it("starts those again that it killed", async () => {
    const members = [processDouble("etcd-1"), processDouble("etcd-2", { refuses: "kill" })];
    expect(await refusal(inject(kill, members))).to.equal("etcd-2 refuses to kill");
    expect(members.map(({ process }) => process.state)).to.deep.equal(["running", "running"]);
  });

  it("leaves one alone that had gone down by itself", async () => {
    const [alive, crashed] = [processDouble("etcd-1"), processDouble("etcd-2", { refuses: "kill" })];
    crashed.process.state = "down";
    expect(await refusal(inject(kill, [alive, crashed]))).to.equal("etcd-2 refuses to kill");
    expect(alive.process.done).to.deep.equal(["kill", "restart"]);
    expect(crashed.process.done).to.deep.equal(["kill"]);
  });
});

describe("a kill's proof of return", () => {
  const status = (id: bigint, revision: number): string => JSON.stringify({ header: { member_id: String(id), revision: String(revision), raft_term: "2" }, leader: "161", version: "3.5.0" });

  for (const [title, id, revision, holds] of [
    ["holds for the same member with all it had", 0xa1n, 42, true],
    ["holds for one that has more than before", 0xa1n, 43, true],
    ["does not hold for one that lost revisions", 0xa1n, 41, false],
    ["does not hold for another member", 0xb1n, 42, false],
  ] as const) {
    it(title, async () => {
      let body = status(0xa1n, 42);
      await using server = await speaker(() => ({ body }));
      const clock = new HastyClock();
      const member = processDouble("etcd-1", { given: { directUrl: `http://${server.address}` } });
      const active = await inject(kill, [member], clock);
      body = status(id, revision);
      await active.heal();
      clock.run(50);
      expect((await active.healed()).proofs).to.deep.equal([
        { source: "status", text: `etcd-1 is back with id ${id.toString(16)} at revision ${revision}, before the kill 42`, holds },
      ]);
    });
  }

  it("does not hold for one that does not answer", async () => {
    const clock = new HastyClock(50);
    const active = await inject(kill, [processDouble("etcd-1")], clock);
    await active.heal();
    expect((await active.healed()).proofs).to.deep.equal([{ source: "status", text: "etcd-1 does not answer a status request", holds: false }]);
  });
});
