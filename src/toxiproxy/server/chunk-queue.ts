/** A piece of a stream on its way through the proxy. */
export interface Chunk {
  readonly data: Buffer;
  /** When it was received, plus the latency it was given since: what the next latency counts from. */
  readonly atMs: number;
}

/** What a chunk costs besides its bytes, so that a flood of tiny chunks is bounded too. */
const chunkOverheadBytes = 256;

/** Chunks in order, with what they cost in memory. */
export class ChunkQueue {
  #chunks: Chunk[] = [];
  #first = 0;
  #costBytes = 0;

  get costBytes(): number {
    return this.#costBytes;
  }

  get head(): Chunk | undefined {
    return this.#chunks[this.#first];
  }

  push(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#costBytes += chunk.data.length + chunkOverheadBytes;
  }

  /** Takes the first chunk, or the first `bytes` of it when it is longer than that. */
  take(bytes = Number.POSITIVE_INFINITY): Chunk | undefined {
    const head = this.head;
    if (!head) return undefined;
    if (bytes < head.data.length) {
      this.#chunks[this.#first] = { data: head.data.subarray(bytes), atMs: head.atMs };
      this.#costBytes -= bytes;
      return { data: head.data.subarray(0, bytes), atMs: head.atMs };
    }
    this.#first += 1;
    this.#costBytes -= head.data.length + chunkOverheadBytes;
    this.#forgetTaken();
    return head;
  }

  clear(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#costBytes = 0;
  }

  /** Array.shift is linear in the length; dropping the taken half now and then is not. */
  #forgetTaken(): void {
    if (this.#first === this.#chunks.length) this.clear();
    else if (this.#first >= 64 && this.#first * 2 >= this.#chunks.length) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
