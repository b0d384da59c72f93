import { homedir } from "node:os";
import { join } from "node:path";

import { cacheFolder } from "../cache-folder.ts";
import { HarnessError } from "../errors.ts";
import { runCommand, type RunCommand } from "../process.ts";
import type { Progress } from "../progress.ts";
import { BinaryCache } from "./cache.ts";
import { debianMirror } from "./debian-mirror.ts";
import type { DebianSuite } from "./debian-suite.ts";
import { DebianPackages, debianSuitesIn } from "./debian.ts";
import { HttpClient } from "./http.ts";
import { mirrorReleaseSite, officialReleaseSite, ReleaseArchive } from "./release-archive.ts";
import type { EtcdSource } from "./source.ts";

/** What resolving an etcd needs of the world around it. */
export interface EtcdEnvironment {
  /** Relative paths of the user's own binaries start here. */
  readonly cwd: string;
  /** What `~/` stands for. */
  readonly homeFolder: string;
  /** `linux-amd64`, as release archives name it. */
  readonly platform: string;
  readonly cache: BinaryCache;
  /** Asked in this order. */
  readonly sources: readonly EtcdSource[];
  readonly run: RunCommand;
  readonly progress: Progress;
}

export interface EtcdEnvironmentOptions {
  /**
   * Environment variables: `XDG_CACHE_HOME` and `HOME` for the cache, `ETCD_CHAOS_RELEASES_URL`
   * for a mirror of the release archives, `ETCD_CHAOS_DEBIAN_URL` for a mirror of Debian.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly progress: Progress;
  readonly clock: { wallMs(): number };
  readonly run?: RunCommand;
  readonly http?: HttpClient;
}

const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * The real thing: the user's cache, the release archives, Debian's packages.
 *
 * @throws HarnessError "environment" on a platform etcd is not released for.
 */
export function etcdEnvironment(options: EtcdEnvironmentOptions): EtcdEnvironment {
  const { env, cwd, progress, clock, run = runCommand, http = new HttpClient() } = options;
  const platform = etcdPlatform(process.platform, process.arch);
  const folder = cacheFolder(env);
  const mirror = env.ETCD_CHAOS_RELEASES_URL;
  const suites = userSuites(options);
  return {
    cwd,
    homeFolder: env.HOME || homedir(),
    platform,
    cache: new BinaryCache(join(folder, "etcd", platform), clock),
    sources: [
      new ReleaseArchive(mirror ? mirrorReleaseSite(mirror) : officialReleaseSite, http, platform),
      new DebianPackages({ suites, progress }),
    ],
    run,
    progress,
  };
}

/** Debian's suites, with their state in the user's cache. */
export function userSuites({ env, clock, run = runCommand }: EtcdEnvironmentOptions): DebianSuite[] {
  return debianSuitesIn(join(cacheFolder(env), "apt"), { mirrorUrl: env.ETCD_CHAOS_DEBIAN_URL || debianMirror(), keyringPath: debianKeyring, run, clock });
}

/** The platform as etcd's release archives name it. */
export function etcdPlatform(system: string, architecture: string): string {
  const name = { x64: "amd64", arm64: "arm64", ppc64: "ppc64le", s390x: "s390x" }[architecture];
  if (system === "linux" && name !== undefined) return `linux-${name}`;
  throw new HarnessError("environment", `etcd clusters can be run on Linux only (amd64, arm64, ppc64le, s390x), not on ${system} ${architecture}`, {
    hint: "Run the harness in a Linux virtual machine or container",
  });
}
