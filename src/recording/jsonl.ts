import { closeSync, createReadStream, openSync, write, writeSync } from "node:fs";

/** How long a line may wait before it is handed to the system. */
const flushEveryMs = 100;
/** What may wait for a disk that does not take it; a run writes some 100 kB a second. */
const pendingMaxCharacters = 64 * 1024 * 1024;
/** A longer line is damage. A full metrics sample, the longest line there is, has about 150 kB. */
const lineMaxBytes = 16 * 1024 * 1024;

/**
 * Appends lines to a file, in order. Once handed to the system they survive the death of this
 * process. The first error ends the writing, since lines after a gap would pretend to be whole.
 */
export class LineWriter {
  readonly #file: number;
  readonly #onError: (error: unknown) => void;
  #pending = "";
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failed = false;

  /** Creates the file or goes on at its end. Throws what `open` throws. */
  constructor(path: string, onError: (error: unknown) => void) {
    this.#file = openSync(path, "a");
    this.#onError = onError;
  }

  /** Writes within `flushEveryMs`, without blocking. */
  line(text: string): void {
    if (this.#failed) return;
    this.#pending += `${text}\n`;
    if (this.#pending.length > pendingMaxCharacters) return this.#fail(new Error("the disk takes the data too slowly"));
    this.#timer ??= setTimeout(() => void this.flush(), flushEveryMs);
  }

  /** Hands the line to the system before it returns. Not to be mixed with `line`, which it would overtake. */
  lineNow(text: string): void {
    if (this.#failed) return;
    try {
      let rest = Buffer.from(`${text}\n`);
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file, rest));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Resolves when everything given so far is with the system. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending !== "" || this.#writing !== undefined) {
      this.#writing ??= this.#drain().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async close(): Promise<void> {
    await this.flush();
    this.#failed = true;
    closeSync(this.#file);
  }

  async #drain(): Promise<void> {
    while (this.#pending !== "" && !this.#failed) {
      let rest = Buffer.from(this.#pending);
      this.#pending = "";
      try {
        while (rest.length > 0) rest = rest.subarray(await this.#write(rest));
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #write(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#file, bytes, (error, written) => (error ? reject(error) : resolve(written)));
    });
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#pending = "";
    clearTimeout(this.#timer);
    this.#onError(error);
  }
}

/** How a file of lines ended. `torn`: its last line lacks the line end, so its writer died over it; it was left out. */
export interface LinesRead {
  readonly lines: number;
  readonly torn: boolean;
  /** The rest was not read since the file is larger than the limit. */
  readonly cut: boolean;
}

/**
 * Calls back with each whole line of a file and its number from 1 on; undefined stands for a line
 * too long to be true. Reads in large pieces, so that the file may be much larger than what is kept of it.
 *
 * @throws what `open` and `read` throw.
 */
export async function readLines(
  path: string,
  onLine: (line: string | undefined, number: number) => void,
  { bytesMax = Infinity }: { readonly bytesMax?: number } = {},
): Promise<LinesRead> {
  let lines = 0;
  let bytes = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const takeRest = (end: Buffer): void => {
    const tooLong = restBytes + end.length > lineMaxBytes;
    onLine(tooLong ? undefined : Buffer.concat([...rest, end]).toString("utf8"), (lines += 1));
    rest = [];
    restBytes = 0;
  };
  const pieces: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1024 * 1024 });
  for await (const piece of pieces) {
    const first = restBytes === 0 ? -1 : piece.indexOf(10);
    if (first >= 0) takeRest(piece.subarray(0, first));
    const last = piece.lastIndexOf(10);
    // All at once, as it takes longer to make a text of each line.
    if (last > first) for (const line of piece.toString("utf8", first + 1, last).split("\n")) onLine(line, (lines += 1));
    const left = piece.subarray(last + 1);
    restBytes += left.length;
    if (restBytes <= lineMaxBytes && left.length > 0) rest.push(left);
    bytes += piece.length;
    if (bytes >= bytesMax) return { lines, torn: false, cut: true };
  }
  return { lines, torn: restBytes > 0, cut: false };
}
