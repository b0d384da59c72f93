import type { Operation } from "../../recording/operation.ts";
import type { GetAnswer, KeyValue } from "../../recording/operations/key-value.ts";

/** A key as a read showed it. Old recordings do not tell the version. */
export type Found = Omit<KeyValue, "version"> & Partial<Pick<KeyValue, "version">>;

/** The key of a get as it was found; undefined where there was none, or where its revisions are not known. */
export function foundBy(key: string, { value, modRevision, createRevision, version }: Partial<GetAnswer>): Found | undefined {
  if (typeof value !== "string" || modRevision === undefined || createRevision === undefined) return undefined;
  return { key, value, modRevision, createRevision, ...(version === undefined ? {} : { version }) };
}

/** Every key that an operation was answered, until `visit` says something. */
export function eachFound<T>(operation: Operation, visit: (found: Found) => T | undefined): T | undefined {
  switch (operation.op) {
    case "get": {
      const found = foundBy(operation.key, operation);
      return found && visit(found);
    }
    case "range":
      return first(operation.kvs ?? [], visit);
    case "txn": {
      const parts = operation.succeeded === true ? operation.success : operation.failure;
      return first(operation.responses ?? [], (answer, index) => {
        const part = parts[index];
        if (answer.op === "range") return first(answer.kvs, visit);
        const found = answer.op === "get" && part?.op === "get" ? foundBy(part.key, answer) : undefined;
        return found && visit(found);
      });
    }
    default:
      return undefined;
  }
}

function first<Item, T>(items: readonly Item[], visit: (item: Item, index: number) => T | undefined): T | undefined {
  for (const [index, item] of items.entries()) {
    const said = visit(item, index);
    if (said !== undefined) return said;
  }
  return undefined;
}
