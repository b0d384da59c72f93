import { MonotonicClock } from "../clock.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { Channel } from "../grpc/channel.ts";
import type { Method } from "../grpc/method.ts";
import { ProtobufReader } from "../grpc/protobuf-reader.ts";
import { ProtobufWriter } from "../grpc/protobuf-writer.ts";

/** The hash of a member's store. */
export interface StoreHash {
  readonly hash: number;
  /** Up to which revision the member had compacted; -1: never. */
  readonly compactRevision: number;
  /** The member's present one. */
  readonly revision: number;
}

/** Numbers of fields are those of etcd's `api/etcdserverpb/rpc.proto`. */
const method: Method<number, StoreHash> = {
  path: "/etcdserverpb.Maintenance/HashKV",
  encode: (revision) => new ProtobufWriter().number(1, revision).done(),
  decode: (bytes) => {
    const answer = { hash: 0, compactRevision: 0, revision: 0 };
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field === 1) answer.revision = revisionIn(reader.message());
      else if (reader.field === 2) answer.hash = reader.integer();
      else if (reader.field === 3) answer.compactRevision = reader.integer();
      else reader.skip();
    }
    return answer;
  },
};

function revisionIn(header: ProtobufReader): number {
  let revision = 0;
  while (header.next()) {
    if (header.field === 3) revision = header.integer();
    else header.skip();
  }
  return revision;
}

/**
 * Asks a member for the hash of its keys with all their revisions up to one. What was compacted does not count, whether it
 * is gone already or not, so that hashes of one revision can be compared where the compact revisions are equal, as etcd
 * itself does (server/etcdserver/corrupt.go). A learner refuses.
 *
 * Over gRPC, which all from 3.3 on have: the gateways of 3.3, 3.4 and the first 3.5 have only `/maintenance/hash`, and that
 * is the hash of the whole database, whose remains differ from member to member.
 * @throws HarnessError `cluster` when it does not answer in time, or refuses, as for a revision that it does not have
 */
export async function hashKv(clientUrl: string, revision: number, limitMs = 5_000): Promise<StoreHash> {
  const clock = new MonotonicClock();
  const { hostname, port } = new URL(clientUrl);
  const channel = new Channel({ host: hostname, port: Number(port) }, clock);
  try {
    return await channel.call(method, revision, clock.nowMs() + limitMs);
  } catch (cause) {
    throw new HarnessError("cluster", `${clientUrl} tells no hash of its store: ${messageOf(cause)}`, { cause });
  } finally {
    channel.close();
  }
}
