import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import protobuf from "protobufjs";
import { decodeDeleteRange, decodeLease, decodeRange, decodeResponse, decodeTxn } from "../../src/workloads/etcd/decode.ts";
import { encodeCompaction, encodeDeleteRange, encodeLease, encodeLeaseGrant, encodePut, encodeRange, encodeTxn } from "../../src/workloads/etcd/encode.ts";
import type { Compare, RequestOp } from "../../src/workloads/etcd/services.ts";
import { root } from "../structure/sources.ts";

/** etcd's own definitions, as etcd3 brings them. */
const proto = new protobuf.Root().loadSync(join(root, "node_modules/etcd3/proto/rpc.proto"), { keepCase: true });
const typeOf = (name: string): protobuf.Type => proto.lookupType(`etcdserverpb.${name}`);

/** A message as it can be compared: bytes as text, and whatever is not there by its default. */
const plain = (name: string, message: protobuf.Message): object => typeOf(name).toObject(message, { bytes: String, longs: Number, enums: String, defaults: true });

/** What protobufjs writes. */
const written = (name: string, message: object): Buffer => Buffer.from(typeOf(name).encode(typeOf(name).fromObject(message)).finish());

const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
const integer = fc.oneof(fc.nat(300), fc.maxSafeNat());
const put = fc.record({ key: bytes, value: bytes, lease: integer }, { requiredKeys: ["key", "value"] });
const range = fc.record(
  { key: bytes, range_end: bytes, limit: integer, revision: integer, serializable: fc.boolean(), count_only: fc.boolean(), sort_target: fc.constant("Create" as const), sort_order: fc.constant("Ascend" as const) },
  { requiredKeys: ["key"] },
);
const deletion = fc.record({ key: bytes, range_end: bytes }, { requiredKeys: ["key"] });
const op: fc.Arbitrary<RequestOp> = fc.oneof(fc.record({ request_put: put }), fc.record({ request_range: range }), fc.record({ request_delete_range: deletion }));
const compared = { key: bytes, result: fc.constantFrom("Equal" as const, "Greater" as const, "Less" as const, "NotEqual" as const) };
const compare: fc.Arbitrary<Compare> = fc.oneof(
  fc.record({ ...compared, target: fc.constant("Version" as const), version: integer }),
  fc.record({ ...compared, target: fc.constant("Create" as const), create_revision: integer }),
  fc.record({ ...compared, target: fc.constant("Mod" as const), mod_revision: integer }),
  fc.record({ ...compared, target: fc.constant("Value" as const), value: bytes }),
);
const txn = fc.record({ compare: fc.array(compare, { maxLength: 4 }), success: fc.array(op, { maxLength: 4 }), failure: fc.array(op, { maxLength: 4 }) });
const lease = fc.record({ ID: integer });

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const header = fc.record({ cluster_id: fc.constant("18446744073709551615"), member_id: integer, revision: integer, raft_term: integer });
const keyValue = fc.record({ key: text, create_revision: integer, mod_revision: integer, version: integer, value: text, lease: integer });
const rangeAnswer = fc.record({ header, kvs: fc.array(keyValue, { maxLength: 5 }), more: fc.boolean(), count: integer });
const deletionAnswer = fc.record({ header, deleted: integer, prev_kvs: fc.array(keyValue, { maxLength: 2 }) });
type RangeAnswer = typeof rangeAnswer extends fc.Arbitrary<infer Answer> ? Answer : never;
type StoredKeyValue = RangeAnswer["kvs"][number];

const stored = ({ key, value, ...rest }: StoredKeyValue): object => ({ ...rest, key: Buffer.from(key), value: Buffer.from(value) });
const sent = ({ kvs, ...rest }: RangeAnswer): object => ({ ...rest, kvs: kvs.map(stored) });

/** What we are to read of a range: all that the load asks for. */
const readOf = ({ header: { revision }, kvs, count }: RangeAnswer): object => ({ header: { revision }, kvs: kvs.map(({ lease: _, ...rest }) => rest), count });

describe("etcd's messages", () => {
  const areWritten = <Request extends object>(name: string, encode: (request: Request) => Buffer, requests: fc.Arbitrary<Request>): void => {
    it(`are written so that protobufjs reads them: ${name}`, () => {
      fc.assert(fc.property(requests, (request) => void expect(plain(name, typeOf(name).decode(encode(request)))).to.deep.equal(plain(name, typeOf(name).fromObject(request)))));
    });
  };
  areWritten("PutRequest", encodePut, put);
  areWritten("RangeRequest", encodeRange, range);
  areWritten("DeleteRangeRequest", encodeDeleteRange, deletion);
  areWritten("TxnRequest", encodeTxn, txn);
  areWritten("CompactionRequest", encodeCompaction, fc.record({ revision: integer }));
  areWritten("LeaseGrantRequest", encodeLeaseGrant, fc.record({ ID: integer, TTL: integer }));
  for (const name of ["LeaseRevokeRequest", "LeaseKeepAliveRequest", "LeaseTimeToLiveRequest"]) areWritten(name, encodeLease, lease);

  it("are read as protobufjs writes them: a header alone", () => {
    for (const name of ["PutResponse", "CompactionResponse", "LeaseRevokeResponse"]) {
      fc.assert(fc.property(header, (each) => void expect(decodeResponse(written(name, { header: each }))).to.deep.equal({ header: { revision: each.revision } })));
    }
  });

  it("are read as protobufjs writes them: a range", () => {
    fc.assert(fc.property(rangeAnswer, (answer) => void expect(decodeRange(written("RangeResponse", sent(answer)))).to.deep.equal(readOf(answer))));
  });

  it("are read as protobufjs writes them: a deletion", () => {
    fc.assert(
      fc.property(deletionAnswer, ({ prev_kvs, ...answer }) => {
        const { header: { revision }, deleted } = answer;
        expect(decodeDeleteRange(written("DeleteRangeResponse", { ...answer, prev_kvs: prev_kvs.map(stored) }))).to.deep.equal({ header: { revision }, deleted });
      }),
    );
  });

  it("are read as protobufjs writes them: a transaction", () => {
    const part = fc.oneof(
      rangeAnswer.map((answer) => ({ sent: { response_range: sent(answer) }, read: { response_range: readOf(answer) } })),
      deletionAnswer.map(({ header: { revision }, deleted }) => ({ sent: { response_delete_range: { header: { revision }, deleted } }, read: { response_delete_range: { header: { revision }, deleted } } })),
      header.map((each) => ({ sent: { response_put: { header: each } }, read: {} })),
    );
    fc.assert(
      fc.property(header, fc.boolean(), fc.array(part, { maxLength: 5 }), (each, succeeded, parts) => {
        const read = decodeTxn(written("TxnResponse", { header: each, succeeded, responses: parts.map((one) => one.sent) }));
        expect(read).to.deep.equal({ header: { revision: each.revision }, succeeded, responses: parts.map((one) => one.read) });
      }),
    );
  });

  it("are read as protobufjs writes them: a lease, whose time is -1 when it is gone", () => {
    for (const name of ["LeaseGrantResponse", "LeaseKeepAliveResponse", "LeaseTimeToLiveResponse"]) {
      fc.assert(
        fc.property(header, integer, fc.oneof(fc.constant(-1), fc.maxSafeInteger()), (each, ID, TTL) => {
          expect(decodeLease(written(name, { header: each, ID, TTL }))).to.deep.equal({ header: { revision: each.revision }, TTL });
        }),
      );
    }
  });

  it("are read from any bytes, or an error says that they are none", () => {
    const decoders = [decodeResponse, decodeRange, decodeDeleteRange, decodeTxn, decodeLease];
    const broken = fc.tuple(rangeAnswer, fc.nat(), fc.nat(255)).map(([answer, at, byte]) => {
      const whole = written("RangeResponse", sent(answer));
      if (whole.length > 0) whole[at % whole.length] = byte;
      return whole.subarray(0, at % 7 === 0 ? at % (whole.length + 1) : whole.length);
    });
    fc.assert(
      fc.property(fc.oneof(broken, bytes), (input) => {
        for (const decode of decoders) {
          try {
            decode(input);
          } catch (error) {
            expect(error).to.be.instanceOf(Error).with.property("message").that.matches(/field/);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
