export type Direction = "upstream" | "downstream";

export interface Counters {
  receivedBytes: number;
  sentBytes: number;
}

interface Labels {
  readonly direction: Direction;
  readonly listener: string;
  readonly proxy: string;
  readonly upstream: string;
}

/**
 * The byte counters of every proxy and direction, kept after the proxy is gone
 * because a Prometheus counter must not go backwards.
 *
 * Toxiproxy adds a connection's bytes when it has closed. Here they are counted
 * as they flow: connections between etcd members live as long as the members do,
 * and their bytes are the evidence that a fault let nothing through.
 */
export class Metrics {
  readonly #series = new Map<string, { labels: Labels; counters: Counters }>();

  /** The counters of one series, which exist (at zero) from the first time they are asked for. */
  counters(labels: Labels): Counters {
    const key = JSON.stringify([labels.direction, labels.listener, labels.proxy, labels.upstream]);
    const known = this.#series.get(key);
    if (known) return known.counters;
    const counters = { receivedBytes: 0, sentBytes: 0 };
    this.#series.set(key, { labels, counters });
    return counters;
  }

  /** The Prometheus text format, version 0.0.4. */
  expose(): string {
    const family = (name: string, help: string, value: (counters: Counters) => number) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} counter`,
      ...[...this.#series.values()].map(({ labels, counters }) => `${name}{${formatLabels(labels)}} ${value(counters)}`),
    ];
    return [
      ...family("toxiproxy_proxy_received_bytes_total", "Bytes read from the sender.", (c) => c.receivedBytes),
      ...family("toxiproxy_proxy_sent_bytes_total", "Bytes written to the receiver.", (c) => c.sentBytes),
      "",
    ].join("\n");
  }
}

function formatLabels({ direction, listener, proxy, upstream }: Labels): string {
  return Object.entries({ direction, listener, proxy, upstream })
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escape)}"`)
    .join(",");
}

function escape(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}
