import type { FaultKind } from "./fault.ts";
import { bandwidth } from "./bandwidth.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { reset } from "./reset.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";

/** Every fault there is. Adding one is adding a file and a line here. */
export const faultKinds: readonly FaultKind[] = [partition, latency, pause, kill, bandwidth, reset, slicer, limitData, slowClose];
