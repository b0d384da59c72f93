/** One end of a link: a member's name, or the load's clients. */
export type LinkEnd = string;
export const clients: LinkEnd = "clients";

/** `blocking` holds data back and keeps connections; `closing` closes connections and refuses new ones. */
export type CutMode = "blocking" | "closing";

export interface Slowness {
  readonly latencyMs: number;
  readonly jitterMs: number;
}

/**
 * The way connections take that `from` opens to `to`: one Toxiproxy proxy. Data flows
 * both ways on it. Several impairments can be in force at once; each is lifted by itself.
 */
export interface Link {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  /** Its proxy's name: `etcd-1-to-etcd-2`. */
  readonly name: string;
  /** Where `from` dials, host:port, reachable from the harness: for probes. */
  readonly listen: string;
  cut(mode: CutMode): Promise<Impairment>;
  slow(slowness: Slowness): Promise<Impairment>;
  /** What the Toxiproxy server says of it now. */
  inspect(): Promise<LinkState>;
}

/** Something done to a link. Lifting is idempotent. */
export interface Impairment {
  /** What was asked for, as `inspect` shows it: `timeout 0 ms upstream and downstream`. */
  readonly description: string;
  /** True when the server still reports it. */
  inForce(): Promise<boolean>;
  lift(): Promise<void>;
}

export interface LinkState {
  readonly enabled: boolean;
  /** `latency_downstream latency=100 jitter=0`, in the server's order. */
  readonly toxics: readonly string[];
}

/** All links of a cluster: one for each ordered pair of members, one for each client endpoint. */
export interface Links {
  between(from: LinkEnd, to: LinkEnd): Link;
  all(): readonly Link[];
}
