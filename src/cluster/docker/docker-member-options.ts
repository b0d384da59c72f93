import type { DiskReach } from "../disk/rule.ts";
import type { EtcdImage } from "./etcd-image.ts";

export interface DockerMemberOptions {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  readonly runId: string;
  /** What makes data of a snapshot, if it was asked for. */
  readonly restoreProgram: string | undefined;
  /** The disk wrapper, where its container starts etcd by it. */
  readonly disk: { readonly shim: string; readonly reach: DiskReach } | undefined;
  /** Where its failpoints are told what to do, if they are to be. */
  readonly failpointUrl: string | undefined;
  /** The one that its first container is made of. */
  readonly etcd: EtcdImage;
  readonly others: ReadonlyMap<string, EtcdImage>;
}
