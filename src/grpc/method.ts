import { messageOf } from "../errors.ts";
import type { Receiver } from "./answer.ts";
import { GrpcError } from "./status.ts";

/** A method of a service, with its messages. */
export interface Method<Request, Response> {
  /** `/package.Service/Method` */
  readonly path: string;
  /** The answer is a stream, of which the first message is all that anybody asks for. */
  readonly streams?: true;
  readonly encode: (request: Request) => Buffer;
  readonly decode: (bytes: Buffer) => Response;
}

/** Waits for the one message that answers a call. */
export class OneAnswer<Response> implements Receiver {
  readonly #method: Pick<Method<never, Response>, "decode" | "streams">;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: GrpcError) => void;
  #answer: { readonly response: Response } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(method: Pick<Method<never, Response>, "decode" | "streams">, resolve: (response: Response) => void, reject: (error: GrpcError) => void) {
    this.#method = method;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Has `onLate` called when there is no answer after so long. */
  limit(limitMs: number, onLate: () => void): void {
    this.#timer = setTimeout(onLate, limitMs);
  }

  message(bytes: Buffer): void {
    this.#answer ??= { response: this.#decoded(bytes) };
    if (this.#method.streams === true) this.end(undefined);
  }

  end(error: GrpcError | undefined): void {
    clearTimeout(this.#timer);
    if (error !== undefined) this.#reject(error);
    else if (this.#answer !== undefined) this.#resolve(this.#answer.response);
    else this.#reject(new GrpcError("UNAVAILABLE", "the call ended without an answer"));
  }

  #decoded(bytes: Buffer): Response {
    try {
      return this.#method.decode(bytes);
    } catch (error) {
      throw new GrpcError("INTERNAL", `Response message parsing error: ${messageOf(error)}`);
    }
  }
}
