import { dirname, join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { BinaryCache } from "../etcd/cache.ts";
import type { DebianSuite, PackagedProgram } from "../etcd/debian-suite.ts";
import { etcdPlatform, userSuites, type EtcdEnvironmentOptions } from "../etcd/environment.ts";
import type { EtcdBinary } from "../etcd/binary.ts";
import { runCommand, type RunCommand } from "../process.ts";
import { findOnPath, isExecutable } from "../search-path.ts";

/** A Prometheus server that runs on this machine. */
export interface PrometheusProgram {
  readonly path: string;
  readonly version: string;
  /** For people: `Debian trixie, prometheus 2.53.3+ds1-2`, or its path. */
  readonly source: string;
  /** Beside it, where it is there: fills a Prometheus with what was recorded. */
  readonly promtool: string | undefined;
}

/** Newer releases first, of which the first that runs here is taken; sid last, as it changes most. */
const suiteOrder = ["trixie", "bookworm", "bullseye", "sid"];

const server: PackagedProgram = { packageName: "prometheus", programs: ["prometheus"] };
const tool: PackagedProgram = { packageName: "promtool", programs: ["promtool"] };

/** What can be had: at hand, or to be fetched first, or nothing. */
export type PrometheusOffer =
  | { readonly kind: "here"; readonly program: PrometheusProgram }
  | { readonly kind: "to fetch"; readonly what: string; readonly fetch: () => Promise<PrometheusProgram> }
  | { readonly kind: "none"; readonly because: string };

/** Which one would be taken, or why there is none, for people. */
export function describeOffer(offer: PrometheusOffer): string {
  switch (offer.kind) {
    case "here": return `${offer.program.version} (${offer.program.source})`;
    case "to fetch": return `to be fetched: ${offer.what}`;
    case "none": return `none can be had: ${offer.because}`;
  }
}

/**
 * Which Prometheus a run would take: that on PATH, one that was fetched before, or Debian's package, which
 * is looked for but not fetched yet.
 * @throws HarnessError `environment` when this machine cannot take one
 */
export async function lookForPrometheus(options: EtcdEnvironmentOptions): Promise<PrometheusOffer> {
  const { env, clock, run = runCommand } = options;
  const onPath = await onSearchPath(env["PATH"] ?? "", run);
  if (onPath !== undefined) return { kind: "here", program: onPath };
  const cache = new BinaryCache(join(cacheFolder(env), "prometheus", etcdPlatform(process.platform, process.arch)), clock, "prometheus");
  for (const version of await cache.versions()) {
    const found = await cache.find(version);
    if (found.kind === "hit") return { kind: "here", program: await cachedProgram(found.binary) };
  }
  const suites = userSuites(options).sort((a, b) => suiteOrder.indexOf(a.name) - suiteOrder.indexOf(b.name));
  return inDebian(suites, cache, { ...options, run });
}

/**
 * The same, fetched where it has to be: once, some 20 to 40 MB.
 * @throws HarnessError `environment` when there is none, with who was asked
 */
export async function findPrometheus(options: EtcdEnvironmentOptions): Promise<PrometheusProgram> {
  const offer = await lookForPrometheus(options);
  if (offer.kind === "here") return offer.program;
  if (offer.kind === "to fetch") return offer.fetch();
  throw new HarnessError("environment", `no Prometheus can be had here: ${offer.because}`, { hint: noneHint });
}

/** What to do where there is no Prometheus. */
export const noneHint = "Put prometheus on PATH, or name one that runs already: --prom-url http://127.0.0.1:9090.";

async function onSearchPath(path: string, run: RunCommand): Promise<PrometheusProgram | undefined> {
  const file = await findOnPath("prometheus", path);
  const version = file && (await versionOf(file, run).catch(() => undefined));
  return file && version ? { path: file, version, source: file, promtool: await besideIt(file) } : undefined;
}

async function cachedProgram({ path, version, source }: EtcdBinary): Promise<PrometheusProgram> {
  const from = source.kind === "debian" ? `Debian ${source.suite}, ${server.packageName} ${source.packageVersion}` : path;
  return { path, version, source: from, promtool: await besideIt(path) };
}

/** Some suites may be out of reach, or carry one that needs a newer C library: then the next. */
async function inDebian(suites: readonly DebianSuite[], cache: BinaryCache, { progress, run }: EtcdEnvironmentOptions & { readonly run: RunCommand }): Promise<PrometheusOffer> {
  const remarks: string[] = [];
  const note = (suite: DebianSuite, error: unknown): void => {
    if (!(error instanceof HarnessError) || error.code !== "download") throw error;
    remarks.push(`Debian ${suite.name}: ${messageOf(error)}`);
  };
  const fetchFrom = async (rest: readonly DebianSuite[]): Promise<PrometheusProgram> => {
    for (const suite of rest) {
      try {
        return await fetchInto(cache, suite, { progress, run });
      } catch (error) {
        note(suite, error);
      }
    }
    throw new HarnessError("environment", `no Prometheus can be had here: ${remarks.join("; ")}`, { hint: noneHint });
  };
  for (const [index, suite] of suites.entries()) {
    try {
      const [offered] = await suite.packages(progress, server.packageName);
      if (offered !== undefined) return { kind: "to fetch", what: `Debian ${suite.name}, prometheus ${offered.packageVersion}`, fetch: () => fetchFrom(suites.slice(index)) };
      remarks.push(`Debian ${suite.name} has none`);
    } catch (error) {
      note(suite, error);
    }
  }
  return { kind: "none", because: `it is not on PATH; ${remarks.join("; ")}` };
}

async function fetchInto(cache: BinaryCache, suite: DebianSuite, { progress, run }: Pick<EtcdEnvironmentOptions, "progress"> & { readonly run: RunCommand }): Promise<PrometheusProgram> {
  const [offered] = await suite.packages(progress, server.packageName);
  if (offered === undefined) throw new HarnessError("download", "it has no prometheus");
  await using incoming = await cache.incoming();
  const fetched = await suite.fetch(offered, incoming.path, progress, server);
  const version = await versionOf(fetched, run).catch((cause: unknown) => {
    throw new HarnessError("download", `prometheus ${offered.packageVersion} does not run here: ${messageOf(cause)}`, { cause });
  });
  // From trixie on it has a package of its own, with the same version; a run can do without it.
  const promtool = (await besideIt(fetched)) ?? (await suite.fetch(offered, incoming.path, progress, tool).catch(() => undefined));
  const binary = await cache.publish(fetched, { version, source: { kind: "debian", suite: suite.name, packageVersion: offered.packageVersion } });
  if (promtool !== undefined) await cache.publishBeside(binary, promtool);
  return await cachedProgram(binary);
}

/** `2.42.0` of `prometheus, version 2.42.0+ds (branch: …)`. */
async function versionOf(path: string, run: RunCommand): Promise<string> {
  const { stdout, stderr } = await run(path, ["--version"], { timeoutMs: 20_000 });
  const version = /^prometheus, version (\d+\.\d+\.\d+)/m.exec(stdout + stderr)?.[1];
  if (version === undefined) throw new Error(`${path} is not Prometheus: ${(stdout + stderr).trim().split("\n", 1).join("").slice(0, 200)}`);
  return version;
}

async function besideIt(path: string): Promise<string | undefined> {
  const promtool = join(dirname(path), "promtool");
  return (await isExecutable(promtool)) ? promtool : undefined;
}
