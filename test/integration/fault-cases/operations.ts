import { expect } from "chai";
import { memberStatus } from "../../../src/cluster/gateway.ts";
import { get, put } from "../../support/kv.ts";
import type { FaultCase } from "./fault-case.ts";

export const operationsCases: readonly FaultCase[] = [
  {
    kind: "compact",
    title: "asking a follower, physical",
    options: { physical: true },
    targets: ([, follower]) => [follower],
    oneShot: true,
    look: async (_, [leader]) => {
      const response = await fetch(`${leader.directUrl}/v3/kv/range`, { method: "POST", body: JSON.stringify({ key: "AA==", revision: "1" }) });
      expect(await response.text()).to.contain("compacted");
    },
  },
  {
    kind: "defrag",
    title: "one after the other",
    targets: (sorted) => sorted,
  },
  {
    kind: "move-leader",
    title: "to a follower",
    targets: ([, , other]) => [other],
    oneShot: true,
    look: async (_, [leader, , other]) => void expect((await memberStatus(leader.directUrl)).leader).to.equal(other.id),
  },
  {
    kind: "move-leader",
    title: "from the leader",
    targets: ([leader]) => [leader],
    oneShot: true,
    look: async (_, [leader, follower]) => void expect((await memberStatus(follower.directUrl)).leader).to.not.equal(leader.id),
  },
  {
    kind: "no-space",
    title: "the alarm of a follower",
    targets: ([, follower]) => [follower],
    look: async (_, [leader, , other]) => {
      expect(await put(leader.clientUrl, "full", "x").catch(String)).to.contain("database space exceeded");
      expect(await get(other.clientUrl, "full")).to.equal(undefined);
    },
  },
  {
    kind: "add-member",
    title: "beside the three",
    targets: (sorted) => sorted,
    look: async ({ spare }, [leader]) => {
      const response = await fetch(`${leader.directUrl}/v3/cluster/member/list`, { method: "POST", body: "{}" });
      expect(await response.text()).to.contain('"etcd-4"');
      expect(await put(spare?.member.clientUrl ?? "", "added", "through the new one", 5_000)).to.be.greaterThan(1);
    },
  },
  {
    kind: "remove-member",
    title: "a follower",
    targets: ([, follower]) => [follower],
    look: async (_, [leader, follower]) => {
      const response = await fetch(`${leader.directUrl}/v3/cluster/member/list`, { method: "POST", body: "{}" });
      expect(await response.text()).to.not.contain(`"${follower.name}"`);
    },
  },
  {
    kind: "restore-snapshot",
    title: "of a follower",
    options: { age: "300ms" },
    targets: ([, follower]) => [follower],
    look: async (_, sorted) => {
      for (const { clientUrl } of sorted) await put(clientUrl, "restored", "takes writes", 5_000);
    },
  },
  {
    kind: "corrupt",
    title: "one bit of a follower's log",
    targets: ([, , other]) => [other],
    look: async (_, [, , other]) => void expect((await other.state()).kind).to.equal("down"),
  },
];
