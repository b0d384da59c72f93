import type { KVClient } from "etcd3";
import type { Clock } from "../clock.ts";
import type { Answered } from "../recording/operation.ts";
import { guardedKey, lockKey, type GuardedWriteRequest, type LockAcquireRequest, type LockReleaseRequest } from "../recording/operations/lock.ts";
import type { Deadline } from "./perform-lease.ts";

/** How often one who waits looks whether its turn has come. */
const lookEveryMs = 50;

/**
 * etcd's own recipe (`client/v3/concurrency/mutex.go`): a key for whoever wants the lock, and the oldest key holds it.
 * Looks now and then where the recipe watches.
 */
export async function acquireLock(kv: KVClient, request: LockAcquireRequest, options: Deadline, clock: Clock): Promise<Answered> {
  const { lock, lease, waitMs } = request;
  const key = Buffer.from(lockKey(lock, lease));
  const endMs = clock.nowMs() + waitMs;
  await kv.txn(
    { compare: [{ key, result: "Equal", target: "Create", create_revision: 0 }], success: [{ request_put: { key, value: Buffer.alloc(0), lease } }], failure: [] },
    options,
  );
  for (;;) {
    const { header, kvs } = await kv.range({ ...queueOf(lock), limit: 1, sort_target: "Create", sort_order: "Ascend" }, options);
    const [first] = kvs;
    if (first?.key.equals(key) === true) return { ...request, token: Number(first.create_revision), revision: Number(header.revision) };
    // Where its lease has ended meanwhile, its key is gone and its turn never comes.
    if (clock.nowMs() >= endMs) break;
    await clock.sleep(lookEveryMs);
  }
  const { header } = await kv.deleteRange({ key }, options);
  return { ...request, token: null, revision: Number(header.revision) };
}

/** Deletes the holder's key. */
export async function releaseLock(kv: KVClient, request: LockReleaseRequest, options: Deadline): Promise<Answered> {
  const { header, deleted } = await kv.deleteRange({ key: Buffer.from(lockKey(request.lock, request.lease)) }, options);
  return { ...request, released: Number(deleted) > 0, revision: Number(header.revision) };
}

/** Writes what the lock guards; with a fence only while the holder's key of that token is there. */
export async function writeGuarded(kv: KVClient, request: GuardedWriteRequest, options: Deadline): Promise<Answered> {
  const { lock, lease, token, value, fenced } = request;
  const put = { key: Buffer.from(guardedKey(lock)), value: Buffer.from(value) };
  if (!fenced) {
    const { header } = await kv.put(put, options);
    return { ...request, written: true, revision: Number(header.revision) };
  }
  const fence = { key: Buffer.from(lockKey(lock, lease)), result: "Equal", target: "Create", create_revision: token } as const;
  const { header, succeeded } = await kv.txn({ compare: [fence], success: [{ request_put: put }], failure: [] }, options);
  return { ...request, written: succeeded, revision: Number(header.revision) };
}

/** All keys of a lock: those from `lock/NAME/` on, below what follows the slash. */
function queueOf(lock: string): { readonly key: Buffer; readonly range_end: Buffer } {
  return { key: Buffer.from(`lock/${lock}/`), range_end: Buffer.from(`lock/${lock}0`) };
}
