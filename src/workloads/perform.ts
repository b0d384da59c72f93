import type { Clock } from "../clock.ts";
import type { Answered, Request } from "../recording/operation.ts";
import type { DeleteRequest, GetAnswer, GetRequest, KeyValue, RangeAnswer, RangeRequest } from "../recording/operations/key-value.ts";
import type { Compare, Relation, TxnPart, TxnPartAnswer } from "../recording/operations/txn.ts";
import type * as etcd from "./etcd/services.ts";
import { performLease } from "./perform-lease.ts";
import { acquireLock, releaseLock, writeGuarded } from "./perform-lock.ts";

/** Sends a request once, and completes it with what etcd answered, by `endMs` on the clock at the latest. */
export async function perform(services: etcd.EtcdServices, request: Request, endMs: number, clock: Clock): Promise<Answered> {
  switch (request.op) {
    case "put": {
      const { header } = await services.put({ key: Buffer.from(request.key), value: Buffer.from(request.value), lease: request.lease ?? 0 }, endMs);
      return { ...request, revision: Number(header.revision) };
    }
    case "get": {
      const response = await services.range(rangeOf(request), endMs);
      return { ...request, ...got(response), revision: Number(response.header.revision) };
    }
    case "range": {
      const response = await services.range(rangeOf(request), endMs);
      return { ...request, ...ranged(response), revision: Number(response.header.revision) };
    }
    case "delete": {
      const { header, deleted } = await services.deleteRange(deletionOf(request), endMs);
      return { ...request, deleted: Number(deleted), revision: Number(header.revision) };
    }
    case "txn": {
      const asked = { compare: request.compares.map(compareOf), success: request.success.map(partOf), failure: request.failure.map(partOf) };
      const { header, succeeded, responses } = await services.txn(asked, endMs);
      const done = succeeded ? request.success : request.failure;
      return { ...request, succeeded, responses: done.map(({ op }, index) => partAnswer(op, responses[index])), revision: Number(header.revision) };
    }
    case "compact": {
      const { header } = await services.compact({ revision: request.atRevision }, endMs);
      return { ...request, revision: Number(header.revision) };
    }
    case "lease-grant":
    case "lease-keep-alive":
    case "lease-revoke":
    case "lease-time-to-live":
      return performLease(services, request, endMs);
    case "lock-acquire":
      return acquireLock(services, request, endMs, clock);
    case "lock-release":
      return releaseLock(services, request, endMs);
    case "guarded-write":
      return writeGuarded(services, request, endMs);
  }
}

function rangeOf(request: GetRequest | RangeRequest): etcd.RangeRequest {
  const { key, serializable = false, atRevision = 0 } = request;
  const keys = request.op === "range" ? { range_end: Buffer.from(request.end), limit: request.limit ?? 0 } : {};
  return { key: Buffer.from(key), serializable, revision: atRevision, ...keys };
}

function deletionOf({ key, end }: DeleteRequest): etcd.DeleteRangeRequest {
  return { key: Buffer.from(key), ...(end === undefined ? {} : { range_end: Buffer.from(end) }) };
}

function partOf(part: TxnPart): etcd.RequestOp {
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

function compareOf({ key, is, ...compare }: Compare): etcd.Compare {
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

function partAnswer(op: TxnPart["op"], response: etcd.ResponseOp | undefined): TxnPartAnswer {
  const { response_range: range, response_delete_range: deletion } = response ?? {};
  if (op === "put" && response !== undefined) return { op };
  if (op === "get" && range) return { op, ...got(range) };
  if (op === "range" && range) return { op, ...ranged(range) };
  if (op === "delete" && deletion) return { op, deleted: Number(deletion.deleted) };
  throw new Error(`etcd answered no ${op}, where the transaction has one`);
}

function got({ kvs: [found] }: etcd.RangeAnswer): GetAnswer {
  if (found === undefined) return { value: null };
  const { value, modRevision, createRevision, version } = keyValue(found);
  return { value, modRevision, createRevision, version };
}

function ranged({ kvs, count }: etcd.RangeAnswer): RangeAnswer {
  return { kvs: kvs.map(keyValue), count: Number(count) };
}

function keyValue({ key, value, mod_revision, create_revision, version }: etcd.KeyValue): KeyValue {
  return { key: key.toString(), value: value.toString(), modRevision: Number(mod_revision), createRevision: Number(create_revision), version: Number(version) };
}
