import type { Clock } from "../clock.ts";
import type { EtcdEnvironmentOptions } from "../etcd/environment.ts";
import { progressOn } from "../progress.ts";

/** The user's environment, with progress on standard error. */
export function world(clock: Clock): EtcdEnvironmentOptions {
  return { env: process.env, cwd: process.cwd(), progress: progressOn(process.stderr, clock), clock };
}
