import { bisector } from "d3-array";
import type { Operation } from "../../recording/operation.ts";

/** An answer from which it is certain that a lease was alive, and for how long. */
export interface Renewal {
  readonly operation: Operation;
  /** The lease cannot end before: it was renewed at or after the invocation, for so long. Nanoseconds on the run's clock. */
  readonly untilNs: number;
}

/** A grant or keep-alive that was done or may have been done. */
export interface Possible {
  readonly operation: Operation;
  readonly ttlNs: number;
  /** When the lease ends at the latest, if nothing else renews it. */
  readonly endNs: number;
}

const invocation = bisector(({ operation }: Possible) => operation.invokeNs);

/** What a history, in order of invocation, tells of one lease. However often it is renewed, each question takes little time. */
export class LeaseLife {
  readonly lease: number;
  /** The renewal that proves the longest life; a lease does not come back, so that it is alive all the time until then. */
  lastRenewal: Renewal | undefined;
  /** Whoever begins later knows that there was such a lease. */
  knownFromNs = Infinity;
  /** The revocation that began first, of those that were done or may have been done. */
  firstRevocation: Operation | undefined;
  /** The first to be acknowledged. */
  revoked: Operation | undefined;
  /** Each lets it live longer than those before it; others would never be the last. */
  readonly #possible: Possible[] = [];
  #longestNs = 0;

  constructor(lease: number) {
    this.lease = lease;
  }

  /** The one that lets it live the longest, of all that had begun by a moment. */
  lastBegunBy(atNs: number): Possible | undefined {
    return this.#possible[invocation.right(this.#possible, atNs) - 1];
  }

  /** An operation on it that has not failed. */
  add(operation: Operation): void {
    switch (operation.op) {
      case "lease-grant":
        return this.#renew(operation, operation.grantedTtlS, operation.ttlS);
      case "lease-keep-alive":
        return this.#renew(operation, operation.remainingS, this.#longestNs / 1e9);
      case "lease-revoke":
        this.firstRevocation ??= operation;
        if (operation.outcome === "ok" && operation.returnNs < (this.revoked?.returnNs ?? Infinity)) this.revoked = operation;
        return;
      default:
    }
  }

  #renew(operation: Operation, answeredS: number | undefined, otherwiseS: number): void {
    const { outcome, invokeNs, returnNs } = operation;
    const seconds = outcome === "ok" ? (answeredS ?? 0) : otherwiseS;
    if (seconds <= 0) return;
    const ttlNs = seconds * 1e9;
    const endNs = returnNs + ttlNs;
    if (endNs > (this.#possible.at(-1)?.endNs ?? -Infinity)) this.#possible.push({ operation, ttlNs, endNs });
    this.#longestNs = Math.max(this.#longestNs, ttlNs);
    if (outcome !== "ok") return;
    this.knownFromNs = Math.min(this.knownFromNs, returnNs);
    const untilNs = invokeNs + ttlNs;
    if (untilNs > (this.lastRenewal?.untilNs ?? -Infinity)) this.lastRenewal = { operation, untilNs };
  }
}

/** The lives of all leases that are granted in a history, which is in order of invocation. */
export function leaseLives(history: readonly Operation[]): ReadonlyMap<number, LeaseLife> {
  const lives = new Map<number, LeaseLife>();
  for (const operation of history) {
    if (operation.op === "lease-grant" && !lives.has(operation.lease)) lives.set(operation.lease, new LeaseLife(operation.lease));
  }
  for (const operation of history) {
    if ((operation.op === "lease-grant" || operation.op === "lease-keep-alive" || operation.op === "lease-revoke") && operation.outcome !== "fail") lives.get(operation.lease)?.add(operation);
  }
  return lives;
}
