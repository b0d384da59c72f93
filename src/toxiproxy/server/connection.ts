import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import type { Address } from "./address.ts";
import { Link } from "./link.ts";
import type { Direction, Metrics } from "./metrics.ts";
import { Source } from "./source.ts";
import type { ToxicChain } from "./toxic-chain.ts";

export interface ConnectionOptions {
  readonly client: Socket;
  readonly upstream: Address;
  readonly labels: { readonly proxy: string; readonly listener: string; readonly upstream: string };
  readonly toxics: ToxicChain;
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: () => number;
  /** Both sockets are closed. */
  onClosed(): void;
}

/**
 * A client's connection and the one to the upstream made for it. Data flows both
 * ways from the moment the upstream answers; until then the client is not read.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #client: Source;
  readonly #upstream: Source;
  #links: readonly Link[] = [];
  #open = 2;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = Source.accepted(options.client);
    this.#upstream = Source.connect(options.upstream);
    this.#upstream.socket.once("connect", () => this.#link());
    for (const { socket } of [this.#client, this.#upstream]) {
      // What failed is told by "close", which always follows.
      socket.on("error", () => undefined);
      socket.once("close", () => this.#closed());
    }
  }

  /** Closes both sides now; what is under way is lost. */
  destroy(): void {
    this.#client.socket.destroy();
    this.#upstream.socket.destroy();
  }

  #link(): void {
    if (this.#client.socket.destroyed) return;
    this.#links = [
      this.#createLink("upstream", this.#client, this.#upstream.socket),
      this.#createLink("downstream", this.#upstream, this.#client.socket),
    ];
    for (const link of this.#links) this.#options.toxics.attach(link);
  }

  #createLink(direction: Direction, source: Source, destination: Socket): Link {
    const { toxics, metrics, labels, clock, random } = this.#options;
    return new Link({
      direction,
      source,
      destination,
      toxics: toxics.in(direction),
      counters: metrics.counters({ direction, ...labels }),
      context: { clock, random, reset: () => this.#reset() },
      onOver: () => this.#over(),
    });
  }

  /** When both directions have ended nothing is left to do, even if a side keeps its half open. */
  #over(): void {
    if (this.#links.length === 0 || this.#links.some((link) => !link.over)) return;
    this.#client.socket.destroySoon();
    this.#upstream.socket.destroySoon();
  }

  #reset(): void {
    for (const { socket } of [this.#client, this.#upstream]) {
      // The kernel takes no reset while a shutdown is under way.
      if (socket.writableEnded && !socket.writableFinished) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  #closed(): void {
    this.#open -= 1;
    // Before there are links each socket takes the other one with it: there is nothing to deliver.
    if (this.#links.length === 0) this.destroy();
    if (this.#open > 0) return;
    for (const link of this.#links) {
      this.#options.toxics.detach(link);
      link.stop();
    }
    this.#options.onClosed();
  }
}
