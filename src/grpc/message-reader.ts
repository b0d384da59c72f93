import { GrpcError } from "./status.ts";

/** Each message comes behind a byte that says whether it is compressed, and its length in four. */
const prefixBytes = 5;
/** Far above what etcd answers; whoever says more is no gRPC server. */
const messageMaxBytes = 2 ** 29;

/** A message as gRPC sends it. */
export function prefixed(message: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(prefixBytes + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  message.copy(bytes, prefixBytes);
  return bytes;
}

/** Puts messages together from the data of a stream, whatever pieces it comes in. */
export class MessageReader {
  readonly #take: (message: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #wantedBytes = prefixBytes;

  /** A message's bytes are its own only until `take` returns. */
  constructor(take: (message: Buffer) => void) {
    this.#take = take;
  }

  /** Whether a message has begun and is not whole. */
  get within(): boolean {
    return this.#heldBytes > 0;
  }

  /** @throws GrpcError for what we cannot read */
  push(data: Buffer): void {
    let at = 0;
    while (at < data.length) {
      if (this.#heldBytes === 0 && data.length - at >= prefixBytes) {
        const endsAt = at + messageBytes(data, at);
        if (endsAt <= data.length) {
          this.#take(data.subarray(at + prefixBytes, endsAt));
          at = endsAt;
          continue;
        }
      }
      at += this.#hold(data.subarray(at));
    }
  }

  /** Keeps what belongs to the message that has begun. */
  #hold(data: Buffer): number {
    const piece = Buffer.from(data.subarray(0, this.#wantedBytes - this.#heldBytes));
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes < this.#wantedBytes) return piece.length;
    const whole = Buffer.concat(this.#held);
    this.#held = [whole];
    this.#wantedBytes = messageBytes(whole, 0);
    if (whole.length === this.#wantedBytes) {
      this.#held = [];
      this.#heldBytes = 0;
      this.#wantedBytes = prefixBytes;
      this.#take(whole.subarray(prefixBytes));
    }
    return piece.length;
  }
}

/** How long the message is whose prefix stands there, with the prefix. */
function messageBytes(bytes: Buffer, at: number): number {
  if (bytes[at] !== 0) throw new GrpcError("INTERNAL", "the answer is compressed, which nobody asked for");
  const length = bytes.readUInt32BE(at + 1);
  if (length > messageMaxBytes) throw new GrpcError("RESOURCE_EXHAUSTED", `an answer of ${length} bytes`);
  return prefixBytes + length;
}
