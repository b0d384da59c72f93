import type { Operation, OperationCommon, Request } from "../../src/recording/operation.ts";

const secondNs = 1e9;

type Said<R> = R extends Request ? R & Partial<Pick<OperationCommon, "revision" | "outcome" | "error">> & Readonly<Record<string, unknown>> : never;

/** An operation of a client from one second to another, `ok` where nothing else is said. */
export function during(client: number, [fromS, toS]: readonly [number, number], said: Said<Request>): Operation {
  const invokeNs = fromS * secondNs;
  return { process: client, client, member: `etcd-${(client % 3) + 1}`, intendedNs: invokeNs, invokeNs, returnNs: toS * secondNs, outcome: "ok", ...said };
}
