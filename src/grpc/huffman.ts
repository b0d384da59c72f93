/**
 * How many bits each byte's code has, and last the end of text (RFC 7541, appendix B). The code is canonical: codes are
 * counted up in order of their length, and among equal lengths in order of the bytes, so that the lengths say it all.
 */
const codeBits = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
] as const;

const endOfText = 256;
const paddingMaxBits = 7;
const bitsMax = Math.max(...codeBits);

/** The codes of one length: they count up from the first, and so do the bytes that they stand for. */
interface Level {
  readonly first: number;
  readonly bytes: readonly number[];
}

const levels = levelsOf(codeBits);

function levelsOf(bitsOfByte: readonly number[]): readonly Level[] {
  const found: Level[] = [];
  let first = 0;
  for (let bits = 0; bits <= bitsMax; bits += 1) {
    const bytes = [...bitsOfByte.keys()].filter((byte) => bitsOfByte[byte] === bits);
    found.push({ first, bytes });
    first = (first + bytes.length) * 2;
  }
  return found;
}

/** The bytes, one a character; undefined where it is no Huffman code, or not padded as it must be. */
export function huffmanDecoded(coded: Buffer): string | undefined {
  const bytes: number[] = [];
  let code = 0;
  let bits = 0;
  for (const eight of coded) {
    for (let shift = 7; shift >= 0; shift -= 1) {
      code = code * 2 + ((eight >> shift) & 1);
      bits += 1;
      const level = levels[bits];
      if (level === undefined) return undefined;
      const byte = level.bytes[code - level.first];
      if (byte === endOfText) return undefined;
      if (byte === undefined) continue;
      bytes.push(byte);
      code = 0;
      bits = 0;
    }
  }
  // Padding is the beginning of the end of text, which is ones alone.
  return bits <= paddingMaxBits && code === 2 ** bits - 1 ? Buffer.from(bytes).toString("latin1") : undefined;
}
