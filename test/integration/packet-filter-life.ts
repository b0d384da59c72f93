import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { capabilities, type Killable, type Member, type PacketFilterable, type Restartable } from "../../src/cluster/member.ts";
import { runCommand } from "../../src/process.ts";
import { withSystemPrograms } from "../../src/system-programs.ts";
import { expectHolding, failureOf, inject, leaderFirst, untilUsable } from "./live-faults.ts";

export const allPackets = { direction: "both", share: 1 } as const;

export function filterable(member: Member | undefined): Member & Killable & PacketFilterable & Restartable {
  if (member !== undefined && capabilities.packets(member) && capabilities.kill(member) && capabilities.restart(member)) return member;
  throw new Error(`${member?.name} lacks an ability`);
}

/** Rules of ours in the network of the machine, where there is to be none ever. */
export async function machineRules(): Promise<string[]> {
  const { stdout } = await runCommand("iptables-save", [], { env: withSystemPrograms() });
  return stdout.split("\n").filter((line) => line.includes("etcd-chaos-"));
}

/** What packet filters do in every runtime. */
export function describePacketFilters(cluster: () => RunningCluster): void {
  it("can be lifted while the member is down, and do not come back with it", async () => {
    const [, follower] = await leaderFirst(cluster());
    const member = filterable(follower);
    const filter = await member.dropPackets(allPackets);
    await member.kill();
    try {
      await filter.lift();
    } finally {
      await member.restart();
    }
    expect(await filter.counts()).to.equal(undefined);
    await untilUsable(cluster());
  });

  for (const [kind, options] of [["packet-drop", { direction: "in" }], ["packet-loss", { share: 0.2 }]] as const) {
    it(`by a ${kind} are not put on once the run is aborted, and are lifted where it is aborted while they are being proven`, async () => {
      const [leader] = await leaderFirst(cluster());
      expect(await failureOf(inject(cluster(), kind, [leader], options, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
      const abort = new AbortController();
      const active = await inject(cluster(), kind, [leader], options, { signal: abort.signal });
      try {
        const proving = active.effect();
        abort.abort(new Error("SIGINT"));
        expect(await proving.then(() => "proven", String)).to.equal("Error: SIGINT");
      } finally {
        await active.heal();
      }
      expectHolding(await active.healed());
      await untilUsable(cluster());
    });
  }
}
