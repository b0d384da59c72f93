import type { Operation } from "../../recording/operation.ts";
import type { TxnPart } from "../../recording/operations/txn.ts";
import { covers } from "./changes.ts";

/** The keys that deletes are of: single ones, and ranges, of which a history has few that differ. */
export class DeletedKeys {
  readonly #keys = new Set<string>();
  readonly #ranges = new Map<string, Extract<TxnPart, { readonly op: "delete" }>>();

  /** @param operations those of them that failed have deleted nothing */
  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      if (operation.outcome === "fail") continue;
      if (operation.op === "delete") this.#add(operation);
      else if (operation.op === "txn") for (const parts of [operation.success, operation.failure]) for (const part of parts) this.#add(part);
    }
  }

  /** Whether any of them may have deleted a key. */
  has(key: string): boolean {
    if (this.#keys.has(key)) return true;
    for (const range of this.#ranges.values()) if (covers(range, key)) return true;
    return false;
  }

  #add(part: TxnPart): void {
    if (part.op !== "delete") return;
    if (part.end === undefined) this.#keys.add(part.key);
    else this.#ranges.set(`${part.key}\n${part.end}`, part);
  }
}
