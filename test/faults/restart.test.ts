import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { restart } from "../../src/faults/restart.ts";
import { rollingRestart } from "../../src/faults/rolling-restart.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

describe("a restart", () => {
  for (const [graceful, end, exit] of [[false, "kill", "SIGKILL"], [true, "stop", "SIGTERM"]] as const) {
    it(`(${end}) is proven by a process that began later, and has nothing to heal`, async () => {
      await using member = await livingDouble();
      const active = await hurt(restart, [member], { options: { graceful } });
      const { proofs } = await active.effect();
      expect(proofs[0]?.text).to.match(new RegExp(`^etcd-1 went down \\(${exit}\\) and answered .+ later, as a process that began 1 s after the one before$`));
      expect(proofs[0]?.holds).to.equal(true);
      await active.heal();
      expect(member.process.done).to.deep.equal([end, "restart"]);
    });
  }

  it("that ends nothing is told by the runtime", async () => {
    await using member = await livingDouble();
    member.process.ignores.add("kill");
    const active = await hurt(restart, [member]);
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process start", text: "etcd-1 was running when it should have been down", holds: false }]);
  });

  it("of another process than the one that answers is told by its start time", async () => {
    await using member = await livingDouble();
    const { startSeconds } = member.process;
    const active = await hurt(restart, [member]);
    member.process.startSeconds = startSeconds;
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process start", text: "etcd-1 answers from the same process as before, whatever went down (SIGKILL)", holds: false }]);
  });

  it("in order is not proven by a process that had to be killed", async () => {
    await using member = await livingDouble();
    member.process.orderlyExit = "SIGKILL";
    const active = await hurt(restart, [member], { options: { graceful: true } });
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process start", text: "etcd-1 went down (SIGKILL), which is not how etcd ends in order", holds: false }]);
  });

  it("that fails to start a member says so, and starts it all the same", async () => {
    await using member = await livingDouble();
    member.process.refusals.set("restart", 1);
    expect(await hurt(restart, [member]).catch(messageOf)).to.equal("it refuses to restart");
    expect(member.process.kind).to.equal("running");
  });
});

describe("a rolling restart", () => {
  it("takes one member after the other, each when the one before is healthy", async () => {
    await using first = await livingDouble("etcd-1");
    await using second = await livingDouble("etcd-2");
    const active = await hurt(rollingRestart, [first, second], { options: { pause: "20ms" } });
    const { proofs } = await active.effect();
    expect(proofs.map(({ source, holds }) => `${source} ${holds}`)).to.deep.equal(["process start true", "health true", "process start true", "health true"]);
    expect(second.process.done).to.deep.equal(["stop", "restart"]);
    await active.heal();
  });

  it("goes no further once it is healed, and is not proven then", async () => {
    await using first = await livingDouble("etcd-1");
    await using second = await livingDouble("etcd-2");
    const active = await hurt(rollingRestart, [first, second], { options: { pause: "10s" } });
    const proving = active.effect().catch(messageOf);
    await active.heal();
    await active.heal();
    expect(await proving).to.match(/healed before the last member's turn|aborted/);
    expect(first.process.kind).to.equal("running");
    expect(second.process.done).to.deep.equal([]);
  });

  it("stops at a member that does not become healthy, and leaves the others alone", async () => {
    await using first = await livingDouble("etcd-1");
    await using second = await livingDouble("etcd-2");
    first.process.say = () => ({ body: '{"health":"false"}' });
    const active = await hurt(rollingRestart, [first, second], { clock: new HastyClock(100) });
    expect(await active.effect().catch(messageOf)).to.equal("etcd-1 was not healthy within 30 s of its restart; it goes no further");
    expect(second.process.done).to.deep.equal([]);
    await active.heal();
  });
});
