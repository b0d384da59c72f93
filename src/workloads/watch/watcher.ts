import type { WatchResponse } from "../../recording/watch.ts";
import { failureOf } from "../outcome.ts";
import type { ListKeys } from "./list.ts";
import type { WatchRange, WatchSpec } from "./spec.ts";
import type { OpenWatch, Said, WatchStream } from "./stream.ts";

export interface WatcherParts {
  readonly spec: WatchSpec;
  readonly range: WatchRange;
  readonly watcher: number;
  readonly member: string;
  readonly open: OpenWatch;
  readonly list: ListKeys;
  /** Nanoseconds on the run's clock. */
  readonly nowNs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly record: (response: WatchResponse) => void;
}

/** A stream on which nothing comes for so long, although progress is asked for, is given up for a new one. */
const silenceMaxMs = 3_000;
const againAfterMs = 100;

/** What it writes down of itself, beside what etcd says on a stream. */
type Own = WatchResponse extends infer Response ? (Response extends { readonly kind: "cut" | "listed" } ? Omit<Response, "watcher" | "member" | "atNs"> : never) : never;

/**
 * Watches through one member until it is told to stop. After a cut it goes on behind the last revision that it knows
 * all of, and after a compaction at the first that is left. One that lists first goes on behind a list, at first and
 * after a compaction, as an informer does.
 */
export class Watcher {
  readonly #parts: WatcherParts;
  /** The revision to go on at; undefined: it has to list first. */
  #next: number | undefined;
  #reached = 0;
  #stopped = false;
  #stream: WatchStream | undefined;
  /** When something last came on the present stream; undefined: nothing yet. */
  #heardNs: number | undefined;
  #canceled = false;
  /** Wakes whoever follows the present stream, and may have nothing to do for a minute. */
  #wake = (): void => undefined;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.#restart();
  }

  get member(): string {
    return this.#parts.member;
  }

  /** The revision up to which it was told everything. */
  get reached(): number {
    return this.#reached;
  }

  /** Resolves once it was stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const fromRevision = this.#next ?? (await this.#list());
      if (fromRevision !== undefined && !this.#stopped) await this.#watch(fromRevision);
      if (!this.#stopped) await this.#parts.sleep(againAfterMs);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
    this.#stream?.close();
  }

  #restart(): void {
    const { listFirst, fromRevision } = this.#parts.spec;
    this.#next = undefined;
    if (!listFirst) this.#goOn(fromRevision);
  }

  /** From a revision on; it knows all before that it will be told. */
  #goOn(revision: number): void {
    this.#next = revision;
    this.#reached = Math.max(this.#reached, revision - 1);
  }

  /** @returns the revision behind the list; undefined where there was none */
  async #list(): Promise<number | undefined> {
    const { list, range, nowNs } = this.#parts;
    const askedNs = nowNs();
    try {
      const { revision, kvs } = await list(range);
      this.#record({ kind: "listed", ...range, askedNs, revision, kvs });
      this.#goOn(revision + 1);
    } catch (cause) {
      this.#record({ kind: "cut", error: `list: ${failureOf(cause).error}` });
    }
    return this.#next;
  }

  async #watch(fromRevision: number): Promise<void> {
    const { open, range, spec: { prevKv } } = this.#parts;
    this.#canceled = false;
    this.#heardNs = undefined;
    const woken = new Promise<undefined>((resolve) => (this.#wake = () => resolve(undefined)));
    const stream = open({ ...range, fromRevision, prevKv }, (said) => this.#take(said, fromRevision));
    this.#stream = stream;
    const error = await this.#follow(stream, woken);
    stream.close();
    if (error !== undefined) this.#record({ kind: "cut", error });
  }

  /** @returns why the stream came to its end; undefined when etcd or we ended it in order */
  async #follow(stream: WatchStream, woken: Promise<undefined>): Promise<string | undefined> {
    const { nowNs, sleep, spec: { progressEveryMs, restartEveryMs = Infinity } } = this.#parts;
    const openedNs = nowNs();
    let [askNs, restartNs] = [openedNs + progressEveryMs * 1e6, openedNs + restartEveryMs * 1e6];
    for (;;) {
      const error = await Promise.race([stream.ended, woken, sleep(Math.max(1, (Math.min(askNs, restartNs) - nowNs()) / 1e6))]);
      // That a member never answered must show.
      if (this.#stopped) return this.#heardNs === undefined ? "no answer until the end of the run" : undefined;
      if (this.#canceled) return undefined;
      if (error !== undefined) return error;
      if (nowNs() - (this.#heardNs ?? openedNs) > silenceMaxMs * 1e6) return `nothing came for ${silenceMaxMs / 1000} s`;
      if (nowNs() >= restartNs) {
        if (this.#heardNs !== undefined) return void this.#restart();
        restartNs += restartEveryMs * 1e6;
      }
      if (nowNs() < askNs) continue;
      stream.askProgress();
      askNs = nowNs() + progressEveryMs * 1e6;
    }
  }

  #take(said: Said, fromRevision: number): void {
    this.#heardNs = this.#parts.nowNs();
    this.#record(said);
    const next = this.#next ?? fromRevision;
    if (said.kind === "events") this.#goOn(Math.max(next, (said.events.at(-1)?.modRevision ?? 0) + 1));
    // A member that has yet to catch up answers with an older revision.
    else if (said.kind === "progress") this.#goOn(Math.max(next, said.revision + 1));
    else if (said.kind === "canceled") {
      this.#canceled = true;
      this.#wake();
      if (said.compactRevision === undefined) return;
      if (this.#parts.spec.listFirst) this.#next = undefined;
      else this.#goOn(Math.max(next, said.compactRevision));
    }
  }

  #record(said: Said | Own): void {
    const { watcher, member, nowNs, record } = this.#parts;
    record({ watcher, member, atNs: nowNs(), ...said });
  }
}
