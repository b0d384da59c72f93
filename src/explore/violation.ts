/** What of a counterexample tells one bug from another. */
export interface Witness {
  readonly rule: string;
  readonly sentence: string;
  /** Name of the first operation that cannot be explained. */
  readonly illegal: string;
  readonly operations: readonly { readonly name: string; readonly label: string; readonly outcome: string }[];
}

/** An assertion that a run violated. */
export interface Violation {
  readonly kind: string;
  readonly title: string;
  readonly reason: string;
  /** Absent where the assertion has none. */
  readonly witness?: Witness;
}

/** The promise that is broken: `watch/reliable`, `strict-serializable/stale read`, `hash-kv`. */
export function guaranteeOf({ kind, witness }: Violation): string {
  return witness === undefined ? kind : `${kind}/${witness.rule}`;
}

/** Which operations tell the same, whichever a client used. */
const alike: Readonly<Record<string, string>> = { put: "write", delete: "write", txn: "write", swap: "write", get: "read", range: "read" };

/** What the counterexample is made of, without keys, values and revisions: `told after progress, watch, write`. */
export function shapeOf({ witness }: Violation): string {
  if (witness === undefined) return "no counterexample";
  const illegal = witness.operations.find(({ name }) => name === witness.illegal);
  const others = [...new Set(witness.operations.filter((each) => each !== illegal).map(kindOf))].sort();
  return `${illegal === undefined ? "operation" : kindOf(illegal)}${others.length === 0 ? "" : ` after ${others.join(", ")}`}`;
}

function kindOf({ label, outcome }: Witness["operations"][number]): string {
  const word = /^[a-z-]+/i.exec(label)?.[0]?.toLowerCase() ?? "operation";
  return `${alike[word] ?? word}${outcome === "info" ? " of unknown outcome" : ""}`;
}

/** Found again is not found anew: what breaks the same promise in the same way is one finding. */
export function groupOf(violation: Violation): string {
  return `${guaranteeOf(violation)}: ${shapeOf(violation)}`;
}
