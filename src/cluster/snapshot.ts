import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HarnessError, messageOf } from "../errors.ts";
import { restoreEnvironment } from "../etcd/restore-program.ts";
import { askHttp } from "../http.ts";
import { runVariable } from "../marks.ts";
import { runCommand } from "../process.ts";
import { valueOf } from "./etcd-arguments.ts";
import { fieldsOf, type Waiting } from "./gateway-request.ts";

const saveLimitMs = 60_000;
/** Base64 takes a third more than the snapshot; what is larger fits into no string. */
const answerMaxBytes = 500 * 1024 * 1024;

/**
 * What a member's store holds now, as `etcdctl snapshot save` writes it: the database, and a hash
 * of it behind, by which one that did not come whole is refused when it is restored.
 * @throws HarnessError `cluster` when the member does not send it, and the signal's reason once that is aborted
 */
export async function saveSnapshot(clientUrl: string, { limitMs = saveLimitMs, signal }: Waiting = {}): Promise<Buffer> {
  const answer = await askHttp(`${clientUrl}/v3/maintenance/snapshot`, { method: "POST", body: "{}", limitMs, signal, maxBytes: answerMaxBytes }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new HarnessError("cluster", `${clientUrl} does not send a snapshot: ${messageOf(cause)}`, { cause });
  });
  const refused = (reason: string): HarnessError => new HarnessError("cluster", `${clientUrl} refuses to send a snapshot: ${reason}`);
  if (answer.status !== 200) throw refused(`HTTP status ${answer.status}`);
  // The gateway puts each message of the stream on a line.
  const lines = answer.body.split("\n").filter((line) => line !== "");
  return Buffer.concat(
    lines.map((line) => {
      const { result, error } = fieldsOf(parsed(line));
      const { blob } = fieldsOf(result);
      if (result === undefined) throw refused(String(fieldsOf(error)["message"] ?? line));
      return Buffer.from(typeof blob === "string" ? blob : "", "base64");
    }),
  );
}

/** Undefined for a line that is no JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Whose data are to be made of a snapshot. */
export interface Restored {
  /** The program that does it. */
  readonly program: string | undefined;
  readonly runId: string;
  /** The command line of the member's start in the new cluster. */
  readonly args: readonly string[];
  /** Holds `data` afterwards, and the snapshot meanwhile. */
  readonly folder: string;
}

const restoreLimitMs = 60_000;

/** Data that were made of a snapshot. */
export interface RestoredData {
  readonly path: string;
  readonly revision: number;
}

/** Makes data of a snapshot. @throws HarnessError `fault` with what the program said */
export async function restoreSnapshot(snapshot: Buffer, { program, runId, args, folder }: Restored): Promise<RestoredData> {
  if (program === undefined) throw new HarnessError("fault", "nothing is there that restores a snapshot: it was not asked for before the cluster was started");
  await mkdir(folder, { recursive: true });
  const [file, data] = [join(folder, "snapshot.db"), join(folder, "data")];
  await writeFile(file, snapshot);
  const flags = ["name", "initial-cluster", "initial-cluster-token", "initial-advertise-peer-urls"].map((flag) => `--${flag}=${valueOf(args, flag) ?? ""}`);
  const ask = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCommand(program, ["snapshot", ...args], { env: { ...restoreEnvironment(), [runVariable]: runId }, timeoutMs: restoreLimitMs });
    if (exitCode === 0) return stdout;
    throw new HarnessError("fault", `${program} does not ${args[0]} the snapshot (exit code ${exitCode}): ${`${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? ""}`);
  };
  await ask("restore", file, ...flags, `--data-dir=${data}`);
  const { revision } = fieldsOf(JSON.parse(await ask("status", file, "--write-out=json")));
  // Of an empty store it says 0, and etcd 1.
  return { path: data, revision: Math.max(1, Number(revision)) };
}

/** The id that a member gets in a cluster that begins with it: etcd makes it of its peer URL and the cluster's token (`membership.NewMember`). */
export function idInNewCluster(args: readonly string[]): string {
  const text = `${valueOf(args, "initial-advertise-peer-urls") ?? ""}${valueOf(args, "initial-cluster-token") ?? ""}`;
  return createHash("sha1").update(text).digest().readBigUInt64BE().toString(16);
}
