/**
 * Times by which the harness has to say something else, each with a name: the run's own, and
 * one for each fault in force. Pure; what is told it are lines of the harness:
 *
 *     within NAME MS     NAME is to be done within so many milliseconds; said again, the new time holds
 *     done NAME          it is: no more to wait for
 */
export class Limits {
  readonly #endsMs = new Map<string, number>();

  /** @returns false for a line that says nothing about limits */
  take(line: string, nowMs: number): boolean {
    const [word, name = "", value, ...more] = line.split(" ");
    if (name === "" || more.length > 0) return false;
    if (word === "done" && value === undefined) this.#endsMs.delete(name);
    else if (word === "within" && value !== undefined && /^\d+$/.test(value)) this.#endsMs.set(name, nowMs + Number(value));
    else return false;
    return true;
  }

  /** Until the first of them is up, 0 where it is; undefined where there is nothing to wait for. */
  leftMs(nowMs: number): number | undefined {
    if (this.#endsMs.size === 0) return undefined;
    return Math.max(0, Math.min(...this.#endsMs.values()) - nowMs);
  }
}
