import { MonotonicClock } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import type { EtcdEnvironmentOptions } from "../../src/etcd/environment.ts";
import { progressOn } from "../../src/progress.ts";
import { findPrometheus, type PrometheusProgram } from "../../src/prometheus/program.ts";

/** The user's cache and Debian's packages, as for runs. */
export function prometheusWorld(): EtcdEnvironmentOptions {
  const clock = new MonotonicClock();
  return { env: process.env, cwd: process.cwd(), progress: progressOn(process.stderr, clock), clock };
}

/** Why tests that need a Prometheus cannot run here; where `REQUIRE_DOCKER=1` says that everything has to be there, they are to run and fail. */
export async function whyNoPrometheus(): Promise<string | undefined> {
  if (process.env["REQUIRE_DOCKER"] === "1") return undefined;
  return findPrometheus(prometheusWorld()).then(() => undefined, messageOf);
}

/** The Prometheus that runs take, fetched where it has to be. A suite that needs it is pending with the reason where there is none. */
export async function needPrometheus(mocha: Mocha.Context): Promise<PrometheusProgram> {
  const missing = await whyNoPrometheus();
  if (missing === undefined) return findPrometheus(prometheusWorld());
  mocha.test?.parent?.eachTest((test) => (test.title += ` (pending: ${missing})`));
  return mocha.skip();
}
