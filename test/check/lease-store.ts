import type { Answered, Request } from "../../src/recording/operation.ts";
import type { GetAnswer, KeyValue } from "../../src/recording/operations/key-value.ts";
import { guardedKey, lockKey } from "../../src/recording/operations/lock.ts";

/** What a store does wrong. */
export interface StoreFault {
  /** Leases end so long before their time. */
  readonly earlyMs?: number;
  /** Of so many leases one never ends. */
  readonly immortal?: number;
  readonly revokesNothing?: boolean;
  /** The lock is given to the second in the queue as well, so many times in ten. */
  readonly jumpsQueue?: boolean;
  /** A fence holds nobody off. */
  readonly openFence?: boolean;
}

interface Lease {
  readonly ttlS: number;
  readonly immortal: boolean;
  endNs: number;
}

const notFound = "5 NOT_FOUND: etcdserver: requested lease not found";

/** Keys and leases as etcd has them, as simple as can be. Times are nanoseconds. It does not look into the code that is tested. */
export class LeaseStore {
  #revision = 1;
  readonly #keys = new Map<string, KeyValue & { readonly lease: number }>();
  readonly #leases = new Map<number, Lease>();
  readonly #fault: StoreFault;

  constructor(fault: StoreFault = {}) {
    this.#fault = fault;
  }

  /** Does what is asked at once; a string is the error that etcd answers. A lock is not waited for: undefined while others hold it. */
  perform(request: Request, nowNs: number): Answered | string | undefined {
    this.#expire(nowNs);
    const lease = "lease" in request && request.lease !== undefined ? this.#leases.get(request.lease) : undefined;
    switch (request.op) {
      case "lease-grant":
        this.#leases.set(request.lease, { ttlS: request.ttlS, immortal: request.lease % (this.#fault.immortal ?? Infinity) === 0, endNs: nowNs + request.ttlS * 1e9 });
        return { ...request, grantedTtlS: request.ttlS, revision: this.#revision };
      case "lease-keep-alive":
        if (lease !== undefined) lease.endNs = nowNs + lease.ttlS * 1e9;
        return { ...request, remainingS: lease?.ttlS ?? 0, revision: this.#revision };
      case "lease-revoke":
        if (lease === undefined) return notFound;
        this.#end(request.lease, this.#fault.revokesNothing === true);
        return { ...request, revision: this.#revision };
      case "lease-time-to-live":
        return { ...request, remainingS: lease === undefined ? -1 : Math.floor((lease.endNs - nowNs) / 1e9), revision: this.#revision };
      case "put":
        if (request.lease !== undefined && lease === undefined) return notFound;
        return { ...request, revision: this.#put(request.key, request.value, request.lease ?? 0) };
      case "get":
        return { ...request, ...this.#get(request.key), revision: this.#revision };
      case "lock-acquire":
        return lease === undefined ? notFound : this.#acquire(request, nowNs);
      case "lock-release":
        return { ...request, released: this.#delete([lockKey(request.lock, request.lease)]), revision: this.#revision };
      case "guarded-write": {
        const holds = this.#keys.get(lockKey(request.lock, request.lease))?.createRevision === request.token;
        if (request.fenced && !holds && this.#fault.openFence !== true) return { ...request, written: false, revision: this.#revision };
        return { ...request, written: true, revision: this.#put(guardedKey(request.lock), request.value, 0) };
      }
      default:
        throw new Error(`this store has no ${request.op}`);
    }
  }

  /** Leaves the queue for a lock. */
  leave({ lock, lease }: { readonly lock: string; readonly lease: number }): number {
    this.#delete([lockKey(lock, lease)]);
    return this.#revision;
  }

  #acquire(request: Extract<Request, { readonly op: "lock-acquire" }>, nowNs: number): Answered | undefined {
    const key = lockKey(request.lock, request.lease);
    if (!this.#keys.has(key)) this.#put(key, "", request.lease);
    const queue = [...this.#keys.values()].filter((each) => each.key.startsWith(`lock/${request.lock}/`)).sort((a, b) => a.createRevision - b.createRevision);
    const place = queue.findIndex((each) => each.key === key);
    const jumps = this.#fault.jumpsQueue === true && place === 1 && Math.floor(nowNs / 1e6) % 10 < 5;
    return place === 0 || jumps ? { ...request, token: queue[place]?.createRevision ?? 0, revision: this.#revision } : undefined;
  }

  #expire(nowNs: number): void {
    const earlyNs = (this.#fault.earlyMs ?? 0) * 1e6;
    for (const [lease, { endNs, immortal }] of this.#leases) if (!immortal && endNs - earlyNs <= nowNs) this.#end(lease, false);
  }

  #end(lease: number, keepsKeys: boolean): void {
    this.#leases.delete(lease);
    if (!keepsKeys) this.#delete([...this.#keys.values()].filter((each) => each.lease === lease).map(({ key }) => key));
  }

  #put(key: string, value: string, lease: number): number {
    const before = this.#keys.get(key);
    this.#revision += 1;
    this.#keys.set(key, { key, value, lease, modRevision: this.#revision, createRevision: before?.createRevision ?? this.#revision, version: (before?.version ?? 0) + 1 });
    return this.#revision;
  }

  #delete(keys: readonly string[]): boolean {
    const there = keys.filter((key) => this.#keys.delete(key));
    if (there.length > 0) this.#revision += 1;
    return there.length > 0;
  }

  #get(key: string): GetAnswer {
    const found = this.#keys.get(key);
    if (found === undefined) return { value: null };
    const { value, modRevision, createRevision, version } = found;
    return { value, modRevision, createRevision, version };
  }
}
