import { join } from "node:path";

import { BinaryCache } from "../../src/etcd/cache.ts";
import type { EtcdEnvironment } from "../../src/etcd/environment.ts";
import { HttpClient, type HttpLimits } from "../../src/etcd/http.ts";
import { mirrorReleaseSite, ReleaseArchive } from "../../src/etcd/release-archive.ts";
import { pickVersion, type EtcdSource } from "../../src/etcd/source.ts";
import { HarnessError } from "../../src/errors.ts";
import { runCommand } from "../../src/process.ts";
import { silentProgress } from "../../src/progress.ts";

/** A wall clock that stands still until it is moved. */
export class StoppedClock {
  #nowMs = Date.parse("2024-05-01T12:00:00Z");

  wallMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

/** An environment with a cache of its own and the sources that the test names. */
export function testEnvironment(
  folder: string,
  sources: readonly EtcdSource[],
  clock: { wallMs(): number } = new StoppedClock(),
): EtcdEnvironment {
  return {
    cwd: folder,
    homeFolder: folder,
    platform: "linux-amd64",
    cache: new BinaryCache(join(folder, "etcd", "linux-amd64"), clock),
    sources,
    run: runCommand,
    progress: silentProgress,
  };
}

export function releaseSource(url: string, limits?: HttpLimits): ReleaseArchive {
  return new ReleaseArchive(mirrorReleaseSite(url), new HttpClient(limits), "linux-amd64");
}

/** A source that knows versions and counts how often it is asked, but has nothing to give. */
export function knowingSource(name: string, versions: readonly string[]): EtcdSource & { asked: number } {
  return {
    name,
    kind: "release",
    asked: 0,
    find(wanted) {
      this.asked += 1;
      const version = pickVersion(versions, wanted);
      const fetch = (): never => {
        throw new HarnessError("download", "the line is down");
      };
      return Promise.resolve({
        offer: version === undefined ? undefined : { version, fetch: async () => fetch(), fetchRestoreProgram: async () => fetch() },
        available: versions,
        remarks: [`${name} has ${versions.join(", ") || "nothing"}`],
      });
    },
    list: () => Promise.resolve({ available: versions, remarks: [] }),
  };
}

/** The error a promise ends with; a promise that does not fail is a failure of the test. */
export async function errorOf(promise: Promise<unknown>): Promise<HarnessError> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error(`expected an error, got ${JSON.stringify(result)}`);
}
