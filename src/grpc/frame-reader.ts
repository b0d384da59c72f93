import { ConnectionError, frameHeaderBytes, frameMaxBytes, max31Bits, type Frame } from "./frame.ts";

/** Cuts what comes from the network into frames, whatever pieces it comes in. */
export class FrameReader {
  /** The beginning of a frame whose rest is still to come. */
  readonly #held = Buffer.allocUnsafe(frameHeaderBytes + frameMaxBytes);
  #heldBytes = 0;

  /**
   * Calls `take` with each frame that is whole now.
   * @throws ConnectionError for a frame that is larger than we allow, as soon as its header is there
   */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#heldBytes === 0 && chunk.length - at >= frameHeaderBytes) {
        const endsAt = at + frameBytes(chunk, at);
        if (endsAt <= chunk.length) {
          take(frameAt(chunk, at));
          at = endsAt;
          continue;
        }
      }
      const wanted = this.#heldBytes < frameHeaderBytes ? frameHeaderBytes : frameBytes(this.#held, 0);
      const taken = chunk.copy(this.#held, this.#heldBytes, at, at + wanted - this.#heldBytes);
      at += taken;
      this.#heldBytes += taken;
      if (this.#heldBytes >= frameHeaderBytes && this.#heldBytes === frameBytes(this.#held, 0)) {
        this.#heldBytes = 0;
        take(frameAt(this.#held, 0));
      }
    }
  }
}

/** How long the frame is whose header stands there. */
function frameBytes(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > frameMaxBytes) throw new ConnectionError("frameSize", `a frame of ${length} bytes, and ${frameMaxBytes} are allowed`);
  return frameHeaderBytes + length;
}

function frameAt(bytes: Buffer, at: number): Frame {
  const type = bytes.readUInt8(at + 3);
  const flags = bytes.readUInt8(at + 4);
  // The first bit means nothing.
  const stream = bytes.readUInt32BE(at + 5) & max31Bits;
  return { type, flags, stream, payload: bytes.subarray(at + frameHeaderBytes, at + frameBytes(bytes, at)) };
}
