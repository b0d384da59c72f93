import type { Progress } from "../progress.ts";
import type { BinarySource } from "./binary.ts";
import type { VersionRequest } from "./request.ts";
import { newestOfSeries } from "./version.ts";

/** A place that etcd binaries can be fetched from. */
export interface EtcdSource {
  /** As it appears in messages: "release archive". */
  readonly name: string;
  readonly kind: Exclude<BinarySource, { kind: "file" }>["kind"];
  /** The best it has for a request. Never throws because of the network: that is a remark. */
  find(wanted: VersionRequest): Promise<Finding>;
  /** Every version it has, with remarks on what could not be asked. */
  list(): Promise<Listing>;
}

export interface Listing {
  readonly available: readonly string[];
  /** Whole sentences without the full stop: "Debian sid has 3.5.30", "release archive: could not be reached (ENOTFOUND)". */
  readonly remarks: readonly string[];
}

export interface Finding extends Listing {
  readonly offer: Offer | undefined;
}

/** One version that can be fetched. */
export interface Offer {
  readonly version: string;
  /**
   * Fetches it into an empty folder, its integrity verified against what the source publishes.
   *
   * @throws HarnessError "download" when it did not arrive whole; "environment" when this machine cannot take it.
   */
  fetch(folder: string, progress: Progress): Promise<FetchedEtcd>;
  /**
   * Fetches the program of this version that makes data of a snapshot into an empty folder, verified the same way.
   *
   * @returns its path, which ends with one of `restorePrograms`
   * @throws HarnessError "download" when it is not there; "environment" when this machine cannot take it.
   */
  fetchRestoreProgram(folder: string, progress: Progress): Promise<string>;
}

/** What makes data of a snapshot: the first of these that there is. 3.5 brings both, later versions only the first, earlier ones only the second. */
export const restorePrograms = ["etcdutl", "etcdctl"] as const;

export interface FetchedEtcd {
  /** The etcd binary, somewhere in the folder. */
  readonly path: string;
  readonly source: Exclude<BinarySource, { kind: "file" }>;
}

/** The version among these that answers the request. */
export function pickVersion(versions: Iterable<string>, wanted: VersionRequest): string | undefined {
  if (wanted.kind === "series") return newestOfSeries(versions, wanted.series);
  return [...versions].find((version) => version === wanted.version);
}
