/** A field of a message: a number, or the bytes of a text or of a message within. */
export type Field = bigint | Buffer;

const wireTypes = { varint: 0, bytes: 2 } as const;

/** A message with one number in it, not less than 0; as protobuf has it, zero is left out. */
export function messageOf(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([...varint(BigInt((number << 3) | wireTypes.varint)), ...varint(BigInt(value))]);
}

/**
 * The fields of a message by their numbers, of those that come more than once the last.
 * @throws Error for what is no message of numbers, texts and messages
 */
export function fieldsIn(message: Buffer): ReadonlyMap<number, Field> {
  const fields = new Map<number, Field>();
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error("a message of protobuf ends within a number");
  };
  while (at < message.length) {
    const tag = Number(next());
    const value = next();
    if ((tag & 7) === wireTypes.varint) {
      fields.set(tag >>> 3, value);
      continue;
    }
    if ((tag & 7) !== wireTypes.bytes || value > message.length - at) throw new Error("a message of protobuf has what is neither a number nor a text");
    fields.set(tag >>> 3, message.subarray(at, at + Number(value)));
    at += Number(value);
  }
  return fields;
}

/** An int64 field as a number; 0 where it was left out. */
export function int64Of(field: Field | undefined): number {
  return typeof field === "bigint" ? Number(BigInt.asIntN(64, field)) : 0;
}

/** The message that a field holds; an empty one where it was left out. */
export function messageIn(field: Field | undefined): ReadonlyMap<number, Field> {
  return Buffer.isBuffer(field) ? fieldsIn(field) : new Map();
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
