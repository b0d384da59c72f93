import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { kill } from "../../src/faults/kill.ts";
import { stop } from "../../src/faults/stop.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

describe("a stop", () => {
  for (const [exit, holds] of [["SIGTERM", true], ["exit code 0", true], ["exit code 143", true], ["SIGKILL", false], ["exit code 2", false]] as const) {
    it(`is ${holds ? "proven" : "not proven"} by an end with ${exit}`, async () => {
      await using member = await livingDouble();
      member.process.orderlyExit = exit;
      const active = await hurt(stop, [member]);
      const { proofs } = await active.effect();
      const unlike = holds ? "" : ", which is not how etcd ends in order";
      expect(proofs).to.deep.equal([{ source: "process state", text: `etcd-1 is down (${exit}${unlike}) and does not answer`, holds }]);
      await active.heal();
      expect((await active.healed()).proofs).to.deep.equal([{ source: "status", text: "etcd-1 is back with id a1 at revision 42, before the stop 42", holds: true }]);
    });
  }

  it("that only pretends is found out", async () => {
    await using member = await livingDouble();
    member.process.ignores.add("stop");
    const active = await hurt(stop, [member]);
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process state", text: "etcd-1 is running", holds: false }]);
    await active.heal();
  });

  it("is refused for a member that is frozen, since that would not hear of it", async () => {
    await using member = await livingDouble();
    member.process.kind = "paused";
    expect(await hurt(stop, [member]).catch(messageOf)).to.equal("etcd-1 is paused and would not hear SIGTERM");
    expect(member.process.done).to.not.include("stop");
  });

  it("and a kill of the same member exclude each other", async () => {
    await using member = await livingDouble();
    const active = await hurt(stop, [member]);
    expect(await hurt(kill, [member]).catch(messageOf)).to.equal("etcd-1 is killed by another fault already");
    await active.heal();
    const second = await hurt(kill, [member]);
    await second.heal();
  });
});
