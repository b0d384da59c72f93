import { join } from "node:path";
import { cacheFolder } from "../../src/cache-folder.ts";
import { MonotonicClock } from "../../src/clock.ts";
import { BinaryCache } from "../../src/etcd/cache.ts";
import { etcdPlatform } from "../../src/etcd/environment.ts";

/** The newest etcd with failpoints that was built here; undefined where none was. Nothing is built for tests. */
export async function builtWithFailpoints(): Promise<string | undefined> {
  const cache = new BinaryCache(join(cacheFolder(process.env), "etcd-failpoints", etcdPlatform(process.platform, process.arch)), new MonotonicClock());
  const [newest] = await cache.versions();
  const found = newest === undefined ? undefined : await cache.find(newest);
  return found?.kind === "hit" ? found.binary.path : undefined;
}
