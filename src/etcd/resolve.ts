import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import { readVersion, sha256Of, type EtcdBinary } from "./binary.ts";
import type { SeriesMemory } from "./cache.ts";
import type { EtcdEnvironment } from "./environment.ts";
import { nobodyHas } from "./not-found.ts";
import type { BinaryRequest, FileRequest, VersionRequest } from "./request.ts";
import type { Offer } from "./source.ts";
import { compareVersions, newestFirst, seriesOf } from "./version.ts";

const seriesValidForMs = 24 * 3600 * 1000;
const staleSeriesValidForMs = 3600 * 1000;

/**
 * From what the user asks to an etcd on this machine. A version is looked for in the cache, then
 * in each source in turn. Once it is cached no network is needed; a series is looked up once a day.
 *
 * @throws HarnessError "etcd-not-found" when nobody has it, naming who was asked and what each said;
 * "download" when somebody has it but it could not be fetched whole;
 * "environment" when this machine cannot take it or cannot run it.
 */
export async function resolveEtcd(request: BinaryRequest, env: EtcdEnvironment): Promise<EtcdBinary> {
  switch (request.kind) {
    case "file": return resolveFile(request, env);
    case "exact": return resolveExact(request, env);
    case "series": return resolveSeries(request, env);
  }
}

async function resolveExact(request: VersionRequest & { kind: "exact" }, env: EtcdEnvironment): Promise<EtcdBinary> {
  const cached = await env.cache.find(request.version);
  if (cached.kind === "hit") return cached.binary;
  const search = new Search(request, env);
  if (cached.kind === "damaged") search.remarks.push(cached.why);
  return (await search.run()) ?? (await search.giveUp());
}

async function resolveSeries(request: VersionRequest & { kind: "series" }, env: EtcdEnvironment): Promise<EtcdBinary> {
  const { series } = request;
  const remembered = await env.cache.recallSeries(series);
  if (remembered) {
    const cached = await env.cache.find(remembered.version);
    if (cached.kind === "hit") return withNotice(cached.binary, remembered.notice);
  }
  const newestCached = await findNewestCached(series, env);
  const search = new Search(request, env);
  const found = await search.run(newestCached);
  if (found) {
    await remember(env, series, { version: found.version, validForMs: seriesValidForMs });
    return found;
  }
  if (!newestCached) return search.giveUp();
  const notice = `could not look for the newest ${series}, using ${newestCached.version} from the cache (${search.remarks.join("; ")})`;
  await remember(env, series, { version: newestCached.version, validForMs: staleSeriesValidForMs, notice });
  return withNotice(newestCached, notice);
}

/** Not being able to remember costs time next time, no more. */
async function remember(env: EtcdEnvironment, series: string, memory: SeriesMemory & { readonly validForMs: number }): Promise<void> {
  await env.cache.rememberSeries(series, memory).catch(() => undefined);
}

/** Asks the sources in turn, and keeps what they say for the error message. */
class Search {
  readonly remarks: string[] = [];
  readonly #available: string[] = [];
  readonly #request: VersionRequest;
  readonly #env: EtcdEnvironment;
  #offered = false;

  constructor(request: VersionRequest, env: EtcdEnvironment) {
    this.#request = request;
    this.#env = env;
  }

  /** The first offer that could be fetched; the cached one where that is at least as new. */
  async run(cached?: EtcdBinary): Promise<EtcdBinary | undefined> {
    for (const source of this.#env.sources) {
      try {
        const { offer, available, remarks } = await source.find(this.#request);
        this.#available.push(...available);
        this.remarks.push(...remarks);
        if (!offer) continue;
        if (cached && compareVersions(cached.version, offer.version) >= 0) return cached;
        this.#offered = true;
        return await take(offer, this.#env);
      } catch (error) {
        // A full or read-only disk stops the search, unless there is something to fall back to.
        const goOn = error instanceof HarnessError && (error.code === "download" || cached !== undefined);
        if (!goOn) throw error;
        this.remarks.push(`${source.name}: ${messageOf(error)}`);
      }
    }
    return undefined;
  }

  async giveUp(): Promise<never> {
    const cached = await this.#env.cache.versions();
    throw nobodyHas(this.#request, {
      platform: this.#env.platform,
      remarks: [`cache: has ${cached.length === 0 ? "no etcd yet" : cached.join(", ")}`, ...this.remarks],
      available: newestFirst([...cached, ...this.#available]),
      offered: this.#offered,
    });
  }
}

/** Fetches an offer into the cache. What fails on the way leaves nothing there. */
async function take(offer: Offer, env: EtcdEnvironment): Promise<EtcdBinary> {
  await using incoming = await env.cache.incoming();
  const fetched = await offer.fetch(incoming.path, env.progress);
  const reported = await readVersion(fetched.path, env.run).catch((error: unknown) => {
    // Not allowed to run anything here is this machine's trouble, all else the file's.
    if (errnoOf(error) === "EACCES") throw error;
    throw new HarnessError("download", `what was fetched as ${offer.version} does not work: ${messageOf(error)}`, { cause: error });
  });
  if (reported.version !== offer.version) {
    throw new HarnessError("download", `what was fetched as ${offer.version} says that it is ${reported.version}`);
  }
  // Awaited here, as the incoming folder is gone once this function has returned.
  return await env.cache.publish(fetched.path, { ...reported, source: fetched.source });
}

async function findNewestCached(series: string, env: EtcdEnvironment): Promise<EtcdBinary | undefined> {
  for (const version of await env.cache.versions()) {
    if (seriesOf(version) !== series || version.includes("-")) continue;
    const cached = await env.cache.find(version);
    if (cached.kind === "hit") return cached.binary;
  }
  return undefined;
}

function withNotice(binary: EtcdBinary, notice: string | undefined): EtcdBinary {
  return notice === undefined ? binary : { ...binary, notice };
}

/** A binary of the user's own: looked at on every use, never cached. */
async function resolveFile(request: FileRequest, env: EtcdEnvironment): Promise<EtcdBinary> {
  const path = request.path.startsWith("~/") ? join(env.homeFolder, request.path.slice(2)) : resolve(env.cwd, request.path);
  const found = await stat(path).catch((error: unknown) => {
    throw new HarnessError("etcd-not-found", `there is no ${path} (${errnoOf(error) ?? messageOf(error)})`, {
      hint: "Check the path given for etcd; it is taken from the folder the command was started in",
      cause: error,
    });
  });
  if (found.isDirectory()) {
    throw new HarnessError("etcd-not-found", `${path} is a folder, not an etcd binary`, { hint: `Did you mean ${join(path, "etcd")}?` });
  }
  await access(path, constants.X_OK).catch((error: unknown) => {
    throw new HarnessError("etcd-not-found", `${path} is not executable`, { hint: `chmod +x ${path}`, cause: error });
  });
  const [reported, sha256] = await Promise.all([readVersion(path, env.run), sha256Of(path)]);
  return { path, ...reported, source: { kind: "file" }, sha256 };
}
