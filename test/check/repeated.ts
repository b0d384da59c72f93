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

const ttlS = 60;
const apartNs = 20e3;

/** Leases that are granted once, each with a key, and then kept alive and looked at in turn, as many operations in all as asked. */
export function keptAlive(leases: number, operations: number): Operation[] {
  return Array.from({ length: operations }, (_, index): Operation => {
    const client = index % leases;
    const invokeNs = index * apartNs;
    const common = { process: client, client, member: `etcd-${(client % 3) + 1}`, intendedNs: invokeNs, invokeNs, returnNs: invokeNs + apartNs / 2, outcome: "ok" } as const;
    const lease = client + 1;
    const key = `leased/${lease}/0`;
    const turn = Math.floor(index / leases);
    if (turn === 0) return { ...common, op: "lease-grant", lease, ttlS, grantedTtlS: ttlS, revision: 1 };
    if (turn === 1) return { ...common, op: "put", key, value: `${lease}`, lease, revision: client + 2 };
    if (turn % 3 === 0) return { ...common, op: "lease-keep-alive", lease, remainingS: ttlS, revision: leases + 1 };
    return { ...common, op: "get", key, value: `${lease}`, modRevision: client + 2, createRevision: client + 2, version: 1, revision: leases + 1 };
  });
}
