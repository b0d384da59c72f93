import type { Field } from "./hpack.ts";
import { MessageReader } from "./message-reader.ts";
import { errorOf, errorOfReset, GrpcError } from "./status.ts";

/** Whoever waits for an answer. */
export interface Receiver {
  /** A whole message; the bytes are its own only until it returns. What it throws ends the call. */
  message(bytes: Buffer): void;
  /** Called once, after which nothing comes: undefined, or what went wrong. */
  end(error: GrpcError | undefined): void;
}

/**
 * What comes back on one stream: headers, messages in pieces of data, trailers; or trailers alone. Its methods throw a
 * GrpcError for what is no answer of gRPC.
 */
export class Answer {
  readonly #receiver: Receiver;
  readonly #messages: MessageReader;
  #httpStatus: string | undefined;
  #ended = false;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
    this.#messages = new MessageReader((bytes) => receiver.message(bytes));
  }

  get ended(): boolean {
    return this.#ended;
  }

  headers(fields: readonly Field[], last: boolean): void {
    if (this.#httpStatus === undefined) {
      const status = valueOf(":status", fields);
      if (status === undefined) throw new GrpcError("INTERNAL", "the answer has no HTTP status");
      // 1xx comes before the headers that count.
      if (!last && /^1/.test(status)) return;
      this.#httpStatus = status;
    } else if (!last) throw new GrpcError("INTERNAL", "the answer has headers twice");
    if (!last) return;
    if (this.#messages.within) throw new GrpcError("INTERNAL", "the answer ends within a message");
    this.end(errorOf({ httpStatus: this.#httpStatus, grpcStatus: valueOf("grpc-status", fields), grpcMessage: valueOf("grpc-message", fields) }));
  }

  data(data: Buffer, last: boolean): void {
    if (this.#httpStatus === undefined) throw new GrpcError("INTERNAL", "the answer has data before headers");
    // Whatever answers with an error of HTTP sends a page about it, if anything.
    if (this.#httpStatus === "200") this.#messages.push(data);
    if (last) this.end(errorOf({ httpStatus: this.#httpStatus, grpcStatus: undefined, grpcMessage: undefined }));
  }

  reset(code: number): void {
    this.end(errorOfReset(code));
  }

  end(error: GrpcError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#receiver.end(error);
  }
}

function valueOf(wanted: string, fields: readonly Field[]): string | undefined {
  return fields.find(({ name }) => name === wanted)?.value;
}
