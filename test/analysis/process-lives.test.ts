import { expect } from "chai";
import { processLives } from "../../src/analysis/process-lives.ts";
import type { MemberEvent, RunEvent } from "../../src/recording/events.ts";

const event = (atMs: number, state: MemberEvent["state"], member = "etcd-1"): RunEvent => ({ type: "member", atMs, member, state });

describe("lives of a member's process", () => {
  it("are told apart from its start, by its end, and by what it is replaced by", () => {
    const lifeOf = processLives([event(0, "started"), event(100, "killed"), event(200, "started"), event(300, "replaced")]);
    const lives = [50, 150, 250, 350].map((atMs) => lifeOf("etcd-1", atMs));
    expect(new Set(lives).size).to.equal(4);
    expect(lifeOf("etcd-1", 200)).to.equal(lifeOf("etcd-1", 299));
    expect(lifeOf("etcd-1", 199)).to.not.equal(lifeOf("etcd-1", 200));
  });

  it("go on through a pause, and through what happens to others", () => {
    const lifeOf = processLives([event(0, "started"), event(100, "paused"), event(150, "resumed"), event(160, "ready"), event(170, "killed", "etcd-2")]);
    expect(lifeOf("etcd-1", 50)).to.equal(lifeOf("etcd-1", 500));
    expect(lifeOf("etcd-3", 50)).to.equal(lifeOf("etcd-3", 500));
  });
});
