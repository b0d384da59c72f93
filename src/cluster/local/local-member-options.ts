import type { SoftwareOrigin } from "../cluster.ts";
import type { DiskControl } from "../disk/disk-control.ts";
import type { PacketFilters } from "../packet-filters.ts";
import type { LocalVolume } from "./local-volume.ts";

/** An etcd of this machine. */
export interface LocalEtcd extends SoftwareOrigin {
  readonly path: string;
  readonly sha256?: string;
}

export interface LocalMemberOptions {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  readonly runId: string;
  readonly dataDir: string;
  readonly command: { readonly file: string; readonly args: readonly string[] };
  /** The one whose path is in the command. */
  readonly etcd: LocalEtcd;
  readonly others: ReadonlyMap<string, LocalEtcd>;
  /** What makes data of a snapshot, if it was asked for. */
  readonly restoreProgram?: string | undefined;
  /** Where it lives in a network of the run's own. */
  readonly packets?: PacketFilters | undefined;
  /** Where the command begins with the disk wrapper. */
  readonly disk?: DiskControl | undefined;
  /** Where it listens for what its failpoints are to do, host:port, if it is to. */
  readonly failpointAddress?: string | undefined;
  /** The file system of its own, if it has one. */
  readonly volume?: LocalVolume | undefined;
}
