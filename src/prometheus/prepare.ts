import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import type { EtcdEnvironmentOptions } from "../etcd/environment.ts";
import { runFolder } from "../marks.ts";
import { Resources } from "../resources.ts";
import { PrometheusApi } from "./api.ts";
import { findPrometheus } from "./program.ts";
import { startServer } from "./server.ts";
import type { TargetList } from "./targets.ts";
import { lookbackMs, PrometheusWatch, scrapeConfig } from "./watch.ts";

/** A Prometheus that was found; nothing of it is started. */
export interface PreparedPrometheus {
  readonly origin: { readonly version: string; readonly source: string };
  /** @throws HarnessError `environment` when it does not come up */
  start(run: { readonly runId: string; readonly clock: Clock; readonly targets: TargetList }): Promise<RunningPrometheus>;
}

/** Disposing ends it, if it is our own. */
export interface RunningPrometheus extends AsyncDisposable {
  readonly watch: PrometheusWatch;
  /** Resolves with how it ended, where it is our own. */
  readonly ended: Promise<string> | undefined;
}

/**
 * Finds the Prometheus for runs: the one at this address, or one to be started.
 * @throws HarnessError `environment` when there is none
 */
export async function preparePrometheus(url: string | undefined, options: EtcdEnvironmentOptions): Promise<PreparedPrometheus> {
  return url === undefined ? ownPrometheus(options) : outerPrometheus(url);
}

async function outerPrometheus(url: string): Promise<PreparedPrometheus> {
  const api = new PrometheusApi(url);
  const version = await api.version();
  if (version === undefined) throw new HarnessError("environment", `--prom-url ${url}: no Prometheus answers there`, { hint: "Leave it out to have one started." });
  return {
    origin: { version, source: url },
    async start(run) {
      const watch = new PrometheusWatch(api, { ...run, own: false });
      return { watch, ended: undefined, [Symbol.asyncDispose]: async () => watch[Symbol.dispose]() };
    },
  };
}

async function ownPrometheus(options: EtcdEnvironmentOptions): Promise<PreparedPrometheus> {
  const program = await findPrometheus(options);
  const { version, source } = program;
  return {
    origin: { version, source },
    async start({ runId, clock, targets }) {
      await using starting = new Resources();
      // In the run's temporary folder, which goes with the run however that ends.
      const server = starting.use(await startServer(program, { runId, folder: join(runFolder(runId), "prometheus"), config: scrapeConfig(targets), lookbackMs, clock }));
      const watch = new PrometheusWatch(server.api, { runId, clock, targets, own: true });
      starting.defer(() => watch[Symbol.dispose]());
      const resources = starting.move();
      return { watch, ended: server.ended, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
    },
  };
}
