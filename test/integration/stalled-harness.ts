import { startTestCluster } from "../support/cluster.ts";
import { inject } from "./live-faults.ts";

// A harness in small: one member whose disk is stalled, with a write that waits for it. It waits to be killed.
const [runId = ""] = process.argv.slice(2);
const cluster = await startTestCluster("local", { runId, ownVolumes: true, memberCount: 1 });
const stall = await inject(cluster, "disk-stall", cluster.members);
await stall.effect();
process.stdout.write("frozen\n");
setInterval(() => undefined, 60_000);
