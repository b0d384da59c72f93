import type { AssertionKind } from "./assertion.ts";
import { fsync } from "./fsync.ts";
import { health } from "./health.ts";
import { leaderChanges } from "./leader-changes.ts";
import { log } from "./log.ts";
import { metric } from "./metric.ts";
import { slo } from "./slo.ts";

/** Every assertion there is. Adding one is adding a file and a line here. */
export const assertionKinds: readonly AssertionKind[] = [leaderChanges, metric, fsync, log, health, slo];
