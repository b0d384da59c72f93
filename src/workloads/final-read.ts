import type { Operation, OperationOf } from "../recording/operation.ts";
import type { RangeRequest } from "../recording/operations/key-value.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureOf } from "./outcome.ts";
import { recorded } from "./recorded-value.ts";

/** The keys of a workload, and how many of them one answer can hold. */
export type FinalRange = Required<Pick<RangeRequest, "key" | "end" | "limit">>;

export interface FinalReadParts {
  readonly range: FinalRange;
  readonly member: string;
  readonly endpoint: Pick<Endpoint, "perform">;
  /** The number of the client that it counts as. */
  readonly client: number;
  /** A number that no process has had. */
  readonly nextProcess: () => number;
  /** Nanoseconds on the run's clock. */
  readonly nowNs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly limitMs: number;
  readonly record: (operation: Operation) => void;
}

const againAfterMs = 100;

/**
 * Reads all keys of a workload through one member, linearizably: what was lost cannot hide behind keys that
 * nobody has read since. Page after page of the same revision, each tried again until the time is over.
 *
 * @returns whether all was read
 */
export async function readFinally(parts: FinalReadParts): Promise<boolean> {
  const { range, nextProcess, nowNs, sleep, limitMs } = parts;
  const endNs = nowNs() + limitMs * 1e6;
  let process = nextProcess();
  let request: RangeRequest = { op: "range", ...range };
  while (nowNs() < endNs) {
    const page = await readPage(parts, process, request);
    if (page.outcome === "info") process = nextProcess();
    const last = page.kvs?.at(-1);
    if (page.outcome !== "ok") await sleep(againAfterMs);
    else if (last === undefined || (page.kvs?.length ?? 0) < range.limit) return true;
    else request = { ...request, key: `${last.key}\0`, atRevision: request.atRevision ?? page.revision ?? 0 };
  }
  return false;
}

async function readPage({ member, client, endpoint, nowNs, record }: FinalReadParts, process: number, request: RangeRequest): Promise<OperationOf<"range">> {
  const invokeNs = nowNs();
  const begun = { process, client, member, final: true, intendedNs: invokeNs, invokeNs } as const;
  const answered = await endpoint.perform(request).catch(failureOf);
  const returnNs = nowNs();
  const page: Operation = "outcome" in answered ? { ...begun, ...request, returnNs, ...answered } : { ...begun, ...answered, returnNs, outcome: "ok" };
  record(recorded(page));
  if (page.op === "range") return page;
  throw new Error(`a range was answered as ${page.op}`);
}
