import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";

export interface HttpLimits {
  /** From the request to the first byte of the answer, redirects included. */
  readonly firstByteMs: number;
  /** Between two pieces of a body. */
  readonly stallMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** What the server announced, in bytes; undefined when it did not. */
  readonly totalBytes: number | undefined;
  /** The address of the next page, from the Link header. */
  readonly nextPage: string | undefined;
  /** The body, piece by piece. Throws HarnessError "download" when it breaks off or stalls. */
  chunks(): AsyncIterable<Uint8Array>;
  /** A short body as text; at most 16 MiB. */
  text(): Promise<string>;
  /** Gives up the body. */
  discard(): void;
}

const textMaxBytes = 16 * 1024 * 1024;

/**
 * HTTP with time limits. A server that could not be reached once is not tried again by this
 * client: on a machine without the internet only the first question waits.
 */
export class HttpClient {
  readonly #limits: HttpLimits;
  readonly #unreachable = new Map<string, HarnessError>();

  constructor(limits: HttpLimits = { firstByteMs: 5000, stallMs: 15_000 }) {
    this.#limits = limits;
  }

  /** @throws HarnessError "download" when the server cannot be reached in time; any status is an answer. */
  async get(url: string): Promise<HttpAnswer> {
    const { host } = new URL(url);
    const known = this.#unreachable.get(host);
    if (known) throw known;
    const abort = new AbortController();
    const { firstByteMs } = this.#limits;
    const timer = setTimeout(() => abort.abort(new Error(`no answer within ${firstByteMs / 1000} s`)), firstByteMs);
    try {
      const response = await fetch(url, { signal: abort.signal, headers: { "user-agent": "etcd-chaos" } });
      return this.#answer(response, abort);
    } catch (error) {
      const trouble = new HarnessError("download", `could not be reached (${networkTrouble(error, host)})`, { cause: error });
      this.#unreachable.set(host, trouble);
      throw trouble;
    } finally {
      clearTimeout(timer);
    }
  }

  #answer(response: Response, abort: AbortController): HttpAnswer {
    const length = Number(response.headers.get("content-length") ?? NaN);
    const chunks = (): AsyncGenerator<Uint8Array> => this.#chunks(response, abort);
    return {
      status: response.status,
      totalBytes: Number.isSafeInteger(length) ? length : undefined,
      nextPage: /<([^>]+)>; *rel="next"/.exec(response.headers.get("link") ?? "")?.[1],
      chunks,
      text: () => readText(chunks()),
      discard: () => abort.abort(),
    };
  }

  async *#chunks(response: Response, abort: AbortController): AsyncGenerator<Uint8Array> {
    if (!response.body) return;
    const { stallMs } = this.#limits;
    const timer = setTimeout(() => abort.abort(new Error(`nothing came for ${stallMs / 1000} s`)), stallMs);
    let bytes = 0;
    try {
      for await (const chunk of response.body) {
        bytes += chunk.byteLength;
        yield chunk;
        timer.refresh();
      }
    } catch (error) {
      throw new HarnessError("download", `broke off after ${bytes} bytes (${networkTrouble(error, new URL(response.url).host)})`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > textMaxBytes) throw new HarnessError("download", `answered with more than ${textMaxBytes / 1024 / 1024} MiB`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** `ENOTFOUND github.com`; fetch hides the reason in the cause. */
function networkTrouble(error: unknown, host: string): string {
  const errno = errnoOf(error);
  if (errno !== undefined) return `${errno} ${host}`;
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
