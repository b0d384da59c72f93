import type { ProcessClock } from "./clock/process-clock.ts";
import type { SoftwareOrigin } from "./cluster.ts";
import type { DiskRule, DiskRuleInForce, DiskSyncs } from "./disk/rule.ts";
import type { PacketDrop, PacketFilter } from "./packets.ts";
import type { Failpoints } from "./failpoints.ts";

/**
 * One etcd server of a running cluster. What else can be done to it depends on the
 * runtime: ask with `isPausable(member)` and its like, as Jepsen does with its
 * optional protocols (`db.clj`).
 */
export interface Member {
  /** `etcd-1`, `etcd-2`, … */
  readonly name: string;
  /** 1, 2, … */
  readonly number: number;
  /** Raft id as logs show it, hexadecimal; known once the cluster is up. Another one after the member was replaced. */
  readonly id: string;
  /** Client URL that no link stands before: for observers, never for load. */
  readonly directUrl: string;
  /** Client URL through the member's client link: for load. */
  readonly clientUrl: string;
  state(): Promise<MemberState>;
  /** Calls back with each whole line the member writes, from its start on, over restarts. */
  onLog(listener: (line: string) => void): void;
  /** Calls back with what happens to the process, from its start on. */
  onChange(listener: (change: MemberChange) => void): void;
}

export type MemberState =
  | { readonly kind: "running" }
  | { readonly kind: "paused" }
  | { readonly kind: "down"; readonly exit: string };

export interface MemberChange {
  readonly kind: "started" | "ready" | "paused" | "resumed" | "killed" | "stopped" | "exited" | "replaced";
  /** How it ended, the id it has now, or by which other etcd it was started. */
  readonly detail?: string;
}

/** Can be frozen and thawed: SIGSTOP and SIGCONT, or the container's freezer. */
export interface Pausable {
  /** Returns when the member is known to be frozen. */
  pause(): Promise<void>;
  /** Idempotent. */
  resume(): Promise<void>;
}

/** Can be killed without warning. Returns when the process is gone. */
export interface Killable {
  kill(): Promise<void>;
}

/** Can be asked to end in order (SIGTERM). Returns when the process is gone; one that does not heed is killed after a while, and its exit says so. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Can be started again with its data. Returns when it answers `/health?serializable=true`; nothing happens if it runs. */
export interface Restartable {
  restart(): Promise<void>;
}

/** Can be given only a share of a CPU; it stays so over restarts. */
export interface Throttleable {
  /** 0.1 is a tenth of one CPU, or of the time. */
  throttle(share: number): Promise<void>;
  /** Idempotent. */
  unthrottle(): Promise<void>;
  /** In which part of a while, 0 to 1, the kernel kept it from running, as the kernel tells. */
  heldBack(whileMs: number): Promise<number>;
}

/** Can be left so little memory that the kernel soon kills it; it stays so over restarts. */
export interface MemoryLimitable {
  /** Allows a little more than it uses now. @returns how many bytes that is */
  limitMemory(): Promise<number>;
  /** Idempotent. */
  unlimitMemory(): Promise<void>;
}

/** Its syncs to disk can be slowed, failed or faked, if the cluster was started with `diskFaults`, and its writes failed, if with those of writes. */
export interface DiskFaultable {
  /** Puts a rule on its syncs or writes beside those there are: from the next call on, also over restarts. */
  setDiskRule(rule: DiskRule): Promise<DiskRuleInForce>;
  diskSyncs(): Promise<DiskSyncs>;
}

/** Can lose power, if the cluster was started with `ownVolumes`. Returns when the process is gone, and with it all that was not synced. */
export interface PowerLoseable {
  cutPower(): Promise<void>;
}

/** Packets between it and its peers can be dropped by a filter, if the cluster was started with `packetFilters`; client ports are not touched. */
export interface PacketFilterable {
  /** In force until it is lifted, also over restarts: where a new process begins with a new namespace, the filter is put on again. */
  dropPackets(drop: PacketDrop): Promise<PacketFilter>;
}

/** The monotonic clock of its process can be led astray, and that of nothing else. */
export interface ClockFaultable {
  readonly monotonicClock: ProcessClock;
}

/** Its etcd can be told what to do at its failpoints, if it is built with them and the cluster was started with `failpoints`. */
export interface Failpointed {
  failpoints(): Failpoints;
}

/** Keeps its data on a file system of its own, if the cluster was started with `ownVolumes`. */
export interface VolumeOwner {
  /** @throws HarnessError `fault` where the cluster was started without */
  volume(): OwnVolume;
}

/** Within reach whether the member runs or not; what the member keeps on it is left alone. */
export interface OwnVolume {
  /** What the member could still write. */
  freeBytes(): Promise<number>;
  /** Takes all that is left, and each time it is called what was freed meanwhile. */
  fill(): Promise<void>;
  /** Gives back what was taken. Idempotent. */
  clear(): Promise<void>;
  /** Lets every write wait; a process that waits cannot be ended, not even killed. @returns false where it was frozen already */
  freeze(): Promise<boolean>;
  /** Lets them go on. @returns false where it was not frozen */
  thaw(): Promise<boolean>;
}

/** Its data can be deleted, so that its next start is that of a new member. */
export interface Replaceable {
  /** Deletes the data of the member, which must be down. With `joining` it next starts as that member of the cluster that is there; otherwise as it did at first. */
  wipe(joining?: Joining): Promise<void>;
}

export interface Joining {
  /** The raft id that the cluster gave the new member. */
  readonly id: string;
  /** All members with their peer URLs, as etcd takes them: `etcd-1=http://…,etcd-2=http://…`. */
  readonly initialCluster: string;
}

/** Can be started by another etcd on its data, of those that the runtime was asked to prepare; it stays so over restarts. */
export interface Upgradable {
  /** What was asked for last, such as `3.5`; undefined while it runs by the cluster's own etcd. */
  readonly runsBy: string | undefined;
  /** Lets the next start of the member, which must be down, be by that etcd; by the cluster's own where nothing is asked for. Nothing happens if it is so already. */
  changeEtcd(asked?: string): Promise<SoftwareOrigin>;
}

/** The files of its data folder are within reach while it is down. Paths are relative to that folder. */
export interface DataFiles {
  /** Names of what is in a folder. */
  listData(folder: string): Promise<string[]>;
  readData(path: string): Promise<Buffer>;
  /** Overwrites a file that is there. */
  writeData(path: string, content: Buffer): Promise<void>;
}

/** Its data can be made anew of a snapshot, if a program that does so was asked for before the cluster was started. */
export interface Restorable {
  /** Makes data of a snapshot beside the member's own, for a new cluster of the same members that goes by the token. */
  restoreData(snapshot: Buffer, token: string): Promise<SpareData>;
}

/** Data that a member may have in place of its own. Disposing deletes what is not in use. */
export interface SpareData extends AsyncDisposable {
  /** The snapshot's. */
  readonly revision: number;
  /** Gives these to the member, which must be down, and takes its own; or the other way round. The member's id goes with its data. Where it fails all is as before. */
  swap(): Promise<void>;
}

/** Its process may be one of this machine's own, of which the kernel tells. */
export interface OnThisMachine {
  /** Undefined while it does not run, and where it runs elsewhere. What it was started by, where that stays with it. */
  processId(): Promise<number | undefined> | number | undefined;
}

/** No fault needs it, so it is none of the capabilities that faults ask for. */
export function isOnThisMachine(member: object): member is OnThisMachine {
  return "processId" in member;
}

export const capabilities = {
  pause: (member: Member): member is Member & Pausable => has(member, "pause") && has(member, "resume"),
  kill: (member: Member): member is Member & Killable => has(member, "kill"),
  stop: (member: Member): member is Member & Stoppable => has(member, "stop"),
  throttle: (member: Member): member is Member & Throttleable => has(member, "throttle") && has(member, "unthrottle") && has(member, "heldBack"),
  limitMemory: (member: Member): member is Member & MemoryLimitable => has(member, "limitMemory") && has(member, "unlimitMemory"),
  restart: (member: Member): member is Member & Restartable => has(member, "restart"),
  disk: (member: Member): member is Member & DiskFaultable => has(member, "setDiskRule") && has(member, "diskSyncs"),
  diskWrites: (member: Member): member is Member & DiskFaultable => capabilities.disk(member),
  power: (member: Member): member is Member & PowerLoseable => has(member, "cutPower"),
  packets: (member: Member): member is Member & PacketFilterable => has(member, "dropPackets"),
  clock: (member: Member): member is Member & ClockFaultable => has(member, "monotonicClock"),
  failpoints: (member: Member): member is Member & Failpointed => has(member, "failpoints"),
  volume: (member: Member): member is Member & VolumeOwner => has(member, "volume"),
  replace: (member: Member): member is Member & Replaceable => has(member, "wipe"),
  upgrade: (member: Member): member is Member & Upgradable => "runsBy" in member && has(member, "changeEtcd"),
  restore: (member: Member): member is Member & Restorable => has(member, "restoreData"),
  files: (member: Member): member is Member & DataFiles => has(member, "listData") && has(member, "readData") && has(member, "writeData"),
} as const;

export type Capability = keyof typeof capabilities;

function has(member: Member, method: string): boolean {
  return method in member;
}
