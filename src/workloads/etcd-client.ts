import { noop } from "cockatiel";
import { Etcd3 } from "etcd3";

/** An answer can be large: a watch that catches up is told a thousand revisions at once. */
const answerMaxBytes = -1;

/**
 * An etcd3 client with one host and nothing that repeats a request. After an error that a lost connection could
 * explain etcd3 makes a new connection for the next request, so that a client is never cut off longer than its member.
 * Watchers use it; the load itself has a client that is leaner (`etcd/client.ts`).
 */
export function etcdClient(url: string): Etcd3 {
  return new Etcd3({
    hosts: url,
    faultHandling: { host: () => noop, global: noop },
    grpcOptions: {
      "grpc.enable_retries": 0,
      // Clients that share a connection would stall together.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.initial_reconnect_backoff_ms": 50,
      "grpc.min_reconnect_backoff_ms": 50,
      "grpc.max_reconnect_backoff_ms": 500,
      "grpc.max_receive_message_length": answerMaxBytes,
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
    },
  });
}
