import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { memoryPressure } from "../../src/faults/memory-pressure.ts";
import { HastyClock } from "./hasty-clock.ts";
import { hurt } from "./hurt.ts";
import { livingDouble } from "./process-doubles.ts";

describe("memory pressure", () => {
  it("is proven by the engine's word that memory was the reason, and lifted before the member starts again", async () => {
    await using member = await livingDouble();
    const active = await hurt(memoryPressure, [member]);
    member.process.kind = "down";
    member.process.exit = "exit code 137, killed for memory";
    expect((await active.effect()).proofs).to.deep.equal([{ source: "process state", text: "etcd-1 is down (exit code 137, killed for memory) with a limit of 10.0 MiB", holds: true }]);
    await active.heal();
    expect(member.process.done).to.deep.equal(["limitMemory", "unlimitMemory", "restart"]);
  });

  it("is not proven by another death, nor by a member that lives on", async () => {
    await using killed = await livingDouble("etcd-1");
    await using alive = await livingDouble("etcd-2");
    const active = await hurt(memoryPressure, [killed, alive], { clock: new HastyClock(30) });
    killed.process.kind = "down";
    expect((await active.effect()).proofs).to.deep.equal([
      { source: "process state", text: "etcd-1 is down (SIGKILL) with a limit of 10.0 MiB", holds: false },
      { source: "process state", text: "etcd-2 is running after 15 s of work with a limit of 10.0 MiB", holds: false },
    ]);
    await active.heal();
  });

  it("that is refused leaves no limit behind", async () => {
    await using member = await livingDouble();
    member.process.refusals.set("limitMemory", 1);
    expect(await hurt(memoryPressure, [member]).catch(messageOf)).to.equal("it refuses to limitMemory");
    expect(member.process.done).to.deep.equal(["limitMemory", "unlimitMemory", "restart"]);
  });
});
