/** One end of a link: a member's name, or the load's clients. */
export type LinkEnd = string;
export const clients: LinkEnd = "clients";

/** `blocking` holds data back and keeps connections; `closing` closes connections and refuses new ones. */
export type CutMode = "blocking" | "closing";

/** The directions of data on a link: upstream flows from who dialled, downstream to it. */
export type Streams = "both" | "upstream" | "downstream";

/** What a toxic does, by Toxiproxy's kinds. */
export type ToxicEffect =
  | { readonly type: "latency"; readonly latencyMs: number; readonly jitterMs: number }
  | { readonly type: "bandwidth"; readonly rateKbps: number } // kilobytes (1000 bytes) a second
  | { readonly type: "slow_close"; readonly delayMs: number }
  | { readonly type: "timeout"; readonly timeoutMs: number } // 0 holds everything back until it is removed
  | { readonly type: "reset_peer"; readonly timeoutMs: number }
  | { readonly type: "slicer"; readonly sizeBytes: number; readonly variationBytes: number; readonly delayMs: number }
  | { readonly type: "limit_data"; readonly bytes: number };

/** An effect, on which data of a link, and on what share of its connections. */
export type Toxic = ToxicEffect & {
  readonly streams: Streams;
  /** 0 to 1; drawn for each connection and stream anew. */
  readonly toxicity: number;
};

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
  /** Closing is of a connection as a whole; data can be held back on one stream alone. */
  cut(mode: CutMode, streams?: Streams): Promise<Impairment>;
  impair(toxic: Toxic): Promise<Impairment>;
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
