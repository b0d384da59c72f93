import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import tar from "tar-stream";
import { z } from "zod";

import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import type { Progress } from "../progress.ts";
import { parseJson } from "./cache.ts";
import type { HttpClient } from "./http.ts";
import { writingTo } from "./local-write.ts";
import type { VersionRequest } from "./request.ts";
import { pickVersion, restorePrograms, type EtcdSource, type Finding, type Listing, type Offer } from "./source.ts";
import { newestFirst, parseVersion, seriesOf } from "./version.ts";

export interface ReleaseSite {
  /** Holds `vX.Y.Z/etcd-vX.Y.Z-PLATFORM.tar.gz` and `vX.Y.Z/SHA256SUMS`. */
  readonly downloadUrl: string;
  /** Answers like GitHub's list of releases: a JSON array of `{ tag_name }`, newest first, in pages. */
  readonly listUrl: string;
}

export const officialReleaseSite: ReleaseSite = {
  downloadUrl: "https://github.com/etcd-io/etcd/releases/download",
  listUrl: "https://api.github.com/repos/etcd-io/etcd/releases?per_page=100",
};

/** A mirror has the same folders as the official site, and the list of releases as `releases.json` beside them. */
export function mirrorReleaseSite(url: string): ReleaseSite {
  const base = url.replace(/\/+$/, "");
  return { downloadUrl: base, listUrl: `${base}/releases.json` };
}

const releasesSchema = z.array(z.object({ tag_name: z.string() }));
const listPagesMax = 5;
const archiveMaxBytes = 1024 ** 3;

/** etcd's own release archives. */
export class ReleaseArchive implements EtcdSource {
  readonly name = "release archive";
  readonly kind = "release";
  readonly #site: ReleaseSite;
  readonly #http: HttpClient;
  readonly #platform: string;

  /** @param platform as in the archives' names: `linux-amd64` */
  constructor(site: ReleaseSite, http: HttpClient, platform: string) {
    this.#site = site;
    this.#http = http;
    this.#platform = platform;
  }

  async find(wanted: VersionRequest): Promise<Finding> {
    try {
      if (wanted.kind === "exact") return await this.#findExact(wanted);
      const available = await this.#listed(wanted.series);
      const version = pickVersion(available, wanted);
      if (version === undefined) {
        return { offer: undefined, available, remarks: [`${this.name}: no release of ${wanted.series} is listed`] };
      }
      return { ...(await this.#findExact({ kind: "exact", version })), available };
    } catch (error) {
      return { offer: undefined, available: [], remarks: [`${this.name}: ${messageOf(error)}`] };
    }
  }

  async list(): Promise<Listing> {
    try {
      return { available: await this.#listed(undefined), remarks: [] };
    } catch (error) {
      return { available: [], remarks: [`${this.name}: ${messageOf(error)}`] };
    }
  }

  async #findExact({ version }: { kind: "exact"; version: string }): Promise<Finding> {
    const sums = await this.#get(`${this.#site.downloadUrl}/v${version}/SHA256SUMS`);
    if (sums === undefined) {
      const { available } = await this.list();
      return { offer: undefined, available, remarks: [`${this.name}: there is no v${version}`] };
    }
    const archive = `etcd-v${version}-${this.#platform}.tar.gz`;
    const sha256 = checksumOf(sums, archive);
    if (sha256 === undefined) {
      return { offer: undefined, available: [], remarks: [`${this.name}: v${version} has no ${archive}`] };
    }
    const url = `${this.#site.downloadUrl}/v${version}/${archive}`;
    return { offer: this.#offer(version, url, sha256), available: [version], remarks: [] };
  }

  #offer(version: string, url: string, sha256: string): Offer {
    const fetch = async (programs: readonly string[], folder: string, progress: Progress): Promise<string> => {
      const archivePath = join(folder, "archive.tar.gz");
      await writingTo(folder, () => this.#download(url, sha256, archivePath, progress));
      return writingTo(folder, () => extractProgram(archivePath, programs, folder, url));
    };
    return {
      version,
      fetch: async (folder, progress) => ({ path: await fetch(["etcd"], folder, progress), source: { kind: "release", url } }),
      fetchRestoreProgram: (folder, progress) => fetch(restorePrograms, folder, progress),
    };
  }

  /** Downloads a file and checks it; what does not match stays behind in the incoming folder, which goes away. */
  async #download(url: string, sha256: string, path: string, progress: Progress): Promise<void> {
    const answer = await this.#http.get(url);
    if (answer.status !== 200) {
      answer.discard();
      throw new HarnessError("download", `${url} answered ${answer.status}`);
    }
    const task = progress.start(`${url.slice(url.lastIndexOf("/") + 1)}`, answer.totalBytes);
    const hash = createHash("sha256");
    let bytes = 0;
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of answer.chunks()) {
        bytes += chunk.byteLength;
        if (bytes > archiveMaxBytes) throw new HarnessError("download", `${url} does not end`);
        hash.update(chunk);
        task.advance(chunk.byteLength);
        yield chunk;
      }
    };
    try {
      await pipeline(watched, createWriteStream(path));
      const got = hash.digest("hex");
      if (got !== sha256) {
        throw new HarnessError("download", `${url} has a wrong checksum (${bytes} bytes, SHA-256 ${got}, published ${sha256})`);
      }
      task.done();
    } catch (error) {
      task.fail();
      throw error;
    }
  }

  /** The releases that are listed; with a series, reading stops at the page that has it, as the list is newest first. */
  async #listed(series: string | undefined): Promise<string[]> {
    const versions: string[] = [];
    let url: string | undefined = this.#site.listUrl;
    for (let page = 0; url !== undefined && page < listPagesMax; page += 1) {
      const answer = await this.#http.get(url);
      if (answer.status !== 200) {
        answer.discard();
        throw new HarnessError("download", `the list of releases answered ${answer.status}${answer.status === 403 || answer.status === 429 ? " (too many requests from here)" : ""}`);
      }
      const releases = releasesSchema.safeParse(parseJson(await answer.text()));
      if (!releases.success) throw new HarnessError("download", "the list of releases cannot be read");
      versions.push(...releases.data.map(({ tag_name }) => tag_name.replace(/^v/, "")).filter((tag) => parseVersion(tag)));
      if (series !== undefined && versions.some((version) => seriesOf(version) === series)) break;
      url = answer.nextPage;
    }
    return newestFirst(versions);
  }

  /** A small file's text; undefined when there is none. */
  async #get(url: string): Promise<string | undefined> {
    const answer = await this.#http.get(url);
    if (answer.status === 200) return answer.text();
    answer.discard();
    if (answer.status === 404) return undefined;
    throw new HarnessError("download", `${url} answered ${answer.status}`);
  }
}

/** The checksum of one file in the output of sha256sum; undefined when the file is not listed. */
function checksumOf(sums: string, file: string): string | undefined {
  for (const line of sums.split("\n")) {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *](?:.*\/)?(\S+)\s*$/.exec(line) ?? [];
    if (name === file) return sha256;
  }
  return undefined;
}

/** Takes one program, the first of these that is in it, out of a release archive. @returns its path in the folder */
async function extractProgram(archivePath: string, programs: readonly string[], folder: string, url: string): Promise<string> {
  const extract = tar.extract();
  const found = new Set<string>();
  const unpacking = pipeline(createReadStream(archivePath), createGunzip(), extract);
  // A broken archive also ends the loop below with an error; this one is only not to go unheard.
  unpacking.catch(() => undefined);
  try {
    for await (const entry of extract) {
      const name = /^(?:\.\/)?[^/]+\/([^/]+)$/.exec(entry.header.name)?.[1] ?? "";
      if (!found.has(name) && entry.header.type === "file" && programs.includes(name)) {
        found.add(name);
        await pipeline(entry, createWriteStream(join(folder, name), { mode: 0o755 }));
      } else {
        entry.resume();
      }
    }
    await unpacking;
  } catch (error) {
    // Errors of the file system are told apart by the caller; the others are about the archive.
    if (errnoOf(error)?.startsWith("E")) throw error;
    throw new HarnessError("download", `${url} cannot be unpacked: ${messageOf(error)}`, { cause: error });
  }
  const first = programs.find((name) => found.has(name));
  if (first === undefined) throw new HarnessError("download", `${url} holds no ${programs.join(" and no ")}`);
  return join(folder, first);
}
