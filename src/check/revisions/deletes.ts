import type { Operation } from "../../recording/operation.ts";
import type { DeleteRequest } from "../../recording/operations/key-value.ts";
import type { TxnPart } from "../../recording/operations/txn.ts";
import { covers } from "./changes.ts";

/** All that may have deleted keys: single ones, and ranges, of which a history has few that differ. */
export class Deletes {
  /** The revision of the last delete; Infinity where one is of unknown outcome, since it may come at any time. */
  readonly #keys = new Map<string, number>();
  readonly #ranges = new Map<string, { readonly range: DeleteRequest; latest: number }>();

  /** @param operations those of them that failed have deleted nothing */
  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      const { outcome, revision = 0 } = operation;
      if (outcome === "fail") continue;
      const latest = outcome === "ok" ? revision : Infinity;
      if (operation.op === "delete") this.#add(operation, latest);
      else if (operation.op === "txn") for (const parts of [operation.success, operation.failure]) for (const part of parts) this.#add(part, latest);
    }
  }

  /** The revision of the last that may have deleted a key; -Infinity where there is none. */
  latestOf(key: string): number {
    let latest = this.#keys.get(key) ?? -Infinity;
    for (const each of this.#ranges.values()) if (each.latest > latest && covers(each.range, key)) latest = each.latest;
    return latest;
  }

  #add(part: TxnPart, revision: number): void {
    if (part.op !== "delete") return;
    const { key, end } = part;
    if (end === undefined) return void this.#keys.set(key, Math.max(revision, this.#keys.get(key) ?? -Infinity));
    const name = `${key}\n${end}`;
    const known = this.#ranges.get(name);
    if (known === undefined) this.#ranges.set(name, { range: part, latest: revision });
    else known.latest = Math.max(revision, known.latest);
  }
}
