const free = -1;

/** A map from two numbers from 0 on to a third, without an object for each: open addressing in typed arrays. */
export class PairMap {
  #keys = new Int32Array(32).fill(free);
  #values = new Int32Array(16);
  #size = 0;

  get bytes(): number {
    return this.#keys.byteLength + this.#values.byteLength;
  }

  get(one: number, other: number): number | undefined {
    const slot = this.#slotOf(one, other);
    return this.#keys[2 * slot] === free ? undefined : this.#values[slot];
  }

  set(one: number, other: number, value: number): void {
    const slot = this.#slotOf(one, other);
    if (this.#keys[2 * slot] === free) this.#size += 1;
    this.#keys[2 * slot] = one;
    this.#keys[2 * slot + 1] = other;
    this.#values[slot] = value;
    if (this.#size * 2 > this.#values.length) this.#grow();
  }

  #slotOf(one: number, other: number): number {
    const mask = this.#values.length - 1;
    let slot = hashOfPair(one, other) & mask;
    while (this.#keys[2 * slot] !== free && !(this.#keys[2 * slot] === one && this.#keys[2 * slot + 1] === other)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Int32Array(keys.length * 2).fill(free);
    this.#values = new Int32Array(values.length * 2);
    this.#size = 0;
    for (const [slot, value] of values.entries()) {
      const one = keys[2 * slot] ?? free;
      if (one !== free) this.set(one, keys[2 * slot + 1] ?? 0, value);
    }
  }
}

/** 32 bits in which both numbers show. */
export function hashOfPair(one: number, other: number): number {
  let hash = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x7f4a7c15, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
