import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import { ConnectionError, frameFlags, frameOf, frameTypes } from "../../src/grpc/frame.ts";
import { FrameReader } from "../../src/grpc/frame-reader.ts";
import { HeaderDecoder, literals, type Field } from "../../src/grpc/hpack.ts";
import { serveHttp2, type Listening } from "./servers.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const pairs = (fields: readonly Field[]): string[] => fields.map(({ name, value }) => `${name}: ${value}`);

const name = fc.stringMatching(/^x-[a-z0-9_.~!#$&'*+^|-]{0,20}$/);
/** All bytes that Node lets a header have. It codes only what becomes shorter: those above ASCII, whose codes are long, need others of short ones beside them. */
const coded = fc.stringMatching(/^[!-~\x80-\xff]{1,20}$/).map((text) => text + "e".repeat(8 * text.length));
const value = fc.oneof(fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/), coded, fc.constantFrom("", "application/grpc", "0"));
const headers = fc.dictionary(name, value, { maxKeys: 8 });

const onlyThese = { endStream: true, sendDate: false };

/** Asks for a few answers on one connection, and returns the blocks that came. `tableBytes` is what the server's encoder may remember. */
async function blocksFrom(port: number, count: number, tableBytes: number): Promise<Buffer[]> {
  const socket = connect(port, "127.0.0.1");
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(1);
  setting.writeUInt32BE(tableBytes, 2);
  socket.write(frameOf(frameTypes.settings, 0, 0, setting));
  const asked = literals([{ name: ":method", value: "GET" }, { name: ":scheme", value: "http" }, { name: ":path", value: "/" }, { name: ":authority", value: "here" }]);
  const reader = new FrameReader();
  const blocks: Buffer[] = [];
  const ask = (): boolean => socket.write(frameOf(frameTypes.headers, frameFlags.endHeaders | frameFlags.endStream, blocks.length * 2 + 1, asked));
  // One after the other: the server's encoder then goes through them in their order.
  ask();
  const done = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      reader.push(chunk, ({ type, payload }) => {
        if (type !== frameTypes.headers) return;
        blocks.push(Buffer.from(payload));
        if (blocks.length === count) resolve();
        else ask();
      });
    });
  });
  await done;
  socket.destroy();
  await once(socket, "close");
  return blocks;
}

describe("the decoder of header blocks", () => {
  let server: Listening;
  let answers: readonly Readonly<Record<string, string>>[] = [];
  before(async () => {
    server = await serveHttp2((stream) => {
      const fields = answers[((stream.id ?? 1) - 1) / 2] ?? {};
      stream.respond({ ":status": 200, ...fields }, onlyThese);
    });
  });
  after(() => server[Symbol.asyncDispose]());

  it("reads what Node's encoder writes, answer after answer on one connection, whatever it may remember", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 12 }), fc.constantFrom(0, 100, 300, 4_096), async (wanted, tableBytes) => {
        answers = wanted;
        const decoder = new HeaderDecoder();
        const blocks = await blocksFrom(server.port, wanted.length, tableBytes);
        const found = blocks.map((block) => pairs(decoder.decode(block)));
        expect(found).to.deep.equal(wanted.map((fields) => [":status: 200", ...Object.entries(fields).map((pair) => pair.join(": "))]));
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);

  it("reads the examples of RFC 7541", () => {
    const plain = new HeaderDecoder();
    expect(pairs(plain.decode(hex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")))).to.deep.equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"]);
    expect(pairs(plain.decode(hex("8286 84be 5808 6e6f 2d63 6163 6865")))).to.deep.equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"]);
    const coded = new HeaderDecoder();
    expect(pairs(coded.decode(hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")))).to.deep.equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"]);
  });

  it("reads back what we write ourselves", () => {
    const text = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 400 });
    fc.assert(fc.property(fc.array(fc.record({ name: text, value: text }), { maxLength: 5 }), (fields) => void expect(new HeaderDecoder().decode(literals(fields))).to.deep.equal(fields)));
  });

  const wrong = [
    { title: "a field that is not there", block: "be" },
    { title: "the field 0", block: "80" },
    { title: "a text that is longer than the block", block: "40 05 61" },
    { title: "an integer without an end", block: "ff ff ff ff ff ff ff ff 01" },
    { title: "an integer that ends with the block", block: "ff 80" },
    { title: "a table larger than we allow", block: "3f e2 1f" },
    { title: "a table that changes its size behind a field", block: "82 20" },
    { title: "a code that is padded with zeros", block: "00 81 00 00" },
    { title: "a code that is padded with more than seven bits", block: "00 82 07 ff 00" },
    { title: "a code with the end of text within", block: "00 84 ff ff ff ff 00" },
  ];
  for (const { title, block } of wrong) {
    it(`does not read ${title}`, () => {
      expect(() => new HeaderDecoder().decode(hex(block))).to.throw(ConnectionError, "header block").with.property("code", "compression");
    });
  }

  it("does not let a few bytes become many fields", () => {
    const large = literals([{ name: "a", value: "x".repeat(3_000) }]);
    large[0] = 0x40;
    expect(() => new HeaderDecoder().decode(Buffer.concat([large, Buffer.alloc(100, 0xbe)]))).to.throw(ConnectionError, "65536").with.property("code", "enhanceYourCalm");
  });

  it("reads any bytes or says that it cannot", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (blocks) => {
        const decoder = new HeaderDecoder();
        try {
          for (const block of blocks) decoder.decode(Buffer.from(block));
        } catch (error) {
          expect(error).to.be.instanceOf(ConnectionError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
