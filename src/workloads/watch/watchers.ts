import type { Clock } from "../../clock.ts";
import type { WatchResponse } from "../../recording/watch.ts";
import { etcdLists } from "./list.ts";
import type { WatchSpec } from "./spec.ts";
import { etcdWatches } from "./stream.ts";
import { Watcher } from "./watcher.ts";

export interface WatchersOptions {
  /** Absent where nobody is to watch. */
  readonly spec: WatchSpec | undefined;
  readonly endpoints: readonly { readonly member: string; readonly url: string }[];
  readonly nowNs: () => number;
  readonly clock: Clock;
  readonly record: (response: WatchResponse) => void;
}

const lookEveryMs = 20;

/** The watchers through each member that is to be watched. */
export class Watchers {
  readonly #watchers: readonly Watcher[];
  readonly #done: Promise<unknown>;
  readonly #options: WatchersOptions;

  /** Begins at once. */
  constructor(options: WatchersOptions) {
    const { spec, endpoints, nowNs, clock, record } = options;
    const watched = endpoints.filter(({ member }) => spec?.endpoints === "all" || spec?.endpoints === member);
    const sleep = (durationMs: number): Promise<void> => clock.sleep(durationMs);
    this.#options = options;
    const places = spec === undefined ? [] : watched.flatMap((endpoint) => spec.ranges.map((range) => ({ ...endpoint, range, spec })));
    this.#watchers = places.map(({ member, url, range, spec }, watcher) => new Watcher({ spec, range, watcher, member, open: etcdWatches(url), list: etcdLists(url, clock), nowNs, sleep, record }));
    this.#done = Promise.all(this.#watchers.map((each) => each.run()));
  }

  /**
   * Lets them watch until all have come to a revision, or the time is over.
   * @returns the members of which a watcher did not come so far
   */
  async finish(revision: number, limitMs: number): Promise<string[]> {
    const { nowNs, clock } = this.#options;
    const endNs = nowNs() + limitMs * 1e6;
    const behind = (): Watcher[] => this.#watchers.filter(({ reached }) => reached < revision);
    while (behind().length > 0 && nowNs() < endNs) await clock.sleep(lookEveryMs);
    const unwatched = [...new Set(behind().map(({ member }) => member))];
    for (const watcher of this.#watchers) watcher.stop();
    await this.#done;
    return unwatched;
  }
}
