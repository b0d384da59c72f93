import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { cpuStarvation } from "../../src/faults/cpu-starvation.ts";
import { effortOf } from "../../src/faults/hard-work.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

const options = { share: 0.05 };

describe("what a member did when asked for work", () => {
  const reading = (atMs: number, cpuSeconds: number, startSeconds = 1) => ({ atMs, cpuSeconds, startSeconds });

  it("counts from the first answer to the last, whatever their order", () => {
    expect(effortOf([reading(1_500, 10.1), reading(1_000, 10), reading(2_000, 10.2)])).to.deep.equal({ cpu: (10.2 - 10) / 1, answersPerSecond: 2 });
  });

  it("is not known from fewer than two answers, nor from two processes", () => {
    expect(effortOf([])).to.equal(undefined);
    expect(effortOf([reading(1, 1)])).to.equal(undefined);
    expect(effortOf([reading(1, 1), reading(2, 0.1, 2)])).to.equal(undefined);
  });
});

describe("a CPU starvation", function () {
  this.timeout(20_000);

  it("is proven by what the member uses when asked for all it can, and healed when it uses more again", async () => {
    await using member = await livingDouble();
    const active = await hurt(cpuStarvation, [member], { options });
    const { proofs } = await active.effect();
    expect(proofs[0]?.text).to.match(/^etcd-1 used [\d.]+ % of a CPU for \d+ answers\/s while asked for all it can, held back by the kernel for 90 % of it; before [\d.]+ % and \d+\/s$/);
    expect(proofs[0]?.holds).to.equal(true, proofs[0]?.text);
    await active.heal();
    await active.heal();
    const healed = await active.healed();
    expect(healed.proofs[0]?.holds).to.equal(true, healed.proofs[0]?.text);
    expect(member.process.done).to.deep.equal(["throttle", "unthrottle"]);
  });

  it("that only pretends is found out", async () => {
    await using member = await livingDouble();
    member.process.ignores.add("throttle");
    const active = await hurt(cpuStarvation, [member], { options });
    expect((await active.effect()).proofs[0]?.holds).to.equal(false);
    await active.heal();
  });

  it("that is not lifted is not taken for healed", async () => {
    await using member = await livingDouble();
    member.process.ignores.add("unthrottle");
    const clock = new HastyClock();
    const active = await hurt(cpuStarvation, [member], { options, clock });
    await active.heal();
    clock.run(20);
    expect((await active.healed()).proofs[0]?.holds).to.equal(false);
  });

  it("is not proven by a slow machine alone: the kernel must say that it held the member back", async () => {
    await using member = await livingDouble();
    const active = await hurt(cpuStarvation, [member], { options });
    member.heldBack = async () => 0.1;
    const { proofs } = await active.effect();
    expect(proofs[0]?.text).to.include("held back by the kernel for 10 % of it");
    expect(proofs[0]?.holds).to.equal(false);
    await active.heal();
  });

  it("that one member refuses is taken from the others", async () => {
    await using first = await livingDouble("etcd-1");
    await using second = await livingDouble("etcd-2");
    second.process.refusals.set("throttle", 1);
    expect(await hurt(cpuStarvation, [first, second], { options }).catch(messageOf)).to.equal("it refuses to throttle");
    expect(first.process.done).to.deep.equal(["throttle", "unthrottle"]);
  });
});
