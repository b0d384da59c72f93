import { guarantees } from "../check/watch/guarantees.ts";
import type { Options, Sketch } from "./sketch.ts";
import type { Violation } from "./violation.ts";

/** One more promise of etcd that a run is held against, as a scenario file has it. */
export type Promised = { readonly [kind: string]: Options };

/** Workloads with a checker of their own; a run is short, so that whatever they came to is enough. */
const checked = ["append", "queue", "counter", "lease", "lock"] as const;

/**
 * All that etcd promises of what a sketch does. Each guarantee of watches stands by itself, so that one that is broken
 * all the time does not hide the others. How fast or how available etcd is, is no promise: a busy machine breaks none of these.
 */
export function promisesOf({ loads, watch }: Sketch): Promised[] {
  const kinds = new Set(loads.map(({ kind }) => kind));
  return [
    { "strict-serializable": {} },
    ...(loads.some(({ options }) => "serializable" in options) ? [{ serializable: {} }] : []),
    { "no-lost-writes": {} },
    ...checked.filter((kind) => kinds.has(kind)).map((kind) => ({ [kind]: { "at-least": 1 } })),
    ...(watch === undefined ? [] : guarantees.map((guarantee) => ({ watch: { guarantees: [guarantee] } }))),
    { "monotonic-revision": {} },
    { "hash-kv": {} },
  ];
}

/** Of what a sketch is held against, what a violation broke. */
export function promisesBroken(sketch: Sketch, { kind, witness }: Violation): Promised[] {
  return promisesOf(sketch).filter((promised) => {
    const options = promised[kind];
    const chosen = options?.["guarantees"];
    return options !== undefined && (witness === undefined || !Array.isArray(chosen) || chosen.includes(witness.rule));
  });
}
