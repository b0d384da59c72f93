import { expect } from "chai";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { faultKinds } from "../../src/faults/index.ts";
import { startTestCluster } from "../support/cluster.ts";
import type { FaultCase } from "./fault-cases/fault-case.ts";
import { faultCases } from "./fault-cases/index.ts";
import { abortedWhileProven, failureOf, inject, leaderFirst, untilUsable, whileInForce } from "./live-faults.ts";

/** What every fault of the catalogue must do on a real cluster: bite with proof, heal, leave a usable cluster, and yield to an abort. */
export function describeFaultLifecycle(runtime: RuntimeKind): void {
  if (runtime === "docker") return describeLives(runtime, "", faultCases);
  // Those on packets need a network of the run's own, which the others are to do without.
  const onPackets = (each: FaultCase): boolean => faultKinds.some(({ kind, needs }) => kind === each.kind && needs.includes("packets"));
  describeLives(runtime, "", faultCases.filter((each) => !onPackets(each)));
  describeLives(runtime, " in a network of its own", faultCases.filter(onPackets));
}

function describeLives(runtime: RuntimeKind, place: string, cases: readonly FaultCase[]): void {
  describe(`the life of a fault on a ${runtime} cluster${place}:`, function () {
    this.timeout(90_000);
    let cluster: RunningCluster;

    before(async function () {
      this.timeout(180_000);
      const { lacks } = await chooseRuntime(runtime);
      cluster = await startTestCluster(runtime, {
        diskFaults: lacks.diskWrites === undefined ? "writes" : undefined,
        packetFilters: place !== "" && lacks.packets === undefined,
        restores: true,
        spare: true,
      });
      await untilUsable(cluster);
    });
    after(async () => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    for (const [index, each] of cases.entries()) {
      const isFirst = cases.findIndex(({ kind }) => kind === each.kind) === index;
      // How a fault is drawn and how it yields does not depend on what members are made of.
      if (runtime === "docker" && !isFirst) continue;
      const gap = each.gaps?.[runtime];
      describe(`${each.kind} (${each.title})${gap === undefined ? "" : `, not available: ${gap}`}`, () => {
        if (gap !== undefined) it("is left out in this runtime");
        else describeLife(each, () => cluster, { yields: runtime === "local" && isFirst });
      });
    }
  });
}

function describeLife(each: FaultCase, cluster: () => RunningCluster, { yields }: { readonly yields: boolean }): void {
  const { kind, options } = each;

  it("is proven, heals with proof, and heals twice", async () => {
    const sorted = await leaderFirst(cluster());
    await whileInForce(inject(cluster(), kind, each.targets(sorted), options), async () => each.look?.(cluster(), sorted));
  });

  if (!yields) return;

  it("is not injected once the run is aborted", async () => {
    const sorted = await leaderFirst(cluster());
    const aborted = AbortSignal.abort(new Error("SIGINT"));
    expect(await failureOf(inject(cluster(), kind, each.targets(sorted), options, { signal: aborted }))).to.equal("SIGINT");
  });

  if (each.oneShot === true) return;

  it("heals where the run is aborted while it is being proven", async () => {
    const sorted = await leaderFirst(cluster());
    await abortedWhileProven((signal) => inject(cluster(), kind, each.targets(sorted), options, { signal }));
  });
}
