import type { Clock } from "../clock.ts";
import type { Answered, Request } from "../recording/operation.ts";
import { etcdServices } from "./etcd/client.ts";
import type { EtcdServices } from "./etcd/services.ts";
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
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const connectAttemptMs = 1_000;
const connectEveryMs = 25;

/** An endpoint with a connection of its own. */
export function etcdEndpoint({ url, ...options }: EndpointOptions): Endpoint {
  const { hostname, port } = new URL(url);
  return endpointOf(etcdServices({ host: hostname, port: Number(port) }, options.clock), options);
}

/** An endpoint over services, however these are reached. */
export function endpointOf(services: EtcdServices, { timeoutMs, clock }: Omit<EndpointOptions, "url">): Endpoint {
  return {
    perform: (request) => perform(services, request, clock.nowMs() + timeoutMs, clock),
    async connect(limitMs) {
      const endMs = clock.nowMs() + limitMs;
      for (;;) {
        try {
          await services.range({ key: Buffer.from("connect"), serializable: true, count_only: true }, clock.nowMs() + connectAttemptMs);
          return;
        } catch (error) {
          if (clock.nowMs() >= endMs) throw error;
          await clock.sleep(connectEveryMs);
        }
      }
    },
    close: () => services.close(),
  };
}
