import type { Search } from "./explorer.ts";
import type { Finding, Found, Reduced, Shrunken } from "./finding.ts";
import type { Player } from "./played.ts";
import { reduce } from "./reduce.ts";
import { groupOf, guaranteeOf, type Violation } from "./violation.ts";

/** All that a search has found so far: each once, and as small as there was time for. */
export class Findings {
  /** Runs that made findings smaller. */
  reducing = 0;
  readonly #search: Search;
  readonly #player: Player;
  readonly #groups = new Map<string, Found>();
  readonly #reduced = new Map<number, Reduced>();
  #later: Found[] = [];

  constructor(search: Search) {
    this.#search = search;
    this.#player = {
      play: (sketch, seed) => ((this.reducing += 1), search.player.play(sketch, seed)),
      forget: (played) => search.player.forget(played),
    };
  }

  /** In the order in which they were found. */
  all(): Finding[] {
    return [...this.#groups.values()].map((found) => ({ ...found, reduced: this.#reduced.get(found.number) ?? { kind: "no-time" } }));
  }

  /** What a run broke in a way that was not seen before; what was seen before is counted. */
  newOnes(by: Pick<Found, "run" | "sketch" | "seed" | "played" | "afterMs">): readonly Found[] {
    const fresh = new Map<string, Violation>();
    for (const violation of by.played.violations) {
      const known = this.#groups.get(groupOf(violation));
      if (known !== undefined) known.again += 1;
      else if (!fresh.has(groupOf(violation))) fresh.set(groupOf(violation), violation);
    }
    return [...fresh].map(([group, violation]) => {
      const found: Found = { ...by, number: this.#groups.size + 1, group, guarantee: guaranteeOf(violation), violation, again: 0 };
      this.#groups.set(group, found);
      this.#search.onFinding?.(found);
      return found;
    });
  }

  /** What one run breaks is mostly one bug: the first is made smaller at once, the others when there is time. */
  async reduceFirsts(waiting: readonly Found[]): Promise<void> {
    const firsts = waiting.filter(({ run }, index) => waiting.findIndex((each) => each.run === run) === index);
    this.#later.push(...waiting.filter((each) => !firsts.includes(each)));
    for (const first of firsts) await this.#reduceOne(first);
  }

  /** What could not be made as small as it can be goes on once more, then comes what had to wait. */
  async reduceRest(): Promise<void> {
    for (const found of [...this.#groups.values()]) {
      const reduced = this.#reduced.get(found.number);
      if (reduced?.kind === "shrunk" && !reduced.complete && !this.#isOver()) await this.#reduceOne(found, reduced);
    }
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) await this.#reduceOne(next);
  }

  #isOver(): boolean {
    return this.#search.signal.aborted || this.#search.nowMs() >= this.#search.untilMs;
  }

  async #reduceOne(found: Found, from?: Shrunken): Promise<void> {
    const { nowMs, reduceMaxMs } = this.#search;
    const lateMs = nowMs() + reduceMaxMs;
    const { reduced, along } = await reduce(found, { ...this.#search, player: this.#player, isOver: () => this.#isOver(), isLate: () => nowMs() >= lateMs, ...(from === undefined ? {} : { from }) });
    // The run that found it is kept: others may have been found by it as well.
    if (from !== undefined && from.played !== found.played && !(reduced.kind === "shrunk" && reduced.played === from.played)) await this.#player.forget(from.played);
    this.#settle(found, reduced);
    for (const other of this.#later) if (along.has(other.guarantee)) this.#settle(other, { kind: "along", with: found.number });
    this.#later = this.#later.filter(({ guarantee }) => !along.has(guarantee));
  }

  #settle(found: Found, reduced: Reduced): void {
    this.#reduced.set(found.number, reduced);
    this.#search.onReduced?.({ ...found, reduced });
  }
}
