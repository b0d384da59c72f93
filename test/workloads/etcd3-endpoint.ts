import type { ILeaseKeepAliveResponse } from "etcd3";
import { endpointOf, type Endpoint, type EndpointOptions } from "../../src/workloads/endpoint.ts";
import { etcdClient } from "../../src/workloads/etcd-client.ts";

/** An endpoint over etcd3 and grpc-js: what our own client is measured by. */
export function etcd3Endpoint({ url, timeoutMs, clock }: EndpointOptions): Endpoint {
  const client = etcdClient(url);
  const { kv, leaseClient } = client;
  const until = (endMs: number): { deadline: number } => ({ deadline: clock.wallMs() + endMs - clock.nowMs() });
  return endpointOf(
    {
      put: (request, endMs) => kv.put(request, until(endMs)),
      range: (request, endMs) => kv.range(request, until(endMs)),
      deleteRange: (request, endMs) => kv.deleteRange(request, until(endMs)),
      txn: ({ compare, success, failure }, endMs) => kv.txn({ compare: [...compare], success: [...success], failure: [...failure] }, until(endMs)),
      compact: (request, endMs) => kv.compact(request, until(endMs)),
      leaseGrant: (request, endMs) => leaseClient.leaseGrant(request, until(endMs)),
      leaseRevoke: (request, endMs) => leaseClient.leaseRevoke(request, until(endMs)),
      leaseTimeToLive: (request, endMs) => leaseClient.leaseTimeToLive(request, until(endMs)),
      async leaseKeepAlive(request, endMs) {
        const stream = await leaseClient.leaseKeepAlive(until(endMs));
        return new Promise<ILeaseKeepAliveResponse>((resolve, reject) => {
          stream.on("data", resolve);
          stream.on("error", reject);
          stream.on("end", () => reject(new Error("14 UNAVAILABLE: the stream ended without an answer")));
          stream.write(request);
          stream.end();
        });
      },
      close: () => client.close(),
    },
    { timeoutMs, clock },
  );
}
