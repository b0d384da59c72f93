import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import { crashLoop } from "../../src/faults/crash-loop.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

const clock = new MonotonicClock();

describe("a crash loop", () => {
  it("kills again what it started, until it is healed, and is proven by two deaths with their times", async () => {
    await using member = await livingDouble();
    const active = await hurt(crashLoop, [member], { options: { every: "20ms" } });
    const { proofs } = await active.effect();
    expect(proofs[0]?.text).to.match(/^etcd-1 was seen down \d+ times \(SIGKILL\), running between: at .+, .+$/);
    expect(proofs[0]?.holds).to.equal(true);
    await active.heal();
    expect(member.process.kind).to.equal("running");
    const done = member.process.done.length;
    await clock.sleep(60);
    expect(member.process.done.length).to.equal(done, "it has ended");
    await active.heal();
    expect((await active.healed()).proofs.every(({ holds }) => holds)).to.equal(true);
  });

  it("goes on past a start and a kill that are refused, and says what the trouble was where it never bites", async () => {
    await using member = await livingDouble();
    const hasty = new HastyClock(20);
    const active = await hurt(crashLoop, [member], { clock: hasty });
    member.process.refusals.set("restart", 100_000);
    const { proofs } = await active.effect();
    expect(proofs).to.have.length(1);
    expect(proofs[0]?.holds).to.equal(false);
    expect(proofs[0]?.text).to.match(/^etcd-1 was seen down once \(SIGKILL\), .+; last trouble: it refuses to restart$/);
    expect(await active.heal().then(() => "healed", messageOf)).to.equal("it refuses to restart");
    member.process.refusals.clear();
    await active.heal();
    expect(member.process.kind).to.equal("running");
  });

  it("that kills nothing is found out", async () => {
    await using member = await livingDouble();
    member.process.ignores.add("kill");
    const active = await hurt(crashLoop, [member], { clock: new HastyClock(100) });
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process state", text: "etcd-1 was never seen down", holds: false }]);
    await active.heal();
  });

  it("ends by itself when the run is aborted, and is healed then", async () => {
    await using member = await livingDouble();
    const abort = new AbortController();
    const active = await hurt(crashLoop, [member], { options: { every: "10ms" }, signal: abort.signal });
    abort.abort(new Error("SIGINT"));
    await clock.sleep(100);
    const done = member.process.done.length;
    await clock.sleep(50);
    expect(member.process.done.length).to.equal(done);
    await active.heal();
    expect(member.process.kind).to.equal("running");
  });
});
