import { counterRange, isCounterKey } from "../../recording/counter-key.ts";
import type { Operation } from "../../recording/operation.ts";
import type { Violated } from "../finding.ts";

/** The same, with what each operation did to a counter: `add 1 to 0: 8`. */
export function inTermsOfCounters(violated: Violated): Violated {
  const did = violated.operations.flatMap((operation): [Operation, string][] => {
    const text = didText(operation);
    return text === undefined ? [] : [[operation, text]];
  });
  return { ...violated, did: new Map(did) };
}

function didText(operation: Operation): string | undefined {
  if (operation.op !== "txn") return undefined;
  const part = operation.success.find(({ op, key }) => op === "put" && isCounterKey(key));
  if (part?.op !== "put") return undefined;
  return `add 1 to ${part.key.slice(counterRange.key.length)}: ${operation.succeeded === false ? "not as it was" : part.value}`;
}
