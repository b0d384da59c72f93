import { bandwidth } from "./bandwidth.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { noop } from "./noop.ts";
import { resetPeer } from "./reset-peer.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { timeout } from "./timeout.ts";
import type { ToxicType } from "./toxic.ts";

/** Every toxic there is. */
export const toxicTypes: readonly ToxicType[] = [
  bandwidth,
  latency,
  limitData,
  noop,
  resetPeer,
  slicer,
  slowClose,
  timeout,
];
