import { hashOfPair } from "./pair-map.ts";
import type { Uses } from "./uses.ts";

/** Where the fields of a configuration are; the bits of the open calls that have happened follow. */
export const field = { state: 0, idle: 1, uses: 2, lastOverwrite: 3, happened: 4 } as const;

/** Stands in the field `state` of one that another has made needless. */
const needless = -1;
/** Room for so many at first: most searches keep few, and thousands of small ones make a counterexample smaller. */
const roomAtFirst = 16;
/** Comparing a new configuration with more would cost more than keeping some that are needless. */
const comparedMax = 64;

/**
 * Configurations that a history can be in: the state, which of the open calls have happened, which calls of unknown
 * outcome, and when a call last overwrote the state. One in which more is left to be used makes another needless.
 */
export class Configurations {
  readonly #stride: number;
  readonly #uses: Uses;
  #data: Int32Array;
  #next = new Int32Array(roomAtFirst);
  #heads = new Int32Array(2 * roomAtFirst);
  /** A head counts only with the stamp of now, so that clearing costs nothing. */
  #stamps = new Int32Array(2 * roomAtFirst);
  #stamp = 1;
  #length = 0;
  #live = 0;

  constructor(stride: number, uses: Uses) {
    this.#stride = stride;
    this.#uses = uses;
    this.#data = new Int32Array(roomAtFirst * stride);
  }

  /** Those made needless included. */
  get length(): number {
    return this.#length;
  }

  get live(): number {
    return this.#live;
  }

  get bytes(): number {
    return this.#data.byteLength + this.#next.byteLength + this.#heads.byteLength + this.#stamps.byteLength;
  }

  clear(): void {
    this.#length = 0;
    this.#live = 0;
    this.#stamp += 1;
  }

  /** Copies one out; false for one that is needless. */
  read(index: number, into: Int32Array): boolean {
    const from = index * this.#stride;
    if (this.#data[from] === needless) return false;
    for (let at = 0; at < this.#stride; at++) into[at] = this.#data[from + at] ?? 0;
    return true;
  }

  stateOf(index: number): number {
    return this.#data[index * this.#stride] ?? needless;
  }

  /** Keeps a configuration unless one that is there makes it needless. */
  add(configuration: Int32Array): void {
    const mask = this.#heads.length - 1;
    const bucket = this.#hash(configuration) & mask;
    const head = this.#stamps[bucket] === this.#stamp ? (this.#heads[bucket] ?? -1) : -1;
    let compared = 0;
    for (let each = head; each >= 0 && compared < comparedMax; each = this.#next[each] ?? -1, compared++) {
      if (!this.#isAlike(each, configuration)) continue;
      const [uses, last] = [this.#at(each, field.uses), this.#at(each, field.lastOverwrite)];
      const [newUses, newLast] = [configuration[field.uses] ?? 0, configuration[field.lastOverwrite] ?? 0];
      if (last >= newLast && this.#uses.isWithin(uses, newUses)) return;
      if (newLast >= last && this.#uses.isWithin(newUses, uses)) {
        this.#data[each * this.#stride] = needless;
        this.#live -= 1;
      }
    }
    this.#push(configuration, bucket, head);
  }

  #push(configuration: Int32Array, bucket: number, head: number): void {
    if (this.#length === this.#next.length) this.#growData();
    const index = this.#length++;
    this.#live += 1;
    this.#data.set(configuration, index * this.#stride);
    this.#next[index] = head;
    this.#heads[bucket] = index;
    this.#stamps[bucket] = this.#stamp;
    if (this.#length * 2 > this.#heads.length) this.#growHeads();
  }

  #at(index: number, offset: number): number {
    return this.#data[index * this.#stride + offset] ?? 0;
  }

  /** Equal but for what can be compared as more or less. */
  #isAlike(index: number, configuration: Int32Array): boolean {
    if (this.#at(index, field.state) !== configuration[field.state] || this.#at(index, field.idle) !== configuration[field.idle]) return false;
    for (let at: number = field.happened; at < this.#stride; at++) if (this.#at(index, at) !== configuration[at]) return false;
    return true;
  }

  #hash(configuration: Int32Array): number {
    let hash = hashOfPair(configuration[field.state] ?? 0, configuration[field.idle] ?? 0);
    for (let at: number = field.happened; at < this.#stride; at++) hash = hashOfPair(hash, configuration[at] ?? 0);
    return hash;
  }

  #growData(): void {
    const [data, next] = [this.#data, this.#next];
    this.#data = new Int32Array(data.length * 2);
    this.#data.set(data);
    this.#next = new Int32Array(next.length * 2);
    this.#next.set(next);
  }

  #growHeads(): void {
    this.#heads = new Int32Array(this.#heads.length * 2);
    this.#stamps = new Int32Array(this.#heads.length);
    const mask = this.#heads.length - 1;
    for (let index = 0; index < this.#length; index++) {
      const from = index * this.#stride;
      if (this.#data[from] === needless) continue;
      const bucket = this.#hash(this.#data.subarray(from, from + this.#stride)) & mask;
      this.#next[index] = this.#stamps[bucket] === this.#stamp ? (this.#heads[bucket] ?? -1) : -1;
      this.#heads[bucket] = index;
      this.#stamps[bucket] = this.#stamp;
    }
  }
}
