import type { ICompare, IKeyValue, IRangeRequest, IRangeResponse, IRequestOp, IResponseOp, KVClient, LeaseClient } from "etcd3";
import type { Clock } from "../clock.ts";
import type { Answered, Request } from "../recording/operation.ts";
import type { DeleteRequest, GetAnswer, GetRequest, KeyValue, RangeAnswer, RangeRequest } from "../recording/operations/key-value.ts";
import type { Compare, Relation, TxnPart, TxnPartAnswer } from "../recording/operations/txn.ts";
import { performLease, type Deadline } from "./perform-lease.ts";
import { acquireLock, releaseLock, writeGuarded } from "./perform-lock.ts";

/** One client's services, and the clock by which it waits in the queue for a lock. */
export interface Services {
  readonly kv: KVClient;
  readonly leaseClient: LeaseClient;
  readonly clock: Clock;
}

/** Sends a request once over etcd3, and completes it with what etcd answered. */
export async function perform({ kv, leaseClient, clock }: Services, request: Request, options: Deadline): Promise<Answered> {
  switch (request.op) {
    case "put": {
      const { header } = await kv.put({ key: Buffer.from(request.key), value: Buffer.from(request.value), lease: request.lease ?? 0 }, options);
      return { ...request, revision: Number(header.revision) };
    }
    case "get": {
      const response = await kv.range(rangeOf(request), options);
      return { ...request, ...got(response), revision: Number(response.header.revision) };
    }
    case "range": {
      const response = await kv.range(rangeOf(request), options);
      return { ...request, ...ranged(response), revision: Number(response.header.revision) };
    }
    case "delete": {
      const { header, deleted } = await kv.deleteRange(deletionOf(request), options);
      return { ...request, deleted: Number(deleted), revision: Number(header.revision) };
    }
    case "txn": {
      const asked = { compare: request.compares.map(compareOf), success: request.success.map(partOf), failure: request.failure.map(partOf) };
      const { header, succeeded, responses } = await kv.txn(asked, options);
      const done = succeeded ? request.success : request.failure;
      return { ...request, succeeded, responses: done.map(({ op }, index) => partAnswer(op, responses[index])), revision: Number(header.revision) };
    }
    case "compact": {
      const { header } = await kv.compact({ revision: request.atRevision }, options);
      return { ...request, revision: Number(header.revision) };
    }
    case "lease-grant":
    case "lease-keep-alive":
    case "lease-revoke":
    case "lease-time-to-live":
      return performLease(leaseClient, request, options);
    case "lock-acquire":
      return acquireLock(kv, request, options, clock);
    case "lock-release":
      return releaseLock(kv, request, options);
    case "guarded-write":
      return writeGuarded(kv, request, options);
  }
}

function rangeOf(request: GetRequest | RangeRequest): IRangeRequest {
  const { key, serializable = false, atRevision = 0 } = request;
  const keys = request.op === "range" ? { range_end: Buffer.from(request.end), limit: request.limit ?? 0 } : {};
  return { key: Buffer.from(key), serializable, revision: atRevision, ...keys };
}

function deletionOf({ key, end }: DeleteRequest): { key: Buffer; range_end?: Buffer } {
  return { key: Buffer.from(key), ...(end === undefined ? {} : { range_end: Buffer.from(end) }) };
}

function partOf(part: TxnPart): IRequestOp {
  switch (part.op) {
    case "put":
      return { request_put: { key: Buffer.from(part.key), value: Buffer.from(part.value), lease: part.lease ?? 0 } };
    case "delete":
      return { request_delete_range: deletionOf(part) };
    default:
      return { request_range: rangeOf(part) };
  }
}

const results = { "=": "Equal", "!=": "NotEqual", "<": "Less", ">": "Greater" } as const satisfies Readonly<Record<Relation, string>>;

function compareOf({ key, is, ...compare }: Compare): ICompare {
  const what = { key: Buffer.from(key), result: results[is] } as const;
  switch (compare.target) {
    case "value":
      return { ...what, target: "Value", value: Buffer.from(compare.to) };
    case "mod":
      return { ...what, target: "Mod", mod_revision: compare.to };
    case "create":
      return { ...what, target: "Create", create_revision: compare.to };
    case "version":
      return { ...what, target: "Version", version: compare.to };
  }
}

function partAnswer(op: TxnPart["op"], response: IResponseOp | undefined): TxnPartAnswer {
  if (response === undefined) throw new Error("etcd answered fewer parts of the transaction than it did");
  switch (op) {
    case "put":
      return { op };
    case "get":
      return { op, ...got(response.response_range) };
    case "range":
      return { op, ...ranged(response.response_range) };
    case "delete":
      return { op, deleted: Number(response.response_delete_range.deleted) };
  }
}

function got({ kvs: [found] }: IRangeResponse): GetAnswer {
  if (found === undefined) return { value: null };
  const { value, modRevision, createRevision, version } = keyValue(found);
  return { value, modRevision, createRevision, version };
}

function ranged({ kvs, count }: IRangeResponse): RangeAnswer {
  return { kvs: kvs.map(keyValue), count: Number(count) };
}

function keyValue({ key, value, mod_revision, create_revision, version }: IKeyValue): KeyValue {
  return { key: key.toString(), value: value.toString(), modRevision: Number(mod_revision), createRevision: Number(create_revision), version: Number(version) };
}
