import { basename, delimiter, dirname, join } from "node:path";

import { HarnessError, messageOf } from "../errors.ts";
import type { RunCommand } from "../process.ts";
import type { EtcdBinary } from "./binary.ts";
import type { EtcdEnvironment } from "./environment.ts";
import { restorePrograms } from "./source.ts";
import { seriesOf } from "./version.ts";

/** A program that makes data of a snapshot, or why there is none. */
export type RestoreProgram = { readonly path: string; readonly missing?: undefined } | { readonly path?: undefined; readonly missing: string };

/**
 * The etcdutl or etcdctl that restores snapshots of an etcd: beside it, then, for a binary of the
 * user's own, on PATH, and for one that was fetched, where its version is to be had. Fetched once.
 * One of another series is passed over: it may not know what is in the snapshot.
 *
 * @throws HarnessError "environment" when it is to be had and this machine cannot take it.
 */
export async function findRestoreProgram(etcd: EtcdBinary, env: EtcdEnvironment, searchPath = process.env["PATH"] ?? ""): Promise<RestoreProgram> {
  const own = etcd.source.kind === "file";
  const folders = [dirname(etcd.path), ...(own ? searchPath.split(delimiter).filter((folder) => folder !== "") : [])];
  const remarks: string[] = [];
  for (const path of folders.flatMap((folder) => restorePrograms.map((name) => join(folder, name)))) {
    const version = await versionOf(path, env.run);
    if (version === undefined) continue;
    if (seriesOf(version) === seriesOf(etcd.version)) return { path };
    remarks.push(`${path} is of ${version}`);
  }
  const fetched = own ? undefined : await fetchFor(etcd, env, remarks);
  if (fetched !== undefined) return { path: fetched };
  const looked = own ? `none is beside ${etcd.path} or on PATH` : "none is to be had";
  const why = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
  return { missing: `restoring a snapshot of etcd ${etcd.version} needs etcdutl or etcdctl of ${seriesOf(etcd.version)}, and ${looked}${why}` };
}

async function fetchFor(etcd: EtcdBinary, env: EtcdEnvironment, remarks: string[]): Promise<string | undefined> {
  // Where it came from itself first: there it is built with it, and another one may take long to say that it cannot be reached.
  const sources = [...env.sources].sort((a, b) => Number(b.kind === etcd.source.kind) - Number(a.kind === etcd.source.kind));
  for (const source of sources) {
    try {
      const found = await source.find({ kind: "exact", version: etcd.version });
      if (found.offer === undefined) remarks.push(...found.remarks);
      else return await take(etcd, env, (folder) => found.offer?.fetchRestoreProgram(folder, env.progress));
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "download") throw error;
      remarks.push(`${source.name}: ${messageOf(error)}`);
    }
  }
  return undefined;
}

/** What does not work here, or is another version, leaves nothing in the cache. */
async function take(etcd: EtcdBinary, env: EtcdEnvironment, fetch: (folder: string) => Promise<string> | undefined): Promise<string | undefined> {
  await using incoming = await env.cache.incoming();
  const path = await fetch(incoming.path);
  if (path === undefined) return undefined;
  const version = await versionOf(path, env.run);
  if (version !== etcd.version) throw new HarnessError("download", `what was fetched as ${basename(path)} ${etcd.version} says that it is ${version ?? "nothing that runs here"}`);
  return await env.cache.publishBeside(etcd, path);
}

/** Undefined for what is not there, or does not run, or is something else. */
async function versionOf(path: string, run: RunCommand): Promise<string | undefined> {
  const answer = await run(path, ["version"], { env: restoreEnvironment(), timeoutMs: 20_000 }).catch(() => undefined);
  return answer && /^(?:etcdutl|etcdctl) version: *v?(\S+)/m.exec(answer.stdout)?.[1];
}

/** etcdctl takes variables for flags, and up to 3.3 it speaks the old protocol unless told otherwise. */
export function restoreEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^ETCD(CTL)?_/.test(name));
  return { ...Object.fromEntries(kept), ETCDCTL_API: "3" };
}
