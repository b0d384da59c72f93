import type { FaultKind } from "./fault.ts";
import { addMember } from "./add-member.ts";
import { bandwidth } from "./bandwidth.ts";
import { clockJump } from "./clock-jump.ts";
import { clockRate } from "./clock-rate.ts";
import { compact } from "./compact.ts";
import { corrupt } from "./corrupt.ts";
import { cpuStarvation } from "./cpu-starvation.ts";
import { crashLoop } from "./crash-loop.ts";
import { defrag } from "./defrag.ts";
import { diskFull } from "./disk-full.ts";
import { diskStall } from "./disk-stall.ts";
import { failpoint } from "./failpoint.ts";
import { fsyncError } from "./fsync-error.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { lyingFsync } from "./lying-fsync.ts";
import { memoryPressure } from "./memory-pressure.ts";
import { moveLeader } from "./move-leader.ts";
import { noSpace } from "./no-space.ts";
import { packetDrop } from "./packet-drop.ts";
import { packetLoss } from "./packet-loss.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { powerLoss } from "./power-loss.ts";
import { removeMember } from "./remove-member.ts";
import { reset } from "./reset.ts";
import { restart } from "./restart.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { slowFsync } from "./slow-fsync.ts";
import { stop } from "./stop.ts";
import { upgrade } from "./upgrade.ts";
import { wipe } from "./wipe.ts";
import { writeError } from "./write-error.ts";

/** Every fault there is, by family: links, packets, processes, clocks, disks, etcd's own operations, its versions and failpoints. Adding one is adding a file and a line here. */
export const faultKinds: readonly FaultKind[] = [
  ...[partition, latency, bandwidth, reset, slicer, limitData, slowClose],
  ...[packetDrop, packetLoss],
  ...[pause, kill, stop, restart, rollingRestart, crashLoop, cpuStarvation, memoryPressure],
  ...[clockJump, clockRate],
  ...[slowFsync, fsyncError, writeError, lyingFsync, powerLoss, diskFull, diskStall],
  ...[compact, defrag, moveLeader, noSpace, addMember, removeMember, wipe, corrupt, restoreSnapshot],
  ...[upgrade, failpoint],
];
