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
import { describeRequest, parseEtcdRequest } from "./request.ts";
import { pickVersion } from "./source.ts";

export interface FailpointBuild {
  /** Newest last: of several suites that have a version the last is taken. */
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
  const offers = await ask(build);
  const version = pickVersion(offers.offers.map(({ found }) => found.version), wanted);
  // Where Debian does not answer, or has moved on, what was built before will do.
  const before = pickVersion(await build.cache.versions(), wanted);
  const cached = await build.cache.find(version ?? before ?? "");
  // The same version in a later packaging may have more failpoints, but no other behaviour.
  if (cached.kind === "hit") return cached.binary;
  const offer = offers.offers.findLast(({ found }) => found.version === version);
  if (offer !== undefined) return buildIn(offer, build);
  throw new HarnessError("etcd-not-found", `nobody has sources of etcd ${describeRequest(wanted)} that can be built with failpoints: ${offers.remarks.join("; ")}`);
}

interface Offer {
  readonly suite: DebianSuite;
  readonly found: DebianPackage;
}

/** What each suite has; a suite that cannot be asked has nothing, and a remark says why. */
async function ask({ suites, progress }: FailpointBuild): Promise<{ offers: Offer[]; remarks: string[] }> {
  const offers: Offer[] = [];
  const remarks: string[] = [];
  for (const suite of suites) {
    try {
      const packages = await suite.packages(progress);
      offers.push(...packages.map((found) => ({ suite, found })));
      remarks.push(`Debian ${suite.name} has ${packages.map(({ version }) => version).join(", ") || "none"}`);
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "download") throw error;
      remarks.push(`Debian ${suite.name}: ${error.message}`);
    }
  }
  return { offers, remarks };
}

async function buildIn({ suite, found: { version, packageVersion } }: Offer, build: FailpointBuild): Promise<EtcdBinary> {
  const { cache, run, progress, suites } = build;
  await using incoming = await cache.incoming();
  const archives = join(incoming.path, "packages");
  await mkdir(archives);
  const gofailSuite = suites.find(({ name }) => name === gofailOf[suite.name]);
  const wanted = [...sourcePackages, ...(gofailSuite === undefined ? gofailPackages : [])];
  const fetched = await suite.fetchWithDependencies(wanted, "golang-", archives, progress).catch(async (error: unknown) => {
    // sid replaces packages at any time, so a list of an hour ago may name some that are gone.
    if (!(error instanceof HarnessError) || error.code !== "download") throw error;
    await suite.refresh(progress);
    return suite.fetchWithDependencies(wanted, "golang-", archives, progress);
  });
  if (gofailSuite !== undefined) {
    await gofailSuite.packages(progress);
    fetched.push(...(await gofailSuite.fetchWithDependencies(gofailPackages, gofailPackages[0] ?? "", archives, progress)));
  }
  const built = await buildWithFailpoints({ scratch: incoming.path, archives: fetched, version, run, progress });
  const reported = await readVersion(built, run);
  if (reported.version !== version) throw new HarnessError("environment", `what was built of etcd ${version} says that it is ${reported.version}`);
  if (!(await hasFailpoints(built))) throw new HarnessError("environment", `etcd ${version} was built, and has no failpoints`);
  // Debian's build passes no commit, and neither does this one.
  return await cache.publish(built, { version, source: { kind: "debian", suite: suite.name, packageVersion } });
}
