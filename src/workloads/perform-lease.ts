import type { Answered } from "../recording/operation.ts";
import type { LeaseGrantRequest, LeaseKeepAliveRequest, LeaseRevokeRequest, LeaseTimeToLiveRequest } from "../recording/operations/lease.ts";
import type { EtcdServices } from "./etcd/services.ts";

/** Sends a request about a lease once, and completes it with what etcd answered. */
export async function performLease(services: EtcdServices, request: LeaseGrantRequest | LeaseKeepAliveRequest | LeaseRevokeRequest | LeaseTimeToLiveRequest, endMs: number): Promise<Answered> {
  const { lease } = request;
  switch (request.op) {
    case "lease-grant": {
      const { header, TTL } = await services.leaseGrant({ ID: lease, TTL: request.ttlS }, endMs);
      return { ...request, grantedTtlS: Number(TTL), revision: Number(header.revision) };
    }
    case "lease-keep-alive": {
      const { header, TTL } = await services.leaseKeepAlive({ ID: lease }, endMs);
      return { ...request, remainingS: Number(TTL), revision: Number(header.revision) };
    }
    case "lease-revoke": {
      const { header } = await services.leaseRevoke({ ID: lease }, endMs);
      return { ...request, revision: Number(header.revision) };
    }
    case "lease-time-to-live": {
      const { header, TTL } = await services.leaseTimeToLive({ ID: lease }, endMs);
      return { ...request, remainingS: Number(TTL), revision: Number(header.revision) };
    }
  }
}
