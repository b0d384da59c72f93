import { ProtobufWriter } from "../../grpc/protobuf-writer.ts";
import type { CompactionRequest, Compare, DeleteRangeRequest, LeaseGrantRequest, LeaseRequest, PutRequest, RangeRequest, RequestOp, TxnRequest } from "./services.ts";

/*
 * Requests as bytes. Numbers of fields and of enums' values are those of `rpc.proto`.
 */

type Encoder<Request> = (request: Request) => Buffer;
type Writer<Request> = (writer: ProtobufWriter, request: Request) => ProtobufWriter;

const whole = <Request>(write: Writer<Request>): Encoder<Request> => (request) => write(new ProtobufWriter(), request).done();

const writePut: Writer<PutRequest> = (writer, { key, value, lease = 0 }) => writer.bytes(1, key).bytes(2, value).number(3, lease);

const sortOrders = { Ascend: 1 } as const;
const sortTargets = { Create: 2 } as const;

const writeRange: Writer<RangeRequest> = (writer, request) => {
  const { key, range_end, limit = 0, revision = 0, serializable = false, count_only = false, sort_order, sort_target } = request;
  writer.bytes(1, key).bytes(2, range_end).number(3, limit).number(4, revision);
  writer.number(5, sort_order === undefined ? 0 : sortOrders[sort_order]).number(6, sort_target === undefined ? 0 : sortTargets[sort_target]);
  return writer.number(7, serializable).number(9, count_only);
};

const writeDeleteRange: Writer<DeleteRangeRequest> = (writer, { key, range_end }) => writer.bytes(1, key).bytes(2, range_end);

const results = { Equal: 0, Greater: 1, Less: 2, NotEqual: 3 } as const;
const targets = { Version: 0, Create: 1, Mod: 2, Value: 3 } as const;

function writeCompare(writer: ProtobufWriter, compare: Compare): ProtobufWriter {
  writer.number(1, results[compare.result]).number(2, targets[compare.target]).bytes(3, compare.key);
  switch (compare.target) {
    case "Version":
      return writer.always(4, compare.version);
    case "Create":
      return writer.always(5, compare.create_revision);
    case "Mod":
      return writer.always(6, compare.mod_revision);
    case "Value":
      return writer.alwaysBytes(7, compare.value);
  }
}

function writeOp(writer: ProtobufWriter, op: RequestOp): ProtobufWriter {
  if ("request_range" in op) return writer.message(1, (within) => writeRange(within, op.request_range));
  if ("request_put" in op) return writer.message(2, (within) => writePut(within, op.request_put));
  return writer.message(3, (within) => writeDeleteRange(within, op.request_delete_range));
}

function writeTxn(writer: ProtobufWriter, { compare, success, failure }: TxnRequest): ProtobufWriter {
  for (const each of compare) writer.message(1, (within) => writeCompare(within, each));
  for (const each of success) writer.message(2, (within) => writeOp(within, each));
  for (const each of failure) writer.message(3, (within) => writeOp(within, each));
  return writer;
}

export const encodePut = whole(writePut);
export const encodeRange = whole(writeRange);
export const encodeDeleteRange = whole(writeDeleteRange);
export const encodeTxn = whole(writeTxn);
export const encodeCompaction = whole<CompactionRequest>((writer, { revision }) => writer.number(1, revision));
export const encodeLeaseGrant = whole<LeaseGrantRequest>((writer, { TTL, ID }) => writer.number(1, TTL).number(2, ID));
/** Of a revocation, a keep-alive or a question for the time to live. */
export const encodeLease = whole<LeaseRequest>((writer, { ID }) => writer.number(1, ID));
