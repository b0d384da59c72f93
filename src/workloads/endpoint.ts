import type { Clock } from "../clock.ts";
import type { Answered, Request } from "../recording/operation.ts";
import { etcdClient } from "./etcd-client.ts";
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

/** An endpoint of an etcd3 client of its own. */
export function etcdEndpoint({ url, timeoutMs, clock }: EndpointOptions): Endpoint {
  const client = etcdClient(url);
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
