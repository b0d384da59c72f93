import type { RunningCluster } from "../../cluster/cluster.ts";
import { isOnThisMachine } from "../../cluster/member.ts";
import type { WatchedProcess } from "./index.ts";

/** What of a run may wait for a CPU, as far as it runs here: members, the load, the proxy and the harness itself. */
export function processesOf({ members, proxy }: Pick<RunningCluster, "members" | "proxy">, load: { readonly pid: number } | undefined): WatchedProcess[] {
  const here = members.flatMap((member) => (isOnThisMachine(member) ? [{ name: member.name, processId: () => member.processId() }] : []));
  return [
    ...here,
    ...(load === undefined ? [] : [{ name: "load", processId: () => load.pid }]),
    ...(proxy === undefined ? [] : [{ name: "proxy", processId: () => proxy.processId() }]),
    { name: "harness", alone: true, processId: () => process.pid },
  ];
}
