import type { Counterexample, ShownOperation } from "../../check/counterexample.ts";

/** The operations of one process or watcher, in order. */
export interface Lane {
  /** `process 3`. */
  readonly name: string;
  /** `client 3, etcd-1`, where all its operations have the same. */
  readonly under: string;
  readonly operations: readonly ShownOperation[];
}

/** What there is room for. */
export interface ShownLanes {
  readonly lanes: readonly Lane[];
  /** All that is shown, in order of invocation. */
  readonly operations: readonly ShownOperation[];
  /** Operations for which there was no room. */
  readonly left: number;
}

/** Lanes in the order in which they begin. Where there are too many operations, those nearest before the illegal one stay. */
export function shownLanes(counterexample: Counterexample, most: number): ShownLanes {
  const operations = chosen(counterexample, most);
  const names = [...new Set(operations.map(({ lane }) => lane))];
  const lanes = names.map((name) => {
    const own = operations.filter(({ lane }) => lane === name);
    return { name, under: [only(own.map(({ client }) => client), "client "), only(own.map(({ member }) => member))].filter((each) => each !== "").join(", "), operations: own };
  });
  return { lanes, operations, left: counterexample.operations.length - operations.length };
}

function chosen({ operations, illegal, legal, order = [], lasting = [] }: Counterexample, most: number): readonly ShownOperation[] {
  if (operations.length <= most) return operations;
  const first = new Set([illegal, ...(legal === undefined ? [] : [legal]), ...order.map(({ from }) => from), ...lasting.map(({ by }) => by)]);
  const at = operations.findIndex(({ name }) => name === illegal);
  const rank = (index: number, name: string): number => (name === illegal ? -1 : first.has(name) ? 0 : index < at ? at - index : operations.length + index);
  const kept = operations.map(({ name }, index) => ({ name, rank: rank(index, name) })).sort((a, b) => a.rank - b.rank).slice(0, most);
  const names = new Set(kept.map(({ name }) => name));
  return operations.filter(({ name }) => names.has(name));
}

function only(values: readonly (string | number | undefined)[], before = ""): string {
  const [value, ...others] = new Set(values);
  return value === undefined || others.length > 0 ? "" : `${before}${value}`;
}
