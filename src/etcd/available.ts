import type { EtcdBinary } from "./binary.ts";
import type { EtcdEnvironment } from "./environment.ts";
import type { Listing } from "./source.ts";

/** What could be used without further ado, and what could be fetched. */
export interface AvailableEtcd {
  /** In the cache, verified, newest first. */
  readonly cached: readonly EtcdBinary[];
  /** Cached versions that will be fetched again on their next use, each as a sentence. */
  readonly damaged: readonly string[];
  readonly sources: readonly (Listing & { readonly name: string })[];
}

/** Every etcd there is: for `doctor`. Asks the network, within its time limits. */
export async function listAvailableEtcd(env: EtcdEnvironment): Promise<AvailableEtcd> {
  const [answers, sources] = await Promise.all([
    env.cache.versions().then((versions) => Promise.all(versions.map((version) => env.cache.find(version)))),
    Promise.all(env.sources.map(async (source) => ({ name: source.name, ...(await source.list()) }))),
  ]);
  return {
    cached: answers.flatMap((answer) => (answer.kind === "hit" ? [answer.binary] : [])),
    damaged: answers.flatMap((answer) => (answer.kind === "damaged" ? [answer.why] : [])),
    sources,
  };
}
