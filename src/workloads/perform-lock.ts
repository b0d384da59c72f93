import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { GrpcError } from "../grpc/status.ts";
import type { Answered } from "../recording/operation.ts";
import { guardedKey, lockKey, type GuardedWriteRequest, type LockAcquireRequest, type LockReleaseRequest } from "../recording/operations/lock.ts";
import type { EtcdServices } from "./etcd/services.ts";
import { failureOf } from "./outcome.ts";

/** How often one who waits looks whether its turn has come. */
const lookEveryMs = 50;

/**
 * etcd's own recipe (`client/v3/concurrency/mutex.go`): a key for whoever wants the lock, and the oldest key holds it.
 * Looks now and then where the recipe watches.
 */
export async function acquireLock(services: EtcdServices, request: LockAcquireRequest, endMs: number, clock: Clock): Promise<Answered> {
  const { lock, lease, waitMs } = request;
  const key = Buffer.from(lockKey(lock, lease));
  const waitEndMs = clock.nowMs() + waitMs;
  await services.txn(
    { compare: [{ key, result: "Equal", target: "Create", create_revision: 0 }], success: [{ request_put: { key, value: Buffer.alloc(0), lease } }], failure: [] },
    endMs,
  );
  try {
    return await awaitTurn(services, request, { endMs, waitEndMs }, clock);
  } catch (thrown) {
    // Its key is in the queue by now: that the rest certainly did not happen does not undo that.
    if (failureOf(thrown).outcome === "fail") throw new GrpcError("UNKNOWN", `its key is in the queue, and then: (${messageOf(thrown)})`);
    throw thrown;
  }
}

async function awaitTurn(services: EtcdServices, request: LockAcquireRequest, { endMs, waitEndMs }: { readonly endMs: number; readonly waitEndMs: number }, clock: Clock): Promise<Answered> {
  const { lock, lease } = request;
  const key = Buffer.from(lockKey(lock, lease));
  for (;;) {
    const { header, kvs } = await services.range({ ...queueOf(lock), limit: 1, sort_target: "Create", sort_order: "Ascend" }, endMs);
    const [first] = kvs;
    if (first?.key.toString() === key.toString()) return { ...request, token: Number(first.create_revision), revision: Number(header.revision) };
    // Where its lease has ended meanwhile, its key is gone and its turn never comes.
    if (clock.nowMs() >= waitEndMs) break;
    await clock.sleep(lookEveryMs);
  }
  const { header } = await services.deleteRange({ key }, endMs);
  return { ...request, token: null, revision: Number(header.revision) };
}

/** Deletes the holder's key. */
export async function releaseLock(services: EtcdServices, request: LockReleaseRequest, endMs: number): Promise<Answered> {
  const { header, deleted } = await services.deleteRange({ key: Buffer.from(lockKey(request.lock, request.lease)) }, endMs);
  return { ...request, released: Number(deleted) > 0, revision: Number(header.revision) };
}

/** Writes what the lock guards; with a fence only while the holder's key of that token is there. */
export async function writeGuarded(services: EtcdServices, request: GuardedWriteRequest, endMs: number): Promise<Answered> {
  const { lock, lease, token, value, fenced } = request;
  const put = { key: Buffer.from(guardedKey(lock)), value: Buffer.from(value) };
  if (!fenced) {
    const { header } = await services.put(put, endMs);
    return { ...request, written: true, revision: Number(header.revision) };
  }
  const fence = { key: Buffer.from(lockKey(lock, lease)), result: "Equal", target: "Create", create_revision: token } as const;
  const { header, succeeded } = await services.txn({ compare: [fence], success: [{ request_put: put }], failure: [] }, endMs);
  return { ...request, written: succeeded, revision: Number(header.revision) };
}

/** All keys of a lock: those from `lock/NAME/` on, below what follows the slash. */
function queueOf(lock: string): { readonly key: Buffer; readonly range_end: Buffer } {
  return { key: Buffer.from(`lock/${lock}/`), range_end: Buffer.from(`lock/${lock}0`) };
}
