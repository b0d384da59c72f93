import { HarnessError, messageOf as reasonOf } from "../errors.ts";
import { callGrpc } from "./grpc-call.ts";
import { fieldsIn, int64Of, messageIn, messageOf } from "./protobuf.ts";

/** The hash of a member's store. */
export interface StoreHash {
  readonly hash: number;
  /** Up to which revision the member had compacted; -1: never. */
  readonly compactRevision: number;
  /** The member's present one. */
  readonly revision: number;
}

/** Numbers of fields (etcd: api/etcdserverpb/rpc.proto). */
const asked = { revision: 1 } as const;
const answered = { header: 1, hash: 2, compactRevision: 3 } as const;
const header = { revision: 3 } as const;

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
  const message = await callGrpc(clientUrl, "/etcdserverpb.Maintenance/HashKV", messageOf(asked.revision, revision), limitMs).catch((cause: unknown) => {
    throw new HarnessError("cluster", `${clientUrl} tells no hash of its store: ${reasonOf(cause)}`, { cause });
  });
  const fields = fieldsIn(message);
  return {
    hash: int64Of(fields.get(answered.hash)),
    compactRevision: int64Of(fields.get(answered.compactRevision)),
    revision: int64Of(messageIn(fields.get(answered.header)).get(header.revision)),
  };
}
