import { isInteger, isOptional, isString, type Loose } from "../loose.ts";

/**
 * Joins the queue for a lock with a key attached to the lease, and waits until it is the first: of a lock's keys the
 * one with the lowest create revision holds it. Who has waited for `waitMs` leaves the queue.
 */
export interface LockAcquireRequest {
  readonly op: "lock-acquire";
  readonly lock: string;
  readonly lease: number;
  readonly waitMs: number;
}

export interface LockAcquireAnswer {
  /** The fencing token, which is the create revision of its key; null: others held the lock until the wait was over. */
  readonly token: number | null;
}

/** Deletes the key, so that the next in the queue holds the lock. */
export interface LockReleaseRequest {
  readonly op: "lock-release";
  readonly lock: string;
  readonly lease: number;
}

export interface LockReleaseAnswer {
  /** false: the key was gone, as the lease had ended. */
  readonly released: boolean;
}

/** Writes the key that a lock guards. */
export interface GuardedWriteRequest {
  readonly op: "guarded-write";
  readonly lock: string;
  readonly lease: number;
  readonly token: number;
  readonly value: string;
  /** Only if the lock's key is there with the token as its create revision; otherwise it is a put like any other. */
  readonly fenced: boolean;
}

export interface GuardedWriteAnswer {
  /** false: the fence held it off, and nothing changed. */
  readonly written: boolean;
}

/** The key of a lock's holder, or of one in its queue. */
export function lockKey(lock: string, lease: number): string {
  return `lock/${lock}/${lease}`;
}

/** The key that a lock guards. */
export function guardedKey(lock: string): string {
  return `guarded/${lock}`;
}

/** Whether a parsed line has what an acquisition's line has to have. */
export function isLockAcquire({ lock, lease, waitMs, token }: Loose<LockAcquireRequest & LockAcquireAnswer>): boolean {
  return isString(lock) && isInteger(lease) && isInteger(waitMs) && (token === null || isOptional(isInteger, token));
}

/** Whether a parsed line has what a release's line has to have. */
export function isLockRelease({ lock, lease, released }: Loose<LockReleaseRequest & LockReleaseAnswer>): boolean {
  return isString(lock) && isInteger(lease) && isOptional(isBoolean, released);
}

/** Whether a parsed line has what a guarded write's line has to have. */
export function isGuardedWrite({ lock, lease, token, value, fenced, written }: Loose<GuardedWriteRequest & GuardedWriteAnswer>): boolean {
  return isString(lock) && isInteger(lease) && isInteger(token) && isString(value) && isBoolean(fenced) && isOptional(isBoolean, written);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}
