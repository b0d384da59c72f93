/** Hands items to listeners as they come; the first listener gets those from before it as well. */
export class Feed<T> {
  readonly #listeners: ((item: T) => void)[] = [];
  #early: T[] = [];

  push(item: T): void {
    if (this.#listeners.length === 0) this.#early.push(item);
    for (const listener of this.#listeners) listener(item);
  }

  subscribe(listener: (item: T) => void): void {
    for (const item of this.#early) listener(item);
    this.#early = [];
    this.#listeners.push(listener);
  }
}
