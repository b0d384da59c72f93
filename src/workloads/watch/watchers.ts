import type { WatchResponse } from "../../recording/watch.ts";
import type { WatchSpec } from "./spec.ts";
import { etcdWatches } from "./stream.ts";
import { Watcher } from "./watcher.ts";

export interface WatchersOptions {
  /** Absent where nobody is to watch. */
  readonly spec: WatchSpec | undefined;
  readonly endpoints: readonly { readonly member: string; readonly url: string }[];
  readonly nowNs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly record: (response: WatchResponse) => void;
}

const lookEveryMs = 20;

/** A watcher for each member that is to be watched. */
export class Watchers {
  readonly #watchers: readonly Watcher[];
  readonly #done: Promise<unknown>;
  readonly #options: WatchersOptions;

  /** Begins at once. */
  constructor(options: WatchersOptions) {
    const { spec, endpoints, nowNs, sleep, record } = options;
    const watched = endpoints.filter(({ member }) => spec?.endpoints === "all" || spec?.endpoints === member);
    this.#options = options;
    this.#watchers = spec === undefined ? [] : watched.map(({ member, url }, watcher) => new Watcher({ spec, watcher, member, open: etcdWatches(url), nowNs, sleep, record }));
    this.#done = Promise.all(this.#watchers.map((each) => each.run()));
  }

  /**
   * Lets them watch until all have come to a revision, or the time is over.
   * @returns the members whose watcher did not come so far
   */
  async finish(revision: number, limitMs: number): Promise<string[]> {
    const { nowNs, sleep } = this.#options;
    const endNs = nowNs() + limitMs * 1e6;
    const behind = (): Watcher[] => this.#watchers.filter(({ reached }) => reached < revision);
    while (behind().length > 0 && nowNs() < endNs) await sleep(lookEveryMs);
    const unwatched = behind().map(({ member }) => member);
    for (const watcher of this.#watchers) watcher.stop();
    await this.#done;
    return unwatched;
  }
}
