import type { Answered } from "../recording/operation.ts";

/** What a client has been told so far, for requests that build on it. */
export interface Told {
  /** The highest revision; 1 before any answer. */
  readonly revision: number;
  /** The revision of a key's last change, as far as told; 0: there is no such key, or nothing is known. */
  modRevision(key: string): number;
}

/** Remembers what its client's answers tell. */
export class Memory implements Told {
  revision = 1;
  readonly #mods = new Map<string, number>();

  modRevision(key: string): number {
    return this.#mods.get(key) ?? 0;
  }

  note(answered: Answered): void {
    this.revision = Math.max(this.revision, answered.revision);
    switch (answered.op) {
      case "put":
        this.#mods.set(answered.key, answered.revision);
        break;
      case "get":
        // What a key was in the past says nothing of it now.
        if (answered.atRevision === undefined) this.#mods.set(answered.key, answered.modRevision ?? 0);
        break;
      case "delete":
        if (answered.end === undefined) this.#mods.set(answered.key, 0);
        break;
      case "txn":
        for (const [index, part] of (answered.succeeded ? answered.success : answered.failure).entries()) {
          const answer = answered.responses[index];
          if (part.op === "put") this.#mods.set(part.key, answered.revision);
          else if (part.op === "get" && answer?.op === "get") this.#mods.set(part.key, answer.modRevision ?? 0);
        }
        break;
      default:
    }
  }
}
