import type { DiskReach } from "./disk/rule.ts";
import type { Links } from "./links.ts";
import type { Member, OnThisMachine } from "./member.ts";
import type { SpanExport } from "./tracing.ts";

export type RuntimeKind = "local" | "docker";
export type FlagValue = string | number | boolean;

/** What a cluster should be; a runtime makes a `RunningCluster` of it. */
export interface ClusterSpec {
  /** Marks everything that belongs to the run, so that it can be found and removed. */
  readonly runId: string;
  readonly memberCount: 1 | 3 | 5 | 7;
  /** Flags for every member, by name without dashes: `{"heartbeat-interval": 100}`. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Members are to be `DiskFaultable`, so far: etcd is then started by a wrapper, where otherwise nothing stands before it. */
  readonly diskFaults?: DiskReach | undefined;
  /** Members are to be `PowerLoseable` and `VolumeOwner`s: each keeps its data on a file system of its own. */
  readonly ownVolumes?: boolean;
  /** Members are to be `Failpointed`: an etcd that is built with failpoints then listens for what they are to do. */
  readonly failpoints?: boolean;
  /** Members are to be `PacketFilterable`: a local cluster then lives in a network of its own. */
  readonly packetFilters?: boolean;
  /** A member beyond these is to be at hand: it has links to all of them, is not started, and may join. */
  readonly spare?: boolean;
  /** Members send spans of their requests. Only those of the local runtime can, without a network of its own. */
  readonly spans?: SpanExport | undefined;
  /** Called with each member before it starts: what it writes while a cluster fails to start is kept too. */
  readonly onMember?: (member: Member) => void;
}

/** A cluster whose members are healthy and agree on a leader. Disposing removes every trace of it. */
export interface RunningCluster extends AsyncDisposable {
  readonly runtime: RuntimeKind;
  readonly members: readonly Member[];
  /** None of the members, whatever becomes of it; there if it was asked for. */
  readonly spare?: SpareMember | undefined;
  readonly links: Links;
  readonly etcd: SoftwareOrigin & { readonly sha256?: string };
  readonly toxiproxy: SoftwareOrigin;
  /** The process through which all links go. */
  readonly proxy?: OnThisMachine;
  /** Where the time went until it was ready. */
  readonly breakdown: readonly { readonly step: string; readonly tookMs: number }[];
}

/** A member that is down and unknown to the cluster. */
export interface SpareMember {
  readonly member: Member;
  /** How the others reach it through their links. */
  readonly peerUrl: string;
}

export interface SoftwareOrigin {
  readonly version: string;
  /** For people: `Debian sid etcd-server 3.5.30-1`, `embedded`. */
  readonly source: string;
}
