import type { FaultKind } from "./fault.ts";
import { fsyncError } from "./fsync-error.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { lyingFsync } from "./lying-fsync.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { powerLoss } from "./power-loss.ts";
import { slowFsync } from "./slow-fsync.ts";

/** Every fault there is. Adding one is adding a file and a line here. */
export const faultKinds: readonly FaultKind[] = [partition, latency, pause, kill, slowFsync, fsyncError, lyingFsync, powerLoss];
