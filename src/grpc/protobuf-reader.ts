const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const varintMaxBytes = 10;
/** So many bytes of seven bits fit exactly into a number. */
const exactMaxBytes = 7;

/** Reads a message of protobuf, field after field; its methods throw for what is none. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  #type = 0;
  /** The number of the field that `next` has gone on to. */
  field = 0;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  /** Goes on to the next field, which is then to be read or skipped; false at the end. */
  next(): boolean {
    if (this.#at === this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#type = tag % 8;
    if (this.field < 1) throw new Error(`a field has the number ${this.field}`);
    return true;
  }

  /** An int64 or an enum's number; rounded where it is beyond 2^53. */
  integer(): number {
    this.#expect(wireTypes.varint);
    return this.#varint();
  }

  truth(): boolean {
    return this.integer() !== 0;
  }

  text(): string {
    const end = this.#endOfBytes();
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** A message within. */
  message(): ProtobufReader {
    const end = this.#endOfBytes();
    const within = new ProtobufReader(this.#bytes, this.#at, end);
    this.#at = end;
    return within;
  }

  skip(): void {
    switch (this.#type) {
      case wireTypes.varint:
        while ((this.#bytes[this.#at] ?? 0) >= 0x80) this.#at = this.#after(1);
        this.#at = this.#after(1);
        break;
      case wireTypes.bytes:
        this.#at = this.#endOfBytes();
        break;
      case wireTypes.fixed64:
        this.#at = this.#after(8);
        break;
      case wireTypes.fixed32:
        this.#at = this.#after(4);
        break;
      default:
        throw new Error(`field ${this.field} has the wire type ${this.#type}`);
    }
  }

  #endOfBytes(): number {
    this.#expect(wireTypes.bytes);
    return this.#after(this.#varint());
  }

  #expect(type: number): void {
    if (this.#type !== type) throw new Error(`field ${this.field} has the wire type ${this.#type} instead of ${type}`);
  }

  #after(bytes: number): number {
    const at = this.#at + bytes;
    if (bytes < 0 || at > this.#end) throw new Error(`field ${this.field} ends behind its message`);
    return at;
  }

  #varint(): number {
    const from = this.#at;
    let value = 0;
    let scale = 1;
    for (let count = 1; count <= varintMaxBytes; count += 1) {
      const end = this.#after(1);
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at = end;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return count <= exactMaxBytes ? value : longOf(this.#bytes.subarray(from, end));
    }
    throw new Error(`field ${this.field} has an integer of more than ${varintMaxBytes} bytes`);
  }
}

/** Negative ones are long too: they stand as if 64 bits had no sign. */
function longOf(varint: Buffer): number {
  const value = varint.reduceRight((high, byte) => (high << 7n) + BigInt(byte & 0x7f), 0n);
  return Number(BigInt.asIntN(64, value));
}
