/**
 * Plays stories a few at a time and keeps what each of them found, so that every test can
 * look at its own: real runs mostly wait, and taken one by one they would wait for minutes.
 */
export class Stories {
  readonly #atOnceMax: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  /** Begins the story when it is its turn. What it throws is thrown to whoever awaits it. */
  play<T>(story: () => Promise<T>): Promise<T> {
    const played = new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => story().then(resolve, reject));
    });
    // A story that fails before its test comes round is no unhandled rejection.
    played.catch(() => undefined);
    this.#next();
    return played;
  }

  #next(): void {
    if (this.#running >= this.#atOnceMax) return;
    const turn = this.#waiting.shift();
    if (turn === undefined) return;
    this.#running += 1;
    void turn().finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }
}
