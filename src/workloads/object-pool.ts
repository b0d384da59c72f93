import type { Random } from "../random.ts";
import type { Operation, OperationOf } from "../recording/operation.ts";

/** When something was last heard of an object, and the revision of its last change then; 0: it was not there. */
interface Known {
  readonly atRevision: number;
  readonly mod: number;
}

/**
 * What the clients of a workload know of a set of objects, as the cache of an API server does: which are there, and at
 * which revision each was changed. It may be of the past.
 */
export class ObjectPool {
  readonly #keys: readonly string[];
  readonly #known = new Map<string, Known>();
  readonly #there = new Bag();
  readonly #absent = new Bag();

  /** @param keys of all objects that there can be */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
    for (const key of keys) this.#absent.add(key);
  }

  /** How many objects there are. */
  get size(): number {
    return this.#there.size;
  }

  /** An object that is there; throws where there is none. */
  pickThere(random: Random): string {
    return this.#there.pick(random);
  }

  /** One that is not there; throws where all are. */
  pickAbsent(random: Random): string {
    return this.#absent.pick(random);
  }

  /** The revision of an object's last change; 0: it is not there. */
  mod(key: string): number {
    return this.#known.get(key)?.mod ?? 0;
  }

  learn(operation: Operation): void {
    const { outcome, revision = 0 } = operation;
    if (outcome !== "ok") return;
    if (operation.op === "get") this.#learn(operation.key, revision, operation.modRevision ?? 0);
    else if (operation.op === "range") this.#learnRange(operation);
    else if (operation.op === "txn") this.#learnTxn(operation);
  }

  #learnTxn({ succeeded, success, failure, responses = [], revision = 0 }: OperationOf<"txn">): void {
    for (const [index, part] of (succeeded === true ? success : failure).entries()) {
      const answer = responses[index];
      if (part.op === "put") this.#learn(part.key, revision, revision);
      else if (part.op === "delete") this.#learn(part.key, revision, 0);
      else if (part.op === "get" && answer?.op === "get") this.#learn(part.key, revision, answer.modRevision ?? 0);
    }
  }

  /** Of what a page leaves out it is known that it is not there, as far as the page goes. */
  #learnRange({ key: from, end, kvs = [], count = 0, atRevision, revision = 0 }: OperationOf<"range">): void {
    const last = kvs.at(-1)?.key;
    const mods = new Map(kvs.map(({ key, modRevision }) => [key, modRevision]));
    for (const key of this.#keys) {
      const isOnPage = key >= from && key < end && (count <= kvs.length || (last !== undefined && key <= last));
      if (isOnPage) this.#learn(key, atRevision ?? revision, mods.get(key) ?? 0);
    }
  }

  /** Answers come in any order. */
  #learn(key: string, atRevision: number, mod: number): void {
    if (atRevision <= (this.#known.get(key)?.atRevision ?? 0)) return;
    this.#known.set(key, { atRevision, mod });
    const [to, from] = mod > 0 ? [this.#there, this.#absent] : [this.#absent, this.#there];
    from.remove(key);
    to.add(key);
  }
}

/** Names of which one can be drawn, however many there are. */
class Bag {
  readonly #names: string[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#names.length;
  }

  add(name: string): void {
    if (!this.#places.has(name)) this.#places.set(name, this.#names.push(name) - 1);
  }

  remove(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    this.#places.delete(name);
    // The last one takes its place.
    const last = this.#names.pop();
    if (last === undefined || last === name) return;
    this.#names[place] = last;
    this.#places.set(last, place);
  }

  pick(random: Random): string {
    return random.pick(this.#names);
  }
}
