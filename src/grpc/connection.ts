import type { Receiver } from "./answer.ts";
import { ConnectionError, errorCodes, frameFlags, frameOf, frameTypes, max31Bits, uint32, unpadded, type ErrorCode, type Frame } from "./frame.ts";
import { blockOf, HeaderBlock } from "./header-block.ts";
import { fieldsMaxBytes, HeaderDecoder } from "./hpack.ts";
import { changed, initialSettings, initialWindowBytes, ownSettings } from "./settings.ts";
import { errorOfReset, GrpcError } from "./status.ts";
import { Stream, streamWindowBytes, type Call, type CallRequest } from "./stream.ts";
import { ReceiveWindow, SendWindow } from "./windows.ts";
import { Wire, type Address } from "./wire.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const windowBytes = 16 * 2 ** 20;
const goawayMinBytes = 8;
const pingBytes = 8;

/** Our side of an HTTP/2 connection that carries calls of gRPC (RFC 9113; `grpc/doc/PROTOCOL-HTTP2.md`). */
export class Connection {
  readonly #wire: Wire;
  readonly #headers = new HeaderDecoder();
  readonly #streams = new Map<number, Stream>();
  /** Calls that the server allows no stream yet. */
  #waiting: Stream[] = [];
  #settings = initialSettings;
  readonly #window = new SendWindow(initialWindowBytes);
  readonly #received = new ReceiveWindow(windowBytes);
  /** A header block that goes on in the next frame. */
  #block: HeaderBlock | undefined;
  #nextId = 1;
  #state: "opening" | "open" | "retired" | "closed" = "opening";
  readonly #onOpened: (error: Error | undefined) => void;
  readonly #onCancel = (stream: Stream, error: GrpcError): void => this.#giveUp(stream, error);

  /** Calls `onOpened` once: when the server has said its settings, or with the reason why it comes to nothing. */
  constructor(address: Address, onOpened: (error: Error | undefined) => void) {
    this.#onOpened = onOpened;
    this.#wire = new Wire(address, { frame: (frame) => this.#take(frame), broken: (error) => this.#break(error), lost: (error) => this.#lose(error) });
    this.#wire.send(preface);
    this.#wire.send(frameOf(frameTypes.settings, 0, 0, ownSettings(streamWindowBytes, fieldsMaxBytes)));
    this.#wire.send(frameOf(frameTypes.windowUpdate, 0, 0, uint32(windowBytes - initialWindowBytes)));
  }

  /** Whether it takes new calls. */
  get usable(): boolean {
    return this.#state === "open" && this.#nextId < max31Bits;
  }

  /** Sends a request, once the server allows a stream for it. Only while it is usable. */
  start(request: CallRequest, receiver: Receiver): Call {
    const stream = new Stream(request, receiver, this.#onCancel);
    this.#waiting.push(stream);
    this.#begin();
    return stream;
  }

  /** Hangs up at once; calls that are under way are cancelled. */
  close(): void {
    this.#hangUp("none", new GrpcError("CANCELLED", "Call cancelled"));
  }

  #begin(): void {
    // A server that goes away takes no more.
    while (this.#state === "open" && this.#waiting.length > 0 && this.#streams.size < this.#settings.concurrentStreamsMax) {
      const stream = this.#waiting.shift();
      if (stream === undefined) return;
      stream.id = this.#nextId;
      this.#nextId += 2;
      stream.window.add(this.#settings.initialWindowBytes);
      this.#streams.set(stream.id, stream);
      this.#wire.send(frameOf(frameTypes.headers, frameFlags.endHeaders, stream.id, ...stream.head));
      this.#pump(stream);
    }
  }

  /** Sends of a stream's data what the windows allow; the last of it says that it is all. */
  #pump(stream: Stream): void {
    while (stream.unsent.length > 0) {
      const bytes = Math.min(stream.unsent.length, stream.window.bytes, this.#window.bytes, this.#settings.frameMaxBytes);
      if (bytes <= 0) return;
      const data = stream.unsent.subarray(0, bytes);
      stream.unsent = stream.unsent.subarray(bytes);
      stream.window.take(bytes);
      this.#window.take(bytes);
      this.#wire.send(frameOf(frameTypes.data, stream.unsent.length === 0 ? frameFlags.endStream : 0, stream.id, data));
    }
  }

  #take(frame: Frame): void {
    if (this.#state === "opening" && frame.type !== frameTypes.settings) throw new ConnectionError("protocol", "it does not begin with settings");
    if (this.#block !== undefined) return this.#goOn(this.#block, frame);
    switch (frame.type) {
      case frameTypes.data:
        return this.#takeData(frame);
      case frameTypes.headers:
        return this.#takeHeaders(frame);
      case frameTypes.rstStream:
        return this.#takeReset(frame);
      case frameTypes.settings:
        return this.#takeSettings(frame);
      case frameTypes.ping:
        return this.#takePing(frame);
      case frameTypes.goaway:
        return this.#takeGoaway(frame);
      case frameTypes.windowUpdate:
        return this.#takeWindowUpdate(frame);
      case frameTypes.pushPromise:
      case frameTypes.continuation:
        throw new ConnectionError("protocol", "a frame came where none of its type may");
    }
  }

  #takeData(frame: Frame): void {
    const stream = this.#streamOf(frame);
    const bytes = frame.payload.length;
    // Padding counts too, and so does what comes for a stream that has ended.
    this.#grow(0, this.#received.take(bytes));
    const data = unpadded(frame);
    if (stream === undefined) return;
    const last = (frame.flags & frameFlags.endStream) !== 0;
    const grown = stream.received.take(bytes);
    if (!last) this.#grow(stream.id, grown);
    this.#answer(stream, () => stream.answer.data(data, last));
  }

  #takeHeaders(frame: Frame): void {
    const stream = this.#streamOf(frame);
    if ((frame.flags & frameFlags.endHeaders) === 0) this.#block = new HeaderBlock(frame);
    else this.#takeBlock(stream, blockOf(frame), (frame.flags & frameFlags.endStream) !== 0);
  }

  #goOn(block: HeaderBlock, frame: Frame): void {
    const whole = block.goOn(frame);
    if (whole === undefined) return;
    this.#block = undefined;
    this.#takeBlock(this.#streams.get(block.stream), whole, block.last);
  }

  /** Blocks of streams that have ended are read too, since later ones build on them. */
  #takeBlock(stream: Stream | undefined, block: Buffer, last: boolean): void {
    const fields = this.#headers.decode(block);
    if (stream !== undefined) this.#answer(stream, () => stream.answer.headers(fields, last));
  }

  #takeReset(frame: Frame): void {
    const stream = this.#streamOf(frame);
    const error = errorOfReset(uint32In(frame));
    if (stream !== undefined) this.#end(stream, error);
  }

  #takeSettings({ flags, stream, payload }: Frame): void {
    if (stream !== 0) throw new ConnectionError("protocol", "settings of a stream");
    if ((flags & frameFlags.ack) !== 0) {
      if (payload.length > 0) throw new ConnectionError("frameSize", "an acknowledgement that sets something");
      return;
    }
    const grownBytes = -this.#settings.initialWindowBytes;
    this.#settings = changed(this.#settings, payload);
    for (const each of this.#streams.values()) each.window.add(grownBytes + this.#settings.initialWindowBytes);
    this.#wire.send(frameOf(frameTypes.settings, frameFlags.ack, 0));
    if (this.#state === "opening") {
      this.#state = "open";
      this.#onOpened(undefined);
    }
    this.#pumpAll();
  }

  #takePing({ flags, stream, payload }: Frame): void {
    if (stream !== 0) throw new ConnectionError("protocol", "a ping of a stream");
    if (payload.length !== pingBytes) throw new ConnectionError("frameSize", `a ping of ${payload.length} bytes`);
    if ((flags & frameFlags.ack) === 0) this.#wire.reply(frameOf(frameTypes.ping, frameFlags.ack, 0, payload));
  }

  #takeGoaway({ stream, payload }: Frame): void {
    if (stream !== 0) throw new ConnectionError("protocol", "a stream goes away");
    if (payload.length < goawayMinBytes) throw new ConnectionError("frameSize", `a GOAWAY of ${payload.length} bytes`);
    const lastId = payload.readUInt32BE(0) & max31Bits;
    this.#state = "retired";
    // The server has not looked at these, and will not.
    const refused = [...this.#streams.values()].filter(({ id }) => id > lastId);
    for (const each of [...refused, ...this.#waiting]) this.#end(each, errorOfReset(errorCodes.refusedStream));
    this.#endIfDone();
  }

  #takeWindowUpdate(frame: Frame): void {
    const increment = uint32In(frame) & max31Bits;
    if (increment === 0) throw new ConnectionError("protocol", "a window grows by nothing");
    if (frame.stream === 0) {
      this.#window.add(increment);
      return this.#pumpAll();
    }
    const stream = this.#streamOf(frame);
    if (stream === undefined) return;
    stream.window.add(increment);
    this.#pump(stream);
  }

  #pumpAll(): void {
    for (const stream of this.#streams.values()) this.#pump(stream);
    this.#begin();
  }

  /** Lets the other side send more, on a stream or (0) on the whole connection. */
  #grow(stream: number, bytes: number): void {
    if (bytes > 0) this.#wire.send(frameOf(frameTypes.windowUpdate, 0, stream, uint32(bytes)));
  }

  /** The stream that a frame is for; undefined where it has ended. */
  #streamOf({ stream: id }: Frame): Stream | undefined {
    const stream = this.#streams.get(id);
    // Streams of the server have even numbers, and it has none.
    if (stream === undefined && (id % 2 === 0 || id >= this.#nextId)) throw new ConnectionError("protocol", `there is no stream ${id}`);
    return stream;
  }

  /** Lets an answer take what came for it. */
  #answer(stream: Stream, take: () => void): void {
    try {
      take();
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      return this.#giveUp(stream, error);
    }
    if (!stream.answer.ended) return;
    // The server wants no more of the request than it has got.
    if (stream.unsent.length > 0) this.#reset(stream, "none");
    this.#forget(stream);
  }

  #giveUp(stream: Stream, error: GrpcError): void {
    if (stream.id !== 0) this.#reset(stream, "cancel");
    this.#end(stream, error);
  }

  #reset(stream: Stream, code: ErrorCode): void {
    this.#wire.send(frameOf(frameTypes.rstStream, 0, stream.id, uint32(errorCodes[code])));
  }

  #end(stream: Stream, error: GrpcError): void {
    stream.answer.end(error);
    this.#forget(stream);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream.id);
    if (stream.id === 0) this.#waiting = this.#waiting.filter((each) => each !== stream);
    this.#begin();
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#state === "retired" && this.#streams.size === 0 && this.#waiting.length === 0) this.close();
  }

  #break(error: ConnectionError): void {
    this.#hangUp(error.code, new GrpcError("INTERNAL", `the server broke the rules of HTTP/2: ${error.message}`), error);
  }

  #hangUp(code: ErrorCode, error: GrpcError, reason: Error = error): void {
    if (this.#state === "closed") return;
    this.#wire.hangUp(code);
    this.#closed(error, reason);
  }

  #lose(reason: Error): void {
    this.#closed(new GrpcError("UNAVAILABLE", reason.message), reason);
  }

  #closed(error: GrpcError, reason: Error): void {
    const opening = this.#state === "opening";
    const [begun, waiting] = [[...this.#streams.values()], this.#waiting];
    this.#state = "closed";
    this.#streams.clear();
    this.#waiting = [];
    if (opening) this.#onOpened(reason);
    for (const stream of begun) stream.answer.end(error);
    for (const stream of waiting) stream.answer.end(notSent(reason));
  }
}

/** The error of a call that never went out, so that it certainly was not carried out. */
export function notSent(reason: Error): GrpcError {
  return new GrpcError("UNAVAILABLE", `No connection established. Last error: ${reason.name}: ${reason.message}`);
}

function uint32In({ payload }: Frame): number {
  if (payload.length !== 4) throw new ConnectionError("frameSize", `a number of ${payload.length} bytes`);
  return payload.readUInt32BE(0);
}
