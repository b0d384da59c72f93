import type { Operation, Outcome } from "../../src/recording/operation.ts";

type Given<Each> = Each extends Operation ? Omit<Each, "process" | "client" | "member" | "intendedNs" | "invokeNs" | "returnNs" | "outcome"> & { readonly outcome?: Outcome } : never;

/** An operation of a made-up history, from one moment to another; without a revision its outcome is unknown unless given. */
export function operation(process: number, [invokeNs, returnNs]: readonly [number, number], what: Given<Operation>): Operation {
  const { revision } = what;
  return { process, client: process, member: `etcd-${(process % 3) + 1}`, intendedNs: invokeNs, invokeNs, returnNs, outcome: revision === undefined ? "info" : "ok", ...what };
}

/** What a get is answered by a key that was written once. */
export function once(value: string, revision: number): { readonly value: string; readonly modRevision: number; readonly createRevision: number; readonly version: number } {
  return { value, modRevision: revision, createRevision: revision, version: 1 };
}
