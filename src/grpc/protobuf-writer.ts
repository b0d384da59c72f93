const varintMaxBytes = 10;

/**
 * Writes a message of protobuf (https://protobuf.dev/programming-guides/encoding/). What has its default value is left
 * out, as proto3 has it, but for what `always` writes.
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(256);
  #end = 0;

  /** An integer from 0 to 2^53 - 1, an enum's number, or a truth. */
  number(field: number, value: number | boolean): this {
    return Number(value) === 0 ? this : this.always(field, Number(value));
  }

  /** The same for a field of a `oneof`, which says by being there which it is. */
  always(field: number, value: number): this {
    this.#varint(field * 8);
    return this.#varint(value);
  }

  bytes(field: number, value: Buffer | undefined): this {
    return value === undefined || value.length === 0 ? this : this.alwaysBytes(field, value);
  }

  alwaysBytes(field: number, value: Buffer): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#end += value.copy(this.#bytes, this.#end);
    return this;
  }

  /** A message within; it is there even if it is empty. */
  message(field: number, write: (writer: ProtobufWriter) => void): this {
    const within = new ProtobufWriter();
    write(within);
    return this.alwaysBytes(field, within.done());
  }

  /** The whole message; the writer is of no further use. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  #varint(value: number): this {
    this.#reserve(varintMaxBytes);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#end++] = (rest % 0x80) + 0x80;
    this.#bytes[this.#end++] = rest;
    return this;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#end + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
