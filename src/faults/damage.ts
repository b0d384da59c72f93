import { createHash } from "node:crypto";

export type Damage = "flip" | "truncate";

/** What was done to a file's bytes, and what they are now. */
export interface Damaged {
  readonly content: Buffer;
  /** `one bit of byte 4096 of 64000000 flipped` */
  readonly text: string;
}

/**
 * Damages the middle of what is used of a file: etcd reserves space in advance, and what lies
 * there is nothing but zeros. `flip` inverts one bit, `truncate` cuts everything off from there.
 */
export function damage(content: Buffer, how: Damage, kind: "wal" | "db" = "db"): Damaged {
  const used = usedBytes(content);
  const middle = kind === "wal" ? middleRecordEnd(content, used) : Math.floor(used / 2);
  const where = `byte ${middle} of ${used} in use`;
  if (how === "truncate") return { content: content.subarray(0, middle), text: `cut off at ${where}` };
  const flipped = Buffer.from(content);
  flipped[middle] = (flipped[middle] ?? 0) ^ 1;
  return { content: flipped, text: `one bit flipped in ${where}` };
}

const lengthBytes = 8;
const paddingFlag = 0x80;

/**
 * The last byte of the log's middle record, which its checksum covers: what lies between records,
 * their lengths and what fills them up, may be damaged without anybody noticing.
 */
function middleRecordEnd(content: Buffer, used: number): number {
  const half = Math.floor(used / 2);
  for (let at = 0; at + lengthBytes < used; ) {
    // 56 bits of length; the eighth byte tells how many bytes of padding follow.
    const bytes = content.readUIntLE(at, 6);
    const top = content[at + 7] ?? 0;
    const end = at + lengthBytes + bytes;
    if (bytes === 0 || end > content.length) return half;
    if (end > half) return end - 1;
    at = end + ((top & paddingFlag) === 0 ? 0 : top & 7);
  }
  return half;
}

function usedBytes(content: Buffer): number {
  let end = content.length;
  // By blocks first: what is reserved is much.
  const blank = Buffer.alloc(4_096);
  while (end >= blank.length && content.compare(blank, 0, blank.length, end - blank.length, end) === 0) end -= blank.length;
  while (end > 0 && content[end - 1] === 0) end--;
  return end;
}

/** The beginning of a hash, enough to tell two contents apart. */
export function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}
