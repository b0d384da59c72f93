import { createHash } from "node:crypto";

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
