import type { Flow } from "../flow.ts";

/** All attributes of Toxiproxy's toxics are whole numbers. */
export type Attributes = Readonly<Record<string, number>>;

/** A kind of toxic: one object in one file, listed in `table.ts`. */
export interface ToxicType<A extends Attributes = Attributes> {
  readonly type: string;
  /** The attributes that exist, with what they are when a request leaves them out. */
  readonly defaults: A;
  /** Bytes that may wait in front of this toxic before the sender has to; 64 KiB unless told. */
  readonly bufferBytes?: number;
  /** Called once for each connection and direction; what it closes over is that connection's state. */
  attach(): ToxicEffect<A>;
}

/** A toxic at work on one direction of one connection. */
export interface ToxicEffect<A extends Attributes = Attributes> {
  /**
   * Moves the stream on until it ends. May be interrupted at any `await` and then
   * started again, with other attributes: what it has not forwarded is still there.
   */
  pipe(flow: Flow, attributes: A): Promise<void>;
  /** Called when the toxic stops acting on a connection that goes on without it. */
  leave?(flow: Flow): void;
}
