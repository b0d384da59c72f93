import { constants } from "node:fs";
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import { sha256Of, type BinarySource, type EtcdBinary } from "./binary.ts";
import { syncFile, syncFolder, writeFileAtomically, writingTo } from "./local-write.ts";
import { newestFirst, parseVersion } from "./version.ts";

/** What is known of a cached version. */
export type CacheAnswer =
  | { readonly kind: "hit"; readonly binary: EtcdBinary }
  | { readonly kind: "absent" }
  /** It is there but must not be used. */
  | { readonly kind: "damaged"; readonly why: string };

/** A folder for what is being fetched; gone after use. */
export interface IncomingFolder extends AsyncDisposable {
  readonly path: string;
}

/** What a series was resolved to. */
export interface SeriesMemory {
  readonly version: string;
  readonly notice?: string;
}

const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("release"), url: z.string() }),
  z.object({ kind: z.literal("debian"), suite: z.string(), packageVersion: z.string() }),
]);

const recordSchema = z.object({
  version: z.string(),
  gitSha: z.string().optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  source: sourceSchema,
});

const seriesSchema = z.object({
  version: z.string(),
  resolvedAtMs: z.number(),
  validForMs: z.number(),
  notice: z.string().optional(),
});

const abandonedAfterMs = 24 * 3600 * 1000;

/**
 * The etcd binaries that were fetched before, for one platform:
 *
 *     v3.5.30/binary.json                what it is; names the file by its checksum
 *     v3.5.30/d24ad02a1579be53/etcd      the first 16 digits of the SHA-256
 *     series/3.5.json                    what `3.5` was resolved to, and when
 *     incoming/…                         being fetched, or left behind by a process that was killed
 *
 * Nothing is locked. A binary is renamed into place first and `binary.json` after it, so whoever
 * reads a record finds a whole file; two who fetch the same version write the same bytes.
 */
export class BinaryCache {
  readonly folder: string;
  readonly #clock: { wallMs(): number };
  readonly #program: string;

  /** `program` names the files; it is another than etcd where other programs are kept like this. */
  constructor(folder: string, clock: { wallMs(): number }, program = "etcd") {
    this.folder = folder;
    this.#program = program;
    this.#clock = clock;
  }

  /** The cached binary of an exact version, its checksum verified. */
  async find(version: string): Promise<CacheAnswer> {
    const text = await readIfThere(this.#recordPath(version));
    if (text === undefined) return { kind: "absent" };
    const record = recordSchema.safeParse(parseJson(text));
    if (!record.success || record.data.version !== version) return damaged(version, "its record cannot be read");
    const { gitSha, sha256, source } = record.data;
    const path = this.#binaryPath(version, sha256);
    try {
      if ((await sha256Of(path)) !== sha256) return damaged(version, "its checksum is wrong");
      await access(path, constants.X_OK);
    } catch (error) {
      return damaged(version, messageOf(error));
    }
    return { kind: "hit", binary: { path, version, sha256, source, ...(gitSha === undefined ? {} : { gitSha }) } };
  }

  /** Every version with a record, newest first; not verified. */
  async versions(): Promise<string[]> {
    const names = await namesIn(this.folder);
    const recorded = await Promise.all(
      names.map(async (name) => {
        const version = name.startsWith("v") ? name.slice(1) : "";
        return parseVersion(version) && (await readIfThere(this.#recordPath(version))) !== undefined ? version : undefined;
      }),
    );
    return newestFirst(recorded.filter((version) => version !== undefined));
  }

  /**
   * Takes over a binary that was fetched into an incoming folder of this cache.
   *
   * @throws HarnessError "environment" when the cache cannot be written.
   */
  async publish(
    fetchedPath: string,
    { version, gitSha, source }: { version: string; gitSha?: string; source: Exclude<BinarySource, { kind: "file" }> },
  ): Promise<EtcdBinary> {
    return writingTo(this.folder, async () => {
      const sha256 = await sha256Of(fetchedPath);
      await chmod(fetchedPath, 0o755);
      await syncFile(fetchedPath);
      const path = this.#binaryPath(version, sha256);
      const folder = join(path, "..");
      await mkdir(folder, { recursive: true });
      await rename(fetchedPath, path);
      await syncFolder(folder);
      const about = { version, ...(gitSha === undefined ? {} : { gitSha }), sha256, source };
      await writeFileAtomically(this.#recordPath(version), `${JSON.stringify(about)}\n`);
      return { path, ...about };
    });
  }

  /**
   * Takes over a program that belongs to a cached binary, and puts it beside it under its own name.
   *
   * @returns its path
   * @throws HarnessError "environment" when the cache cannot be written.
   */
  async publishBeside({ path }: Pick<EtcdBinary, "path">, fetchedPath: string): Promise<string> {
    return writingTo(this.folder, async () => {
      const beside = join(dirname(path), basename(fetchedPath));
      await chmod(fetchedPath, 0o755);
      await syncFile(fetchedPath);
      await rename(fetchedPath, beside);
      await syncFolder(dirname(beside));
      return beside;
    });
  }

  /**
   * An empty folder on the same file system as the cache. Ones that killed processes left behind
   * are removed when they are a day old.
   *
   * @throws HarnessError "environment" when the cache cannot be written.
   */
  async incoming(): Promise<IncomingFolder> {
    const parent = join(this.folder, "incoming");
    return writingTo(this.folder, async () => {
      await mkdir(parent, { recursive: true });
      await this.#sweep(parent);
      const path = await mkdtemp(join(parent, `${this.#program}-`));
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    });
  }

  /** Notes what a series is from now on for so long, with a notice to be repeated. */
  async rememberSeries(series: string, { version, validForMs, notice }: SeriesMemory & { readonly validForMs: number }): Promise<void> {
    const memory = { version, resolvedAtMs: this.#clock.wallMs(), validForMs, ...(notice === undefined ? {} : { notice }) };
    await writingTo(this.folder, () => writeFileAtomically(this.#seriesPath(series), `${JSON.stringify(memory)}\n`));
  }

  /** What a series was when it was last looked up, as long as that is valid. */
  async recallSeries(series: string): Promise<SeriesMemory | undefined> {
    const text = await readIfThere(this.#seriesPath(series));
    const memory = seriesSchema.safeParse(text === undefined ? undefined : parseJson(text));
    if (!memory.success) return undefined;
    const { version, resolvedAtMs, validForMs, notice } = memory.data;
    const ageMs = this.#clock.wallMs() - resolvedAtMs;
    // A time in the future means that the clock was set back: as good as unknown.
    if (ageMs < 0 || ageMs > validForMs) return undefined;
    return { version, ...(notice === undefined ? {} : { notice }) };
  }

  async #sweep(parent: string): Promise<void> {
    for (const name of await namesIn(parent)) {
      const path = join(parent, name);
      const modifiedMs = await stat(path).then((found) => found.mtimeMs, () => undefined);
      if (modifiedMs !== undefined && this.#clock.wallMs() - modifiedMs > abandonedAfterMs) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }

  #recordPath(version: string): string {
    return join(this.folder, `v${version}`, "binary.json");
  }

  #binaryPath(version: string, sha256: string): string {
    return join(this.folder, `v${version}`, sha256.slice(0, 16), this.#program);
  }

  #seriesPath(series: string): string {
    return join(this.folder, "series", `${series}.json`);
  }
}

function damaged(version: string, why: string): CacheAnswer {
  return { kind: "damaged", why: `the cached ${version} is damaged: ${why}` };
}

/** A file's text; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new HarnessError("environment", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new HarnessError("environment", `${folder} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function isAbsent(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOENT" || errno === "ENOTDIR";
}

/** Undefined for what is not JSON: a schema then refuses it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
