import { MonotonicClock } from "../clock.ts";
import { capabilities } from "../cluster/member.ts";
import { chooseRuntime } from "../cluster/runtime.ts";
import { HarnessError } from "../errors.ts";
import { etcdEnvironment } from "../etcd/environment.ts";
import { parseEtcdRequest } from "../etcd/request.ts";
import { progressOn } from "../progress.ts";
import { startWatchdog } from "../watchdog/watchdog.ts";
import { runIdOf } from "./paths.ts";
import { onInterruption } from "./signals.ts";

/**
 * The failpoints of an etcd, as a single member tells them that runs for a moment.
 * @throws HarnessError `environment` for an etcd that has none
 */
export async function failpointNames(etcd: string): Promise<string[]> {
  const clock = new MonotonicClock();
  const wanted = parseEtcdRequest(etcd);
  const runtime = await chooseRuntime(wanted.kind === "image" ? "docker" : "local");
  const environment = etcdEnvironment({ env: process.env, cwd: process.cwd(), progress: progressOn(process.stderr, clock), clock });
  const prepared = await runtime.prepare({ etcd: wanted, toxiproxy: { kind: "embedded" }, environment });
  const { failpoints: lacking } = prepared.lacks;
  if (lacking !== undefined) throw new HarnessError("environment", lacking);
  using interruption = onInterruption({ clock });
  const runId = runIdOf(clock.wallMs(), 0);
  await using _watchdog = await startWatchdog(runId);
  await using cluster = await prepared.start({ runId, memberCount: 1, flags: {}, failpoints: true }, clock);
  const [member] = cluster.members;
  if (member === undefined || !capabilities.failpoints(member)) throw new HarnessError("internal", "a member without failpoints was started");
  return [...(await member.failpoints().list(interruption.signal)).keys()];
}
