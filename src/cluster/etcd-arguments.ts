import type { FlagValue } from "./cluster.ts";

/** Where one member listens and what it is called. */
export interface MemberAddresses {
  readonly name: string;
  readonly dataDir: string;
  readonly listenPeerUrl: string;
  readonly listenClientUrl: string;
  /** What peers dial: the same for all of them, which is why each has its own name resolution. */
  readonly advertisePeerUrl: string;
  readonly advertiseClientUrl: string;
}

export interface ClusterIdentity {
  readonly token: string;
  /** Every member's advertised peer URL, by name. */
  readonly peers: ReadonlyMap<string, string>;
}

/** Flags that place a member in its cluster; a scenario may not set them. */
export const runtimeFlags = [
  "name", "data-dir", "wal-dir", "config-file",
  "listen-peer-urls", "listen-client-urls", "listen-metrics-urls", "initial-advertise-peer-urls", "advertise-client-urls",
  "initial-cluster", "initial-cluster-state", "initial-cluster-token", "discovery", "discovery-srv",
  "logger", "log-outputs", "log-format",
] as const;

/** The command line of one member, without the binary. */
export function etcdArguments(
  member: MemberAddresses,
  cluster: ClusterIdentity,
  version: string,
  flags: Readonly<Record<string, FlagValue>>,
): string[] {
  const own: Record<string, FlagValue> = {
    name: member.name,
    "data-dir": member.dataDir,
    "listen-peer-urls": member.listenPeerUrl,
    "listen-client-urls": member.listenClientUrl,
    "initial-advertise-peer-urls": member.advertisePeerUrl,
    "advertise-client-urls": member.advertiseClientUrl,
    "initial-cluster": [...cluster.peers].map(([name, url]) => `${name}=${url}`).join(","),
    "initial-cluster-token": cluster.token,
    "initial-cluster-state": "new",
    ...loggerFlags(version),
  };
  return Object.entries({ ...flags, ...own }).map(([name, value]) => `--${name}=${value}`);
}

/** The same command line for a member that joins the cluster as it is now, and not the one that was planned. */
export function joiningArguments(args: readonly string[], initialCluster: string): string[] {
  const changed = new Map([["--initial-cluster", initialCluster], ["--initial-cluster-state", "existing"]]);
  return args.map((arg) => {
    const name = arg.slice(0, arg.indexOf("="));
    const value = changed.get(name);
    return value === undefined ? arg : `${name}=${value}`;
  });
}

/** The command line of a member's first start, for one whose data were restored for a cluster that goes by another token. */
export function restoredArguments(args: readonly string[], token: string): string[] {
  return args.map((arg) => (arg.startsWith("--initial-cluster-token=") ? `--initial-cluster-token=${token}` : arg));
}

/** The same command line for an etcd of another version. */
export function argumentsOfVersion(args: readonly string[], version: string): string[] {
  const others = args.filter((arg) => !/^--(logger|log-outputs)=/.test(arg));
  return [...others, ...Object.entries(loggerFlags(version)).map(([name, value]) => `--${name}=${value}`)];
}

/** The value of a flag on a command line that `etcdArguments` made. */
export function valueOf(args: readonly string[], flag: string): string | undefined {
  const prefix = `--${flag}=`;
  return args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
}

/** 3.4 writes zap's JSON only when asked to; 3.3 knows neither flag and writes text. */
function loggerFlags(version: string): Record<string, FlagValue> {
  return /^3\.[0-3](\.|$)/.test(version) ? {} : { logger: "zap", "log-outputs": "stderr" };
}

/** 1, 2, … as many as the cluster has members. */
export function memberNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** What the member is called everywhere: in scenarios, logs and reports. */
export function memberName(number: number): string {
  return `etcd-${number}`;
}
