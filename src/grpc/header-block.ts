import { ConnectionError, frameFlags, frameHeaderBytes, frameTypes, unpadded, type Frame } from "./frame.ts";
import { fieldsMaxBytes } from "./hpack.ts";

/** What stands before a header block where HEADERS has a priority, which nobody uses any more. */
const priorityBytes = 5;

/** A header block of one stream that goes on in further frames, between which no other may come. */
export class HeaderBlock {
  readonly stream: number;
  /** Whether the stream ends with it. */
  readonly last: boolean;
  readonly #parts: Buffer[];
  /** Frames count too: those that hold nothing must end somewhere. */
  #bytes = 0;

  constructor(headers: Frame) {
    this.stream = headers.stream;
    this.last = (headers.flags & frameFlags.endStream) !== 0;
    this.#parts = [Buffer.from(blockOf(headers))];
  }

  /**
   * Takes the next frame.
   * @returns the block, where that is the end of it
   * @throws ConnectionError for a frame that does not belong there
   */
  goOn({ type, stream, flags, payload }: Frame): Buffer | undefined {
    if (type !== frameTypes.continuation || stream !== this.stream) throw new ConnectionError("protocol", "a header block is interrupted");
    this.#bytes += frameHeaderBytes + payload.length;
    if (this.#bytes > fieldsMaxBytes) throw new ConnectionError("enhanceYourCalm", `a header block of more than ${fieldsMaxBytes} bytes`);
    this.#parts.push(Buffer.from(payload));
    return (flags & frameFlags.endHeaders) === 0 ? undefined : Buffer.concat(this.#parts);
  }
}

/**
 * What a HEADERS frame holds of its block.
 * @throws ConnectionError where the frame is too short for what its flags say
 */
export function blockOf(headers: Frame): Buffer {
  const payload = unpadded(headers);
  if ((headers.flags & frameFlags.priority) === 0) return payload;
  if (payload.length < priorityBytes) throw new ConnectionError("frameSize", "a frame is too short for its priority");
  return payload.subarray(priorityBytes);
}
