import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { runCommand } from "../../src/process.ts";
import { startTestCluster } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";
import { expectHolding, failureOf, inject, leaderFirst, texts, untilUsable, whileInForce } from "./live-faults.ts";

const missing = (await chooseRuntime("local")).lacks.power;
const keys = Array.from({ length: 20 }, (_, index) => `power-${index}`);

async function putAll({ members }: RunningCluster): Promise<void> {
  for (const key of keys) await put(members[0]?.clientUrl ?? "", key, "kept", 5_000);
}

async function surviving({ members }: RunningCluster): Promise<number> {
  const values = await Promise.all(keys.map((key) => get(members[0]?.clientUrl ?? "", key, 5_000)));
  return values.filter((value) => value === "kept").length;
}

describe(`a power loss${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(90_000);
  if (missing !== undefined) {
    it("is left out on this machine");
    return;
  }
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startTestCluster("local", { diskFaults: true, ownVolumes: true });
  });
  after(() => cluster[Symbol.asyncDispose]());
  afterEach(() => untilUsable(cluster));

  it("of the leader is proven, heals with proof, and heals twice", async () => {
    const [leader] = await leaderFirst(cluster);
    const { effect } = await whileInForce(inject(cluster, "power-loss", [leader]));
    expect(texts(effect)).to.deep.equal([`${leader.name} is down (SIGKILL), and before that its file system refused writes`]);
  });

  it("is not injected once the run is aborted", async () => {
    expect(await failureOf(inject(cluster, "power-loss", cluster.members, {}, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
  });

  it("of all leaves everything that was acknowledged", async () => {
    await putAll(cluster);
    const { healed } = await whileInForce(inject(cluster, "power-loss", cluster.members));
    expect(texts(healed).join()).to.not.include("less than before");
    expect(await surviving(cluster)).to.equal(keys.length);
  });

  it("of all loses what was acknowledged while their disks lied, and says so", async () => {
    await using fresh = await startTestCluster("local", { diskFaults: true, ownVolumes: true });
    const lying = await inject(fresh, "lying-fsync", fresh.members);
    try {
      expectHolding(await lying.effect());
      await putAll(fresh);
      expect(await surviving(fresh)).to.equal(keys.length);
      const { healed } = await whileInForce(inject(fresh, "power-loss", fresh.members));
      expect(texts(healed).filter((text) => text.includes("less than before"))).to.have.length(3);
    } finally {
      await lying.heal();
    }
    await untilUsable(fresh);
    expect(await surviving(fresh)).to.be.lessThan(keys.length);
  });

  it("leaves no loop device behind", async () => {
    const fresh = await startTestCluster("local", { ownVolumes: true, memberCount: 1 });
    const loops = async (): Promise<number> => (await runCommand("losetup", ["-a"])).stdout.split("\n").filter((line) => line.includes(`/test-${process.pid}-`)).length;
    const before = await loops();
    await fresh[Symbol.asyncDispose]();
    expect(await loops()).to.be.lessThan(before);
  });
});
