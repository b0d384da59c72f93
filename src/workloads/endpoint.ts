import { noop } from "cockatiel";
import { Etcd3 } from "etcd3";
import type { Clock } from "../clock.ts";
import type { Answered, Request } from "../recording/operation.ts";
import { perform } from "./perform.ts";

/** One client's own way to one member. */
export interface Endpoint {
  /**
   * Sends the request once, and resolves with it and what etcd answered. Rejects with a gRPC status as text
   * (`14 UNAVAILABLE: details`) when it was not carried out or nobody knows: `failureOf` tells which.
   */
  perform(request: Request): Promise<Answered>;
  /** Resolves once a connection is there; rejects when there is none after so many milliseconds, or a second more. */
  connect(limitMs: number): Promise<void>;
  close(): void;
}

export interface EndpointOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const connectAttemptMs = 1_000;
const connectEveryMs = 25;

/**
 * An etcd3 client with one host and nothing that repeats a request, since a repeated write is a write that
 * the history does not know of. After an error that a lost connection could explain etcd3 makes a new
 * connection for the next request, so that a client is never cut off longer than its member.
 */
export function etcdEndpoint({ url, timeoutMs, clock }: EndpointOptions): Endpoint {
  const client = new Etcd3({
    hosts: url,
    faultHandling: { host: () => noop, global: noop },
    grpcOptions: {
      "grpc.enable_retries": 0,
      // Clients that share a connection would stall together.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.initial_reconnect_backoff_ms": 50,
      "grpc.min_reconnect_backoff_ms": 50,
      "grpc.max_reconnect_backoff_ms": 500,
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
    },
  });
  const services = { kv: client.kv, leaseClient: client.leaseClient, clock };
  const deadline = (limitMs: number): { deadline: number } => ({ deadline: clock.wallMs() + limitMs });
  return {
    perform: (request) => perform(services, request, deadline(timeoutMs)),
    async connect(limitMs) {
      const endMs = clock.nowMs() + limitMs;
      for (;;) {
        try {
          await client.kv.range({ key: Buffer.from("connect"), serializable: true, count_only: true }, deadline(connectAttemptMs));
          return;
        } catch (error) {
          if (clock.nowMs() >= endMs) throw error;
          await clock.sleep(connectEveryMs);
        }
      }
    },
    close: () => client.close(),
  };
}

