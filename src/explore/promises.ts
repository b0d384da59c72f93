import { guarantees } from "../check/watch/guarantees.ts";
import type { Options, Sketch } from "./sketch.ts";
import type { Violation } from "./violation.ts";

/** One more promise of etcd that a run is held against, as a scenario file has it. */
export type Promised = { readonly [kind: string]: Options };

/** A run is short: whatever was done in it is enough. */
const however = { "at-least": 1 } as const;

/** Workloads with a checker of their own. */
const checked = ["append", "queue", "counter", "lease", "lock"] as const;
/** Of these the whole history cannot be explained by answers alone, since leases end without any. */
const leased = ["lease", "lock"];

/**
 * All that etcd promises of what a sketch does. Each guarantee of watches stands by itself, so that one that is broken
 * all the time does not hide the others. How fast or how available etcd is, is no promise: a busy machine breaks none of these.
 */
export function promisesOf({ loads, watch, members }: Sketch): Promised[] {
  const kinds = new Set(loads.map(({ kind }) => kind));
  const explained = loads.some(({ kind }) => !leased.includes(kind));
  return [
    ...(explained ? [{ "strict-serializable": however }, { "no-lost-writes": however }] : []),
    ...(loads.some(({ options }) => typeof options["serializable"] === "number" && options["serializable"] > 0) ? [{ serializable: however }] : []),
    ...checked.filter((kind) => kinds.has(kind)).map((kind) => ({ [kind]: however })),
    ...(watch === undefined ? [] : guarantees.map((guarantee) => ({ watch: { guarantees: [guarantee] } }))),
    { "monotonic-revision": {} },
    ...(members > 1 ? [{ "hash-kv": {} }] : []),
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
