import type { Answered, Request } from "../../src/recording/operation.ts";
import type { GetAnswer, KeyValue, RangeAnswer, ReadMode } from "../../src/recording/operations/key-value.ts";
import type { Compare, TxnPart, TxnPartAnswer } from "../../src/recording/operations/txn.ts";

/** What became of a key at a revision; null: it was deleted. */
interface Change {
  readonly revision: number;
  readonly found: KeyValue | null;
}

/** etcd's key-value store, as its documentation has it and as simple as can be. It does not look into the code that is tested. */
export class Store {
  #revision = 1;
  #compacted = 0;
  readonly #changes = new Map<string, Change[]>();

  get revision(): number {
    return this.#revision;
  }

  get compacted(): number {
    return this.#compacted;
  }

  copy(): Store {
    const copy = new Store();
    copy.#revision = this.#revision;
    copy.#compacted = this.#compacted;
    for (const [key, changes] of this.#changes) copy.#changes.set(key, [...changes]);
    return copy;
  }

  /** Other keys are written until the store has this revision. */
  skipTo(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Does what is asked; a string is the error that etcd answers. Reads answer from the state at `applied`, where a member has come no further. */
  perform(request: Request, applied = this.#revision): Answered | string {
    switch (request.op) {
      case "put":
        this.#revision += 1;
        this.#put(request.key, request.value, this.#revision);
        return { ...request, revision: this.#revision };
      case "delete": {
        const deleted = this.#delete(request.key, request.end, this.#revision + 1);
        if (deleted > 0) this.#revision += 1;
        return { ...request, deleted, revision: this.#revision };
      }
      case "get":
      case "range":
        if (request.atRevision !== undefined && request.atRevision > applied) return "etcdserver: mvcc: required revision is a future revision";
        if (request.atRevision !== undefined && request.atRevision < this.#compacted) return "etcdserver: mvcc: required revision has been compacted";
        if (request.op === "get") return { ...request, ...this.#get(request.key, request.atRevision ?? applied), revision: applied };
        return { ...request, ...this.#range(request, request.atRevision ?? applied), revision: applied };
      case "txn": {
        const succeeded = request.compares.every((compare) => this.#holds(compare, applied));
        const parts = succeeded ? request.success : request.failure;
        if (parts.some((part) => "atRevision" in part && part.atRevision !== undefined && part.atRevision < this.#compacted)) return "etcdserver: mvcc: required revision has been compacted";
        if (!parts.some(({ op }) => op === "put" || op === "delete")) return { ...request, succeeded, responses: parts.map((part) => this.#part(part, applied)), revision: applied };
        const next = this.#revision + 1;
        const responses = parts.map((part) => this.#part(part, next));
        if (responses.some((answer) => answer.op === "put" || (answer.op === "delete" && answer.deleted > 0))) this.#revision = next;
        return { ...request, succeeded, responses, revision: this.#revision };
      }
      case "compact":
        if (request.atRevision <= this.#compacted) return "etcdserver: mvcc: required revision has been compacted";
        if (request.atRevision > this.#revision) return "etcdserver: mvcc: required revision is a future revision";
        this.#compacted = request.atRevision;
        return { ...request, revision: this.#revision };
      default:
        throw new Error(`this store has no ${request.op}`);
    }
  }

  #part(part: TxnPart, at: number): TxnPartAnswer {
    switch (part.op) {
      case "put":
        this.#put(part.key, part.value, at);
        return { op: "put" };
      case "delete":
        return { op: "delete", deleted: this.#delete(part.key, part.end, at) };
      case "get":
        return { op: "get", ...this.#get(part.key, part.atRevision ?? at) };
      case "range":
        return { op: "range", ...this.#range(part, part.atRevision ?? at) };
    }
  }

  #put(key: string, value: string, revision: number): void {
    const before = this.#at(key, revision);
    this.#change(key, { revision, found: { key, value, modRevision: revision, createRevision: before?.createRevision ?? revision, version: (before?.version ?? 0) + 1 } });
  }

  #delete(key: string, end: string | undefined, revision: number): number {
    const there = (end === undefined ? [key] : this.#keys(key, end)).filter((name) => this.#at(name, revision) !== null);
    for (const name of there) this.#change(name, { revision, found: null });
    return there.length;
  }

  #change(key: string, change: Change): void {
    const changes = this.#changes.get(key);
    if (changes === undefined) this.#changes.set(key, [change]);
    else changes.push(change);
  }

  #at(key: string, revision: number): KeyValue | null {
    const changes = this.#changes.get(key) ?? [];
    for (let index = changes.length - 1; index >= 0; index -= 1) {
      const change = changes[index];
      if (change !== undefined && change.revision <= revision) return change.found;
    }
    return null;
  }

  #get(key: string, at: number): GetAnswer {
    const found = this.#at(key, at);
    if (found === null) return { value: null };
    const { value, modRevision, createRevision, version } = found;
    return { value, modRevision, createRevision, version };
  }

  #range({ key, end, limit }: { readonly key: string; readonly end: string; readonly limit?: number } & ReadMode, at: number): RangeAnswer {
    const all = this.#keys(key, end).map((name) => this.#at(name, at)).filter((found) => found !== null);
    return { kvs: all.slice(0, limit ?? all.length), count: all.length };
  }

  #keys(key: string, end: string): string[] {
    return [...this.#changes.keys()].filter((name) => name >= key && (end === "\0" || name < end)).sort();
  }

  #holds({ key, target, is, to }: Compare, at: number): boolean {
    const found = this.#at(key, at);
    if (target === "value" && found === null) return false;
    const actual = target === "value" ? (found?.value ?? "") : { mod: found?.modRevision, create: found?.createRevision, version: found?.version }[target] ?? 0;
    return { "=": actual === to, "!=": actual !== to, "<": actual < to, ">": actual > to }[is];
  }
}
