import { append } from "./append.ts";
import type { AssertionKind } from "./assertion.ts";
import { convergence } from "./convergence.ts";
import { counter } from "./counter.ts";
import { fsync } from "./fsync.ts";
import { hashKv } from "./hash-kv.ts";
import { health } from "./health.ts";
import { leaderChanges } from "./leader-changes.ts";
import { lease } from "./lease.ts";
import { lock } from "./lock.ts";
import { log } from "./log.ts";
import { metric } from "./metric.ts";
import { monotonicRevision } from "./monotonic-revision.ts";
import { noLostWrites } from "./no-lost-writes.ts";
import { otelLogs } from "./otel-logs.ts";
import { promql } from "./promql.ts";
import { queue } from "./queue.ts";
import { serializable } from "./serializable.ts";
import { slo } from "./slo.ts";
import { spans } from "./spans.ts";
import { strictSerializable } from "./strict-serializable.ts";
import { watch } from "./watch.ts";

/** Every assertion there is. Adding one is adding a file and a line here. */
export const assertionKinds: readonly AssertionKind[] = [leaderChanges, metric, fsync, log, health, slo, strictSerializable, serializable, noLostWrites, watch, lease, lock, append, queue, counter, monotonicRevision, hashKv, convergence, spans, otelLogs, promql];
