import { hashOfPair, PairMap } from "./pair-map.ts";

/** The number of the collection with nothing in it. */
export const unused = 0;

/**
 * Which operations of unknown outcome were taken to have happened, as small numbers: how many of each kind,
 * since those of one kind are interchangeable. Equal collections have equal numbers.
 */
export class Uses {
  readonly #counts: Uint16Array[];
  readonly #hashes: number[] = [0];
  readonly #byHash = new Map<number, number[]>([[0, [unused]]]);
  readonly #steps = new PairMap();
  readonly #kinds: number;

  constructor(kinds: number) {
    this.#kinds = kinds;
    this.#counts = [new Uint16Array(kinds)];
  }

  get bytes(): number {
    return this.#counts.length * (2 * this.#kinds + 200) + this.#steps.bytes;
  }

  count(uses: number, kind: number): number {
    return this.#counts[uses]?.[kind] ?? 0;
  }

  /** The collection with one more of a kind. */
  with(uses: number, kind: number): number {
    const known = this.#steps.get(uses, kind);
    if (known !== undefined) return known;
    const more = this.#intern(uses, kind);
    this.#steps.set(uses, kind, more);
    return more;
  }

  /** Whether the one has of no kind more than the other. */
  isWithin(one: number, other: number): boolean {
    if (one === other || one === unused) return true;
    const [few, many] = [this.#counts[one], this.#counts[other]];
    return few !== undefined && many !== undefined && few.every((count, kind) => count <= (many[kind] ?? 0));
  }

  #intern(uses: number, kind: number): number {
    const counts = Uint16Array.from(this.#counts[uses] ?? []);
    counts[kind] = (counts[kind] ?? 0) + 1;
    // A sum over what was added, so that the order does not show.
    const hash = ((this.#hashes[uses] ?? 0) + hashOfPair(kind, 1)) | 0;
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((each) => this.#counts[each]?.every((count, at) => count === counts[at]));
    if (known !== undefined) return known;
    const number = this.#counts.push(counts) - 1;
    this.#hashes.push(hash);
    this.#byHash.set(hash, [...alike, number]);
    return number;
  }
}
