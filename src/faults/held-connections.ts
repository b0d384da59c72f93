import { connect, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { waitFor } from "../clock.ts";
import type { Link } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import type { FaultContext } from "./fault.ts";
import { listed } from "./probe.ts";

const connectLimitMs = 1_000;
const endLimitMs = 1_000;

interface Held {
  readonly link: Link;
  readonly socket: Socket;
}

/** A connection over each link that was open before a fault, to see what becomes of those. */
export class HeldConnections {
  readonly #held: readonly Held[];
  readonly #context: FaultContext;

  private constructor(held: readonly Held[], context: FaultContext) {
    this.#held = held;
    this.#context = context;
  }

  static async open(links: readonly Link[], context: FaultContext): Promise<HeldConnections> {
    const held = await Promise.all(links.map(async (link) => ({ link, socket: await opened(link.listen, context.clock) })));
    const connections = new HeldConnections(held, context);
    if (context.signal.aborted) connections.drop();
    context.signal.throwIfAborted();
    return connections;
  }

  /** Waits until all have ended. */
  async ended(): Promise<Proof> {
    const { clock, signal } = this.#context;
    const left = (): readonly Held[] => this.#held.filter(({ socket }) => !socket.closed);
    await waitFor(clock, () => (left().length === 0 ? true : undefined), { limitMs: endLimitMs, signal });
    const source = "connections";
    if (left().length > 0) return { source, text: `opened before the fault and still there: over ${listed(left().map(({ link }) => link.name))}`, holds: false };
    return { source, text: `${this.#held.length} opened before the fault have ended`, holds: this.#held.length > 0 };
  }

  drop(): void {
    for (const { socket } of this.#held) socket.destroy();
  }
}

async function opened(address: string, clock: Clock): Promise<Socket> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect({ host: hostname, port: Number(port) });
  // A connection that fails ends, which is all that is asked of it.
  socket.on("error", () => undefined);
  socket.resume();
  await waitFor(clock, () => (socket.connecting && !socket.closed ? undefined : true), { limitMs: connectLimitMs });
  return socket;
}
