import type { WatchResponse } from "../../recording/watch.ts";
import type { WatchSpec } from "./spec.ts";
import type { OpenWatch, Said, WatchStream } from "./stream.ts";

export interface WatcherParts {
  readonly spec: WatchSpec;
  readonly watcher: number;
  readonly member: string;
  readonly open: OpenWatch;
  /** Nanoseconds on the run's clock. */
  readonly nowNs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly record: (response: WatchResponse) => void;
}

/** A stream on which nothing comes for so long, although progress is asked for, is given up for a new one. */
const silenceMaxMs = 3_000;
const againAfterMs = 100;

/**
 * Watches through one member until it is told to stop. After a cut it goes on behind the last revision that
 * it knows all of, and after a compaction at the first that is left.
 */
export class Watcher {
  readonly #parts: WatcherParts;
  #next: number;
  #stopped = false;
  #stream: WatchStream | undefined;
  /** When something last came on the present stream; undefined: nothing yet. */
  #heardNs: number | undefined;
  #canceled = false;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.#next = parts.spec.fromRevision;
  }

  get member(): string {
    return this.#parts.member;
  }

  /** The revision up to which it was told everything. */
  get reached(): number {
    return this.#next - 1;
  }

  /** Resolves once it was stopped. */
  async run(): Promise<void> {
    const { open, sleep, spec: { key, end, prevKv } } = this.#parts;
    while (!this.#stopped) {
      this.#canceled = false;
      this.#heardNs = undefined;
      const stream = open({ key, ...(end === undefined ? {} : { end }), fromRevision: this.#next, prevKv }, (said) => this.#take(said));
      this.#stream = stream;
      const error = await this.#follow(stream);
      stream.close();
      if (error !== undefined) this.#record({ kind: "cut", error });
      if (!this.#stopped) await sleep(againAfterMs);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#stream?.close();
  }

  /** @returns why the stream came to its end; undefined when etcd or we ended it in order */
  async #follow(stream: WatchStream): Promise<string | undefined> {
    const { nowNs, sleep, spec } = this.#parts;
    const openedNs = nowNs();
    for (;;) {
      const error = await Promise.race([stream.ended, sleep(spec.progressEveryMs)]);
      // That a member never answered must show.
      if (this.#stopped) return this.#heardNs === undefined ? "no answer until the end of the run" : undefined;
      if (this.#canceled) return undefined;
      if (error !== undefined) return error;
      if (nowNs() - (this.#heardNs ?? openedNs) > silenceMaxMs * 1e6) return `nothing came for ${silenceMaxMs / 1000} s`;
      stream.askProgress();
    }
  }

  #take(said: Said): void {
    this.#heardNs = this.#parts.nowNs();
    this.#record(said);
    if (said.kind === "events") this.#next = Math.max(this.#next, (said.events.at(-1)?.modRevision ?? 0) + 1);
    // A member that has yet to catch up answers with an older revision.
    else if (said.kind === "progress") this.#next = Math.max(this.#next, said.revision + 1);
    else if (said.kind === "canceled") {
      this.#canceled = true;
      this.#next = Math.max(this.#next, said.compactRevision ?? 0);
    }
  }

  #record(said: Said | Pick<Extract<WatchResponse, { kind: "cut" }>, "kind" | "error">): void {
    const { watcher, member, nowNs, record } = this.#parts;
    record({ watcher, member, atNs: nowNs(), ...said });
  }
}
