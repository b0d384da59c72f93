import type { PacketCounts, PacketDrop, Passage } from "../cluster/packets.ts";

/** How much of the packets in one direction should be dropped. */
function shareIn(direction: "in" | "out", drop: PacketDrop): number {
  return drop.direction === "both" || drop.direction === direction ? drop.share : 0;
}

/** Fewer packets dropped are too few to tell a share by. */
const packetsMin = 40;
const droppedMin = 3;
/** So many standard deviations from what was asked for; less than one run in ten thousand is further off by chance. */
const deviationsMax = 4;

/**
 * Whether the counters show that packets are dropped as asked: where all are, every one; where
 * a share is, that share, as far as chance allows; none the other way, where some must have passed.
 */
export function showsDrop(counts: PacketCounts, drop: PacketDrop): boolean {
  return showsShare(counts.in, shareIn("in", drop)) && showsShare(counts.out, shareIn("out", drop));
}

function showsShare({ seen, dropped }: Passage, share: number): boolean {
  if (seen === 0) return false;
  if (share === 0) return dropped === 0;
  if (share === 1) return dropped === seen;
  const expected = share * seen;
  const deviation = Math.sqrt(expected * (1 - share));
  // One packet more or less is a matter of rounding.
  return seen >= packetsMin && dropped >= droppedMin && dropped < seen && Math.abs(dropped - expected) <= deviationsMax * deviation + 1;
}
