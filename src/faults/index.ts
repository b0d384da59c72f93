import type { FaultKind } from "./fault.ts";
import { compact } from "./compact.ts";
import { corrupt } from "./corrupt.ts";
import { defrag } from "./defrag.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { moveLeader } from "./move-leader.ts";
import { noSpace } from "./no-space.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { removeMember } from "./remove-member.ts";

/** Every fault there is. Adding one is adding a file and a line here. */
export const faultKinds: readonly FaultKind[] = [partition, latency, pause, kill, compact, defrag, moveLeader, noSpace, removeMember, corrupt];
