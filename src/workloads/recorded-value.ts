import { createHash } from "node:crypto";
import type { Operation } from "../recording/operation.ts";
import type { KeyValue } from "../recording/operations/key-value.ts";
import type { Compare, TxnPart, TxnPartAnswer } from "../recording/operations/txn.ts";

const wholeMaxCharacters = 64;

/**
 * How a value stands in the history. A long one is told by its beginning, its size and its hash:
 * equal texts are equal values, and a history of large values stays small.
 */
export function recordedValue(value: string): string {
  if (value.length <= wholeMaxCharacters) return value;
  const hash = createHash("sha256").update(value).digest("hex").slice(0, 16);
  return `${value.slice(0, 24)}… ${value.length} characters, sha256 ${hash}`;
}

/** An operation as it stands in the history: all its values as `recordedValue` has them. */
export function recorded(operation: Operation): Operation {
  switch (operation.op) {
    case "put":
    case "get":
    case "guarded-write":
      return withValue(operation);
    case "range":
      return withValues(operation);
    case "txn": {
      const { compares, success, failure, responses } = operation;
      const asked = { compares: compares.map(recordedCompare), success: success.map(recordedPart), failure: failure.map(recordedPart) };
      return { ...operation, ...asked, ...(responses === undefined ? {} : { responses: responses.map(recordedAnswer) }) };
    }
    default:
      return operation;
  }
}

function recordedCompare(compare: Compare): Compare {
  return compare.target === "value" ? { ...compare, to: recordedValue(compare.to) } : compare;
}

function recordedPart(part: TxnPart): TxnPart {
  return part.op === "put" ? withValue(part) : part;
}

function recordedAnswer(answer: TxnPartAnswer): TxnPartAnswer {
  if (answer.op === "get") return withValue(answer);
  return answer.op === "range" ? withValues(answer) : answer;
}

function withValue<Holder extends { readonly value?: string | null }>(holder: Holder): Holder {
  return typeof holder.value === "string" && holder.value.length > wholeMaxCharacters ? { ...holder, value: recordedValue(holder.value) } : holder;
}

function withValues<Holder extends { readonly kvs?: readonly KeyValue[] }>(holder: Holder): Holder {
  return holder.kvs === undefined ? holder : { ...holder, kvs: holder.kvs.map(withValue) };
}
