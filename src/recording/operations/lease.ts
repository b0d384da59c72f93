import { isInteger, isOptional, type Loose } from "../loose.ts";

/** Grants a lease whose number the client chooses, so that it is known also where no answer came. */
export interface LeaseGrantRequest {
  readonly op: "lease-grant";
  readonly lease: number;
  readonly ttlS: number;
}

export interface LeaseGrantAnswer {
  /** What etcd granted: not less than about one and a half election timeouts. */
  readonly grantedTtlS: number;
}

/** Lets the lease begin anew. */
export interface LeaseKeepAliveRequest {
  readonly op: "lease-keep-alive";
  readonly lease: number;
}

export interface LeaseKeepAliveAnswer {
  /** What it lives from now on, its granted time; 0: there is no such lease any more. */
  readonly remainingS: number;
}

/** Ends a lease; the keys attached to it are deleted at one revision. */
export interface LeaseRevokeRequest {
  readonly op: "lease-revoke";
  readonly lease: number;
}

/** A revocation is answered by the revision alone. */
export type LeaseRevokeAnswer = object;

/** Asks how long a lease has still to live. */
export interface LeaseTimeToLiveRequest {
  readonly op: "lease-time-to-live";
  readonly lease: number;
}

export interface LeaseTimeToLiveAnswer {
  /** Whole seconds, rounded down; -1: there is no such lease. */
  readonly remainingS: number;
}

/** Whether a parsed line has what a grant's line has to have. */
export function isLeaseGrant({ lease, ttlS, grantedTtlS }: Loose<LeaseGrantRequest & LeaseGrantAnswer>): boolean {
  return isInteger(lease) && isInteger(ttlS) && isOptional(isInteger, grantedTtlS);
}

/** Whether a parsed line has what lines about a lease's remaining time have to have. */
export function isLeaseRemaining({ lease, remainingS }: Loose<Omit<LeaseKeepAliveRequest & LeaseKeepAliveAnswer, "op">>): boolean {
  return isInteger(lease) && isOptional(isInteger, remainingS);
}

/** Whether a parsed line has what a revocation's line has to have. */
export function isLeaseRevoke({ lease }: Loose<LeaseRevokeRequest>): boolean {
  return isInteger(lease);
}
