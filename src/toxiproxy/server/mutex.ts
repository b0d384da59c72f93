/** Runs tasks one after the other, in the order in which they were given. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // A failed task is its caller's to handle; the next one runs all the same.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
