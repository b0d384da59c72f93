import type { Clock } from "../clock.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { ask, fieldsOf, integerOf } from "./gateway-request.ts";

/** The hash of a member's store, which is the same wherever the store is. */
export interface StoreHash {
  readonly hash: number;
  /** Up to which revision the member had compacted; -1: never. */
  readonly compactRevision: number;
  /** The member's present one. */
  readonly revision: number;
}

/** What a gateway says that has no such path, in plain text or as JSON. */
const noSuchPath = /^(HTTP status 404|Not Found)$/;

/**
 * Asks a member for the hash of its keys with all their revisions up to one. What was compacted does not count, whether it
 * is gone already or not, so that hashes of one revision can be compared where the compact revisions are equal (etcd:
 * server/etcdserver/corrupt.go). A learner refuses.
 *
 * Gateways of 3.3, 3.4 and the first 3.5 know `/maintenance/hash` alone, which is the hash of the whole database; these
 * members are asked over gRPC, which is loaded only then.
 * @throws HarnessError `cluster` when it does not answer in time or refuses, as for a revision that it does not have
 */
export async function hashKv(clientUrl: string, revision: number, clock: Clock, limitMs = 5_000): Promise<StoreHash> {
  const reply = await ask(clientUrl, "/maintenance/hashkv", { revision: String(revision) }, { limitMs });
  if (reply.ok) {
    const { header, hash, compact_revision: compacted } = reply.body;
    if (typeof hash !== "number") throw refusal(clientUrl, "its answer has no hash");
    return { hash, compactRevision: integerOf(compacted), revision: integerOf(fieldsOf(header)["revision"]) };
  }
  if (noSuchPath.test(reply.reason)) return overGrpc(clientUrl, revision, new Date(clock.wallMs() + limitMs));
  throw refusal(clientUrl, reply.reason);
}

async function overGrpc(clientUrl: string, revision: number, deadline: Date): Promise<StoreHash> {
  const [{ Etcd3 }, { noop }] = await Promise.all([import("etcd3"), import("cockatiel")]);
  const client = new Etcd3({ hosts: clientUrl, faultHandling: { host: () => noop, global: noop } });
  try {
    const { header, hash, compact_revision: compacted } = await client.maintenance.hashKV({ revision }, { deadline });
    return { hash: Number(hash), compactRevision: Number(compacted), revision: Number(header.revision) };
  } catch (cause) {
    throw refusal(clientUrl, messageOf(cause), cause);
  } finally {
    client.close();
  }
}

function refusal(clientUrl: string, reason: string, cause?: unknown): HarnessError {
  return new HarnessError("cluster", `${clientUrl} tells no hash of its store: ${reason}`, cause === undefined ? {} : { cause });
}
