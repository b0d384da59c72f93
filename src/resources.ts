import { messageOf } from "./errors.ts";

/**
 * Things that must be released, last one first. Node 20 has `await using` but no
 * AsyncDisposableStack yet; this is the part of it that we need.
 */
export class Resources implements AsyncDisposable {
  #releases: (() => unknown)[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  defer(release: () => unknown): void {
    this.#releases.push(release);
  }

  /** Hands everything over to a new owner; disposing this one then releases nothing. */
  move(): Resources {
    const moved = new Resources();
    moved.#releases = this.#releases;
    this.#releases = [];
    return moved;
  }

  /** Releases everything even where one release fails, then throws what failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join("; "));
  }
}
