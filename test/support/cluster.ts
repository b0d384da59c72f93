import { MonotonicClock } from "../../src/clock.ts";
import type { ClusterSpec, RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { parseEtcdRequest } from "../../src/etcd/request.ts";
import { Resources } from "../../src/resources.ts";
import type { ToxiproxyChoice } from "../../src/toxiproxy/choice.ts";
import { startWatchdog } from "../../src/watchdog/watchdog.ts";
import { testEtcdEnvironment } from "./etcd.ts";

export const testClock = new MonotonicClock();

let sequence = 0;

/**
 * A real cluster of the runtime, with a watchdog as a run has: a test that is killed leaves
 * nothing behind, and `clean` leaves the cluster alone while the test lives.
 */
export async function startTestCluster(
  runtime: RuntimeKind,
  { etcd = "3.5", alsoEtcd = [], restores = false, toxiproxy = { kind: "auto" }, ...spec }: Partial<ClusterSpec> & { etcd?: string; alsoEtcd?: readonly string[]; restores?: boolean; toxiproxy?: ToxiproxyChoice } = {},
): Promise<RunningCluster> {
  const chosen = await chooseRuntime(runtime);
  const prepared = await chosen.prepare({ etcd: parseEtcdRequest(etcd), alsoEtcd: new Map(alsoEtcd.map((asked) => [asked, parseEtcdRequest(asked)])), restores, toxiproxy, environment: testEtcdEnvironment() });
  const complete = { runId: `test-${process.pid}-${++sequence}`, memberCount: 3, flags: {}, ...spec } as const;
  await using resources = new Resources();
  resources.use(await startWatchdog(complete.runId));
  const cluster = resources.use(await prepared.start(complete, testClock));
  const owned = resources.move();
  return { ...cluster, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}
