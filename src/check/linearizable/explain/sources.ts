import { bisectLeft } from "d3-array";
import type { Value } from "../cell.ts";
import { invokedAt, returnedAt, type Accesses } from "../unique/clusters.ts";

/**
 * Which writes an access may have found, whatever the order: those of a fitting value that began before it ended and
 * that no other write had certainly replaced before it began. If calls are left out of a legal history, but for these,
 * what is left is legal: each access still comes after what it found. So a part of a history that keeps
 * these, and is illegal, proves that the whole is.
 */
export class Sources {
  readonly #accesses: Accesses;
  readonly #writers: readonly number[];
  /** Of certain writes in the order of their returns: when they returned, and when the last so far began. */
  readonly #returns: number[] = [];
  readonly #lastBegun: number[] = [];
  /** By the call, once it was asked for. */
  readonly #found = new Map<number, readonly number[]>();

  constructor(accesses: Accesses) {
    this.#accesses = accesses;
    this.#writers = [...accesses.access.keys()].filter((index) => this.#written(index) !== undefined);
    const certain = this.#writers.filter((index) => returnedAt(accesses, index) < Infinity).sort((a, b) => returnedAt(accesses, a) - returnedAt(accesses, b));
    let last = -Infinity;
    for (const index of certain) {
      last = Math.max(last, invokedAt(accesses, index));
      this.#returns.push(returnedAt(accesses, index));
      this.#lastBegun.push(last);
    }
  }

  /** The calls, with the writes that they may have found, and what these may have found. */
  closure(calls: readonly number[]): Set<number> {
    const kept = new Set(calls);
    for (const call of kept) for (const source of this.#of(call)) kept.add(source);
    return kept;
  }

  #of(call: number): readonly number[] {
    const known = this.#found.get(call);
    if (known !== undefined) return known;
    const found = this.#find(call);
    this.#found.set(call, found);
    return found;
  }

  #find(call: number): number[] {
    const access = this.#accesses.access[call];
    if (access === undefined || access.kind === "write") return [];
    const fits = access.kind === "read" ? (value: Value) => value === access.value : access.kind === "swap" ? (value: Value) => value === access.from : (value: Value) => value !== access.from;
    const replacedBefore = this.#replacedBefore(invokedAt(this.#accesses, call));
    const returned = returnedAt(this.#accesses, call);
    return this.#writers.filter((writer) => {
      const value = this.#written(writer);
      return value !== undefined && fits(value) && writer !== call && invokedAt(this.#accesses, writer) <= returned && returnedAt(this.#accesses, writer) >= replacedBefore;
    });
  }

  /** Writes that returned before this time were replaced by one that had returned before `time`. */
  #replacedBefore(time: number): number {
    return this.#lastBegun[bisectLeft(this.#returns, time) - 1] ?? -Infinity;
  }

  #written(index: number): Value | undefined {
    const access = this.#accesses.access[index];
    return access?.kind === "write" ? access.value : access?.kind === "swap" ? access.to : undefined;
  }
}
