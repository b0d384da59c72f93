import { Answer, type Receiver } from "./answer.ts";
import type { GrpcError } from "./status.ts";
import { ReceiveWindow, SendWindow } from "./windows.ts";

/** What is sent: the parts of the header block, which fit in one frame, and then the data. */
export interface CallRequest {
  readonly head: readonly Buffer[];
  readonly data: Buffer;
}

/** A call that is under way. */
export interface Call {
  /** Ends it with an error, unless it has ended, and tells the server that nobody waits for it any more. */
  cancel(error: GrpcError): void;
}

/** How much may come on a stream before we say more. */
export const streamWindowBytes = 4 * 2 ** 20;

/** A call on its stream of a connection: what is left to send of it, and what has come. */
export class Stream implements Call {
  readonly head: readonly Buffer[];
  readonly answer: Answer;
  readonly received = new ReceiveWindow(streamWindowBytes);
  readonly window = new SendWindow(0);
  unsent: Buffer;
  /** 0: it waits until the server allows another stream. */
  id = 0;
  readonly #onCancel: (stream: Stream, error: GrpcError) => void;

  constructor({ head, data }: CallRequest, receiver: Receiver, onCancel: (stream: Stream, error: GrpcError) => void) {
    this.head = head;
    this.unsent = data;
    this.answer = new Answer(receiver);
    this.#onCancel = onCancel;
  }

  cancel(error: GrpcError): void {
    if (!this.answer.ended) this.#onCancel(this, error);
  }
}
