import type { Clock } from "../../clock.ts";
import { Channel } from "../../grpc/channel.ts";
import type { Method } from "../../grpc/method.ts";
import type { Address } from "../../grpc/wire.ts";
import { decodeDeleteRange, decodeLease, decodeRange, decodeResponse, decodeTxn } from "./decode.ts";
import { encodeCompaction, encodeDeleteRange, encodeLease, encodeLeaseGrant, encodePut, encodeRange, encodeTxn } from "./encode.ts";
import type { EtcdServices } from "./services.ts";

const methods = {
  put: { path: "/etcdserverpb.KV/Put", encode: encodePut, decode: decodeResponse },
  range: { path: "/etcdserverpb.KV/Range", encode: encodeRange, decode: decodeRange },
  deleteRange: { path: "/etcdserverpb.KV/DeleteRange", encode: encodeDeleteRange, decode: decodeDeleteRange },
  txn: { path: "/etcdserverpb.KV/Txn", encode: encodeTxn, decode: decodeTxn },
  compact: { path: "/etcdserverpb.KV/Compact", encode: encodeCompaction, decode: decodeResponse },
  leaseGrant: { path: "/etcdserverpb.Lease/LeaseGrant", encode: encodeLeaseGrant, decode: decodeLease },
  leaseRevoke: { path: "/etcdserverpb.Lease/LeaseRevoke", encode: encodeLease, decode: decodeResponse },
  leaseTimeToLive: { path: "/etcdserverpb.Lease/LeaseTimeToLive", encode: encodeLease, decode: decodeLease },
  leaseKeepAlive: { path: "/etcdserverpb.Lease/LeaseKeepAlive", streams: true, encode: encodeLease, decode: decodeLease },
} as const;

/**
 * etcd's services through one member, each client with a connection of its own. Our own client, since the load is to
 * find out what etcd can do: etcd3 needs 400 µs of CPU for an operation, which is more than etcd itself does.
 */
export function etcdServices(address: Address, clock: Clock): EtcdServices {
  const channel = new Channel(address, clock);
  const calling = <Request, Response>(method: Method<Request, Response>) => (request: Request, endMs: number): Promise<Response> => channel.call(method, request, endMs);
  return {
    put: calling(methods.put),
    range: calling(methods.range),
    deleteRange: calling(methods.deleteRange),
    txn: calling(methods.txn),
    compact: calling(methods.compact),
    leaseGrant: calling(methods.leaseGrant),
    leaseRevoke: calling(methods.leaseRevoke),
    leaseTimeToLive: calling(methods.leaseTimeToLive),
    leaseKeepAlive: calling(methods.leaseKeepAlive),
    close: () => channel.close(),
  };
}
