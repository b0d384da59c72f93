import { append } from "./append.ts";
import { compaction } from "./compaction.ts";
import { counter } from "./counter.ts";
import { kubernetes } from "./kubernetes.ts";
import { kv } from "./kv.ts";
import { lease } from "./lease.ts";
import { lock } from "./lock.ts";
import { queue } from "./queue.ts";
import { txn } from "./txn.ts";
import type { WorkloadKind } from "./workload.ts";

/** Every workload there is. Adding one is adding a file and a line here. */
export const workloadKinds: readonly WorkloadKind[] = [kv, lease, lock, txn, append, kubernetes, compaction, queue, counter];
