import type { Operation } from "../../src/recording/operation.ts";

/** More than any lease's number within one history. */
const leasesApart = 1e6;

/**
 * A history over leases or locks many times, one after the other, each with leases, processes and revisions of its own:
 * as long as one likes, in no time.
 */
export function repeated(history: readonly Operation[], times: number): Operation[] {
  const processes = 1 + highest(history, ({ process }) => process);
  const revisions = highest(history, ({ revision = 0 }) => revision);
  const lengthNs = 1 + highest(history, ({ returnNs }) => returnNs);
  const inOrder = history.toSorted((a, b) => a.invokeNs - b.invokeNs);
  return Array.from({ length: times }, (_, time) => time).flatMap((time) => inOrder.map((operation) => later(operation, { leases: time * leasesApart, processes: time * processes, revisions: time * revisions, ns: time * lengthNs })));
}

interface Shift {
  readonly leases: number;
  readonly processes: number;
  readonly revisions: number;
  readonly ns: number;
}

function later(operation: Operation, { leases, processes, revisions, ns }: Shift): Operation {
  return {
    ...operation,
    process: operation.process + processes,
    intendedNs: operation.intendedNs + ns,
    invokeNs: operation.invokeNs + ns,
    returnNs: operation.returnNs + ns,
    ...(operation.revision === undefined ? {} : { revision: operation.revision + revisions }),
    ...("lease" in operation && operation.lease !== undefined ? { lease: operation.lease + leases } : {}),
    ...("token" in operation && typeof operation.token === "number" ? { token: operation.token + revisions } : {}),
    ...("key" in operation ? { key: operation.key.replace(/\d+/, (lease) => String(Number(lease) + leases)) } : {}),
  };
}

function highest(history: readonly Operation[], of: (operation: Operation) => number): number {
  return history.reduce((most, operation) => Math.max(most, of(operation)), 0);
}
