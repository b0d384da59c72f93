import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

import { HarnessError } from "../errors.ts";
import { errnoOf, type CommandResult, type RunCommand } from "../process.ts";

/** Where a binary came from; that it may sit in the cache by now makes no difference. */
export type BinarySource =
  | { readonly kind: "release"; readonly url: string }
  | { readonly kind: "debian"; readonly suite: string; readonly packageVersion: string }
  | { readonly kind: "file" };

/** An etcd that runs on this machine. */
export interface EtcdBinary {
  /** Absolute. */
  readonly path: string;
  /** What the binary says of itself, such as `3.5.30`. */
  readonly version: string;
  /** The commit it was built from, where the build recorded it (Debian's builds don't). */
  readonly gitSha?: string;
  readonly source: BinarySource;
  /** Of the file at `path`, 64 hexadecimal digits. */
  readonly sha256: string;
  /** What the reader should know of the choice, such as that no newer version could be looked for. */
  readonly notice?: string;
}

/** `3.5.30 (Debian sid, etcd-server 3.5.30-2)`, for people. */
export function describeBinary(binary: Pick<EtcdBinary, "version" | "source" | "path">): string {
  return `${binary.version} (${describeSource(binary)})`;
}

/** Where it came from, for people: `Debian sid, etcd-server 3.5.30-2`. */
export function describeSource({ source, path }: Pick<EtcdBinary, "source" | "path">): string {
  switch (source.kind) {
    case "release": return `release archive, ${source.url}`;
    case "debian": return `Debian ${source.suite}, etcd-server ${source.packageVersion}`;
    case "file": return path;
  }
}

export interface ReportedVersion {
  readonly version: string;
  readonly gitSha?: string;
}

/**
 * What `etcd --version` says.
 *
 * @throws HarnessError "etcd-not-found" when the file cannot be run here or is not etcd.
 */
export async function readVersion(path: string, run: RunCommand): Promise<ReportedVersion> {
  const result = await askVersion(path, run).catch((error: unknown) => {
    throw cannotRun(path, error);
  });
  const version = /^etcd Version: *v?(\S+)/m.exec(result.stdout)?.[1];
  if (version === undefined) {
    const said = (result.stdout + result.stderr).trim().split("\n")[0]?.slice(0, 200);
    throw new HarnessError("etcd-not-found", `${path} is not etcd: to --version it ${said ? `said "${said}"` : "said nothing"} (exit code ${result.exitCode})`, {
      hint: "Give the path of an etcd server binary; etcdctl and etcdutl are something else",
    });
  }
  const gitSha = /^Git SHA: *([0-9a-f]{7,40})$/m.exec(result.stdout)?.[1];
  return { version, ...(gitSha === undefined ? {} : { gitSha }) };
}

/**
 * A file written a moment ago counts as busy while a child that was just forked elsewhere in this
 * process still holds our descriptor; that passes with the child's exec.
 */
async function askVersion(path: string, run: RunCommand, attemptsLeft = 10): Promise<CommandResult> {
  try {
    return await run(path, ["--version"], { env: etcdProcessEnvironment(), timeoutMs: 20_000 });
  } catch (error) {
    if (errnoOf(error) !== "ETXTBSY" || attemptsLeft === 0) throw error;
    await delay(50);
    return askVersion(path, run, attemptsLeft - 1);
  }
}

/**
 * The environment to start etcd with: the harness's own without `ETCD_…`, which etcd would take
 * for flags. etcd up to 3.4 refuses to run on arm64 and others, even for --version, unless told
 * that this is meant (etcd `checkSupportArch`).
 */
export function etcdProcessEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !name.startsWith("ETCD_"));
  return { ...Object.fromEntries(kept), ...(process.arch === "x64" ? {} : { ETCD_UNSUPPORTED_ARCH: process.arch }) };
}

function cannotRun(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (errno === "ENOEXEC" || errno === "ENOENT") {
    return new HarnessError("etcd-not-found", `${path} is no program this machine can run (${errno})`, {
      hint: "Is it built for another architecture, or does it need a library or interpreter that is missing?",
      cause: error,
    });
  }
  if (errno === "EACCES") {
    return new HarnessError("environment", `${path} may not be executed (EACCES)`, {
      hint: "Is its file system mounted noexec? Choose another folder with XDG_CACHE_HOME, or chmod +x a binary of your own",
      cause: error,
    });
  }
  return error;
}

/** The SHA-256 of a file, 64 hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
