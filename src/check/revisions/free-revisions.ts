/** Revisions that nobody is known to have made. */
export class FreeRevisions {
  readonly #isTaken: (revision: number) => boolean;
  /** From a taken revision to one below, with none between them that is free. */
  readonly #below = new Map<number, number>();

  constructor(isTaken: (revision: number) => boolean) {
    this.#isTaken = isTaken;
  }

  /** The highest that is not above a revision. What was passed once is passed at one step from then on. */
  latestUpTo(revision: number): number {
    let at = revision;
    while (this.#isTaken(at)) at = this.#below.get(at) ?? at - 1;
    for (let passed = revision; passed > at; ) {
      const next = this.#below.get(passed) ?? passed - 1;
      this.#below.set(passed, at);
      passed = next;
    }
    return at;
  }
}
