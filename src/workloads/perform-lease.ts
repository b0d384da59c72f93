import type { ILeaseKeepAliveResponse, LeaseClient } from "etcd3";
import type { Answered } from "../recording/operation.ts";
import type { LeaseGrantRequest, LeaseKeepAliveRequest, LeaseRevokeRequest, LeaseTimeToLiveRequest } from "../recording/operations/lease.ts";

/** When a call is over, in milliseconds since 1970. */
export interface Deadline {
  readonly deadline: number;
}

/** Sends a request about a lease once, and completes it with what etcd answered. */
export async function performLease(leases: LeaseClient, request: LeaseGrantRequest | LeaseKeepAliveRequest | LeaseRevokeRequest | LeaseTimeToLiveRequest, options: Deadline): Promise<Answered> {
  const { lease } = request;
  switch (request.op) {
    case "lease-grant": {
      const { header, TTL } = await leases.leaseGrant({ ID: lease, TTL: request.ttlS }, options);
      return { ...request, grantedTtlS: Number(TTL), revision: Number(header.revision) };
    }
    case "lease-keep-alive": {
      const { header, TTL } = await keptAlive(leases, lease, options);
      return { ...request, remainingS: Number(TTL), revision: Number(header.revision) };
    }
    case "lease-revoke": {
      const { header } = await leases.leaseRevoke({ ID: lease }, options);
      return { ...request, revision: Number(header.revision) };
    }
    case "lease-time-to-live": {
      const { header, TTL } = await leases.leaseTimeToLive({ ID: lease }, options);
      return { ...request, remainingS: Number(TTL), revision: Number(header.revision) };
    }
  }
}

/** A stream for one keep-alive, so that each has its own beginning and end. */
async function keptAlive(leases: LeaseClient, lease: number, options: Deadline): Promise<ILeaseKeepAliveResponse> {
  const stream = await leases.leaseKeepAlive(options);
  return new Promise((resolve, reject) => {
    stream.on("data", resolve);
    stream.on("error", reject);
    stream.on("end", () => reject(new Error("14 UNAVAILABLE: the stream ended without an answer")));
    stream.write({ ID: lease });
    stream.end();
  });
}
