import { ProtobufReader } from "../../grpc/protobuf-reader.ts";
import type { DeleteRangeAnswer, KeyValue, LeaseAnswer, RangeAnswer, Response, ResponseHeader, ResponseOp, TxnAnswer } from "./services.ts";

/*
 * Answers from bytes. Numbers of fields are those of `rpc.proto` and `kv.proto`; fields that nobody asks for are skipped.
 */

/** Any answer of which only the header counts. */
export function decodeResponse(bytes: Buffer): Response {
  const reader = new ProtobufReader(bytes);
  let header = noHeader;
  while (reader.next()) {
    if (reader.field === 1) header = readHeader(reader.message());
    else reader.skip();
  }
  return { header };
}

export function decodeRange(bytes: Buffer): Response & RangeAnswer {
  return readRange(new ProtobufReader(bytes));
}

export function decodeDeleteRange(bytes: Buffer): Response & DeleteRangeAnswer {
  return readDeleteRange(new ProtobufReader(bytes));
}

export function decodeTxn(bytes: Buffer): Response & TxnAnswer {
  const reader = new ProtobufReader(bytes);
  const responses: ResponseOp[] = [];
  let header = noHeader;
  let succeeded = false;
  while (reader.next()) {
    if (reader.field === 1) header = readHeader(reader.message());
    else if (reader.field === 2) succeeded = reader.truth();
    else if (reader.field === 3) responses.push(readOp(reader.message()));
    else reader.skip();
  }
  return { header, succeeded, responses };
}

/** A lease's time to live: the answer to a grant, a keep-alive or the question for it. */
export function decodeLease(bytes: Buffer): Response & LeaseAnswer {
  const reader = new ProtobufReader(bytes);
  let header = noHeader;
  let TTL = 0;
  while (reader.next()) {
    if (reader.field === 1) header = readHeader(reader.message());
    else if (reader.field === 3) TTL = reader.integer();
    else reader.skip();
  }
  return { header, TTL };
}

const noHeader: ResponseHeader = { revision: 0 };

function readHeader(reader: ProtobufReader): ResponseHeader {
  let revision = 0;
  while (reader.next()) {
    if (reader.field === 3) revision = reader.integer();
    else reader.skip();
  }
  return { revision };
}

function readRange(reader: ProtobufReader): Response & RangeAnswer {
  const kvs: KeyValue[] = [];
  let header = noHeader;
  let count = 0;
  while (reader.next()) {
    if (reader.field === 1) header = readHeader(reader.message());
    else if (reader.field === 2) kvs.push(readKeyValue(reader.message()));
    else if (reader.field === 4) count = reader.integer();
    else reader.skip();
  }
  return { header, kvs, count };
}

function readDeleteRange(reader: ProtobufReader): Response & DeleteRangeAnswer {
  let header = noHeader;
  let deleted = 0;
  while (reader.next()) {
    if (reader.field === 1) header = readHeader(reader.message());
    else if (reader.field === 2) deleted = reader.integer();
    else reader.skip();
  }
  return { header, deleted };
}

function readOp(reader: ProtobufReader): ResponseOp {
  let op: ResponseOp = {};
  while (reader.next()) {
    if (reader.field === 1) op = { response_range: readRange(reader.message()) };
    else if (reader.field === 3) op = { response_delete_range: readDeleteRange(reader.message()) };
    else reader.skip();
  }
  return op;
}

function readKeyValue(reader: ProtobufReader): KeyValue {
  const found = { key: "", value: "", create_revision: 0, mod_revision: 0, version: 0 };
  while (reader.next()) {
    if (reader.field === 1) found.key = reader.text();
    else if (reader.field === 2) found.create_revision = reader.integer();
    else if (reader.field === 3) found.mod_revision = reader.integer();
    else if (reader.field === 4) found.version = reader.integer();
    else if (reader.field === 5) found.value = reader.text();
    else reader.skip();
  }
  return found;
}
