import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { HarnessError } from "../errors.ts";
import type { RunCommand } from "../process.ts";
import type { Progress } from "../progress.ts";
import { readVersion, type EtcdBinary } from "./binary.ts";
import type { BinaryCache } from "./cache.ts";
import type { DebianPackage, DebianSuite } from "./debian-suite.ts";
import { buildWithFailpoints } from "./failpoint-recipe.ts";
import { hasFailpoints } from "./failpoint-support.ts";
import { parseEtcdRequest, type VersionRequest } from "./request.ts";
import { pickVersion } from "./source.ts";

export interface FailpointBuild {
  /** Newest last; of several suites that have a version the last is taken. */
  readonly suites: readonly DebianSuite[];
  /** Of builds with failpoints alone: they go by the versions of stock etcd. */
  readonly cache: BinaryCache;
  readonly run: RunCommand;
  readonly progress: Progress;
}

/** The suites whose sources of etcd build: 3.3, in the one before, has no failpoints that gofail takes. */
export const failpointSuites: readonly string[] = ["bookworm", "trixie", "sid"];

const sourcePackages = ["golang-go", "golang-etcd-server-dev"];
const gofailPackages = ["golang-github-etcd-io-gofail", "golang-github-etcd-io-gofail-dev"];
/** The gofail of this suite locks up, so that its neighbour's is taken. */
const gofailOf: Readonly<Record<string, string>> = { bookworm: "trixie" };

/**
 * An etcd with failpoints, of a version (`3.5`, `3.5.16`) that Debian has the sources of: the one that was built before,
 * or one built now, which takes minutes and 2 GB for as long.
 *
 * @throws HarnessError "usage" for what is no version of 3.4 or 3.5; "etcd-not-found" where no suite has it; "download", "environment"
 */
export async function etcdWithFailpoints(text: string, build: FailpointBuild): Promise<EtcdBinary> {
  const wanted = parseEtcdRequest(text);
  if ((wanted.kind !== "series" && wanted.kind !== "exact") || !/^3\.[45](\.|$)/.test(text.replace(/^v/, ""))) {
    throw new HarnessError("usage", `"${text}" cannot be built with failpoints`, { hint: "Write 3.4 or 3.5, or an exact version of them that Debian has, such as 3.5.16" });
  }
  const { suite, found } = await choose(wanted, build);
  const cached = await build.cache.find(found.version);
  // The same version in a later packaging may have more failpoints, but no other behaviour.
  return cached.kind === "hit" ? cached.binary : buildIn(suite, found, build);
}

async function choose(wanted: VersionRequest, { suites, progress, cache }: FailpointBuild): Promise<{ suite: DebianSuite; found: DebianPackage }> {
  const offers: { readonly suite: DebianSuite; readonly found: DebianPackage }[] = [];
  for (const suite of suites) offers.push(...(await suite.packages(progress)).map((found) => ({ suite, found })));
  const version = pickVersion(offers.map(({ found }) => found.version), wanted);
  const offer = offers.findLast(({ found }) => found.version === version);
  if (offer !== undefined) return offer;
  const have = offers.map(({ suite, found }) => `${found.version} (${suite.name})`).join(", ");
  const built = await cache.versions();
  throw new HarnessError("etcd-not-found", `Debian has no sources of that etcd; it has ${have || "none"}`, { hint: built.length === 0 ? undefined : `Built before: ${built.join(", ")}` });
}

async function buildIn(suite: DebianSuite, { version, packageVersion }: DebianPackage, build: FailpointBuild): Promise<EtcdBinary> {
  const { cache, run, progress, suites } = build;
  await using incoming = await cache.incoming();
  const archives = join(incoming.path, "packages");
  await mkdir(archives);
  const gofailSuite = suites.find(({ name }) => name === gofailOf[suite.name]);
  const fetched = await suite.fetchWithDependencies([...sourcePackages, ...(gofailSuite === undefined ? gofailPackages : [])], "golang-", archives, progress);
  if (gofailSuite !== undefined) {
    await gofailSuite.packages(progress);
    fetched.push(...(await gofailSuite.fetchWithDependencies(gofailPackages, gofailPackages[0] ?? "", archives, progress)));
  }
  const built = await buildWithFailpoints({ scratch: incoming.path, archives: fetched, version, run, progress });
  const reported = await readVersion(built, run);
  if (reported.version !== version || !(await hasFailpoints(built))) {
    throw new HarnessError("environment", `what was built says that it is etcd ${reported.version}, ${(await hasFailpoints(built)) ? "and not" : "and has no failpoints: it should be"} ${version}`);
  }
  // Debian's build passes no commit, and neither does this one.
  return await cache.publish(built, { version, source: { kind: "debian", suite: suite.name, packageVersion } });
}
