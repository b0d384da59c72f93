/*
 * Frames of HTTP/2 (RFC 9113, 4.1 and 6): a header of nine bytes - length, type, flags, stream - and a payload.
 */

export const frameTypes = { data: 0, headers: 1, priority: 2, rstStream: 3, settings: 4, pushPromise: 5, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 } as const;

export const frameFlags = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Error codes of HTTP/2 (RFC 9113, 7) that we send or tell apart. */
export const errorCodes = { none: 0x0, protocol: 0x1, flowControl: 0x3, frameSize: 0x6, refusedStream: 0x7, cancel: 0x8, compression: 0x9, enhanceYourCalm: 0xb } as const;
export type ErrorCode = keyof typeof errorCodes;

export const frameHeaderBytes = 9;
/** What either side may send before it was told otherwise; we never tell otherwise. */
export const frameMaxBytes = 16_384;
/** The highest number of a stream, and the largest window. */
export const max31Bits = 2 ** 31 - 1;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Only until whoever is given it returns: the memory is used again. */
  readonly payload: Buffer;
}

/** The other side broke the rules in a way that ends the whole connection. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A frame as bytes, its payload put together from parts. */
export function frameOf(type: number, flags: number, stream: number, ...payload: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of payload) length += part.length;
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length);
  frame.writeUIntBE(length, 0, 3);
  frame[3] = type;
  frame[4] = flags;
  frame.writeUInt32BE(stream, 5);
  let at = frameHeaderBytes;
  for (const part of payload) at += part.copy(frame, at);
  return frame;
}

/** Four bytes, as many frames have them for a payload. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Says the last stream of the other side that was looked at, and why the connection ends. */
export function goawayOf(code: ErrorCode): Buffer {
  return frameOf(frameTypes.goaway, 0, 0, uint32(0), uint32(errorCodes[code]));
}

/**
 * The payload of DATA, HEADERS or PUSH_PROMISE without its padding.
 * @throws ConnectionError where there is more padding than payload
 */
export function unpadded({ flags, payload }: Frame): Buffer {
  if ((flags & frameFlags.padded) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length) throw new ConnectionError("protocol", "a frame has more padding than payload");
  return payload.subarray(1, payload.length - padding);
}
