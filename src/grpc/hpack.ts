import { ConnectionError } from "./frame.ts";
import { huffmanDecoded } from "./huffman.ts";
import { staticFields } from "./static-fields.ts";

/** A header field; one character a byte. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** What the other side's encoder may remember, since we do not tell it otherwise (RFC 9113, 6.5.2). */
const tableMaxBytes = 4_096;
/** A field counts for so much beside its name and value (RFC 7541, 4.1). */
const fieldOverheadBytes = 32;
/** The most that the fields of one block may count for together; a few bytes can stand for many. */
export const fieldsMaxBytes = 65_536;

/** Reads header blocks of one connection, one after the other (RFC 7541). */
export class HeaderDecoder {
  /** The newest first. */
  readonly #table: Field[] = [];
  #tableBytes = 0;
  #limitBytes = tableMaxBytes;

  /** @throws ConnectionError for what is no header block, after which no other can be read */
  decode(block: Buffer): Field[] {
    const reader = new BlockReader(block);
    const fields: Field[] = [];
    let bytes = 0;
    while (!reader.done) {
      if (reader.startsWith(0x20, 0xe0)) {
        if (fields.length > 0) throw wrong("the table's size changes behind a field");
        this.#resize(reader.integer(5));
        continue;
      }
      const field = this.#field(reader);
      fields.push(field);
      bytes += sizeOf(field);
      if (bytes > fieldsMaxBytes) throw new ConnectionError("enhanceYourCalm", `header fields of more than ${fieldsMaxBytes} bytes`);
    }
    return fields;
  }

  #field(reader: BlockReader): Field {
    if (reader.startsWith(0x80, 0x80)) return this.#at(reader.integer(7));
    const kept = reader.startsWith(0x40, 0xc0);
    const nameAt = reader.integer(kept ? 6 : 4);
    const name = nameAt === 0 ? reader.text() : this.#at(nameAt).name;
    const field = { name, value: reader.text() };
    if (kept) this.#keep(field);
    return field;
  }

  #at(index: number): Field {
    const field = index <= staticFields.length ? staticFields[index - 1] : this.#table[index - staticFields.length - 1];
    if (field === undefined) throw wrong(`there is no field ${index}`);
    return field;
  }

  #keep(field: Field): void {
    this.#table.unshift(field);
    this.#tableBytes += sizeOf(field);
    this.#evict();
  }

  #resize(limitBytes: number): void {
    if (limitBytes > tableMaxBytes) throw wrong(`a table of ${limitBytes} bytes, and ${tableMaxBytes} are allowed`);
    this.#limitBytes = limitBytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#limitBytes) {
      const oldest = this.#table.pop();
      if (oldest === undefined) return;
      this.#tableBytes -= sizeOf(oldest);
    }
  }
}

function sizeOf({ name, value }: Field): number {
  return name.length + value.length + fieldOverheadBytes;
}

function wrong(what: string): ConnectionError {
  return new ConnectionError("compression", `a header block cannot be read: ${what}`);
}

/** Far above all that a block of allowed size can mean. */
const integerMaxBits = 28;

/** The primitives of a header block (RFC 7541, 5). */
class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get done(): boolean {
    return this.#at >= this.#block.length;
  }

  startsWith(bits: number, mask: number): boolean {
    return ((this.#block[this.#at] ?? 0) & mask) === bits;
  }

  /** An integer that begins in the last so many bits of the next byte. */
  integer(prefixBits: number): number {
    const prefix = 2 ** prefixBits - 1;
    let value = this.#byte() & prefix;
    if (value < prefix) return value;
    for (let shift = 0; shift < integerMaxBits; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw wrong("an integer is too large");
  }

  text(): string {
    const coded = this.startsWith(0x80, 0x80);
    const length = this.integer(7);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw wrong("it ends within a text");
    this.#at += length;
    const text = coded ? huffmanDecoded(bytes) : bytes.toString("latin1");
    if (text === undefined) throw wrong("a text is coded wrongly");
    return text;
  }

  #byte(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw wrong("it ends within a field");
    this.#at += 1;
    return byte;
  }
}

/** Fields as they can be sent on any connection: neither coded nor remembered, so that blocks can be prepared. */
export function literals(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(({ name, value }) => [Buffer.of(0), literalText(name), literalText(value)]));
}

function literalText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([literalLength(bytes.length), bytes]);
}

const prefixMax = 127;

function literalLength(length: number): Buffer {
  if (length < prefixMax) return Buffer.of(length);
  const bytes = [prefixMax];
  let rest = length - prefixMax;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
