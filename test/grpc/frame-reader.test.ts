import { expect } from "chai";
import fc from "fast-check";
import { ConnectionError, frameMaxBytes, frameOf, type Frame } from "../../src/grpc/frame.ts";
import { FrameReader } from "../../src/grpc/frame-reader.ts";

const payload = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 300, maxLength: 600 })).map((bytes) => Buffer.from(bytes));
const frame = fc.record({ type: fc.nat(255), flags: fc.nat(255), stream: fc.nat(2 ** 31 - 1), payload });

/** The bytes cut at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

/** What is read of the pieces; payloads are kept as copies, since their memory is used again. */
function read(chunks: readonly Buffer[]): Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    // What a chunk held is gone when the next one is there.
    const reused = Buffer.from(chunk);
    reader.push(reused, (each) => frames.push({ ...each, payload: Buffer.from(each.payload) }));
    reused.fill(0xff);
  }
  return frames;
}

const bytesOf = (frames: readonly Frame[]): Buffer => Buffer.concat(frames.map((each) => frameOf(each.type, each.flags, each.stream, each.payload)));

describe("the reader of frames", () => {
  it("finds the same frames whatever pieces they come in", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(10_000), { maxLength: 30 }), (frames, cuts) => {
        expect(read(pieces(bytesOf(frames), cuts))).to.deep.equal(frames);
      }),
    );
  });

  it("finds them byte by byte", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 3 }), (frames) => {
        expect(read([...bytesOf(frames)].map((byte) => Buffer.of(byte)))).to.deep.equal(frames);
      }),
      { numRuns: 30 },
    );
  });

  it("takes a frame of the largest size, and says that a larger one is too large before it is there", () => {
    const largest = { type: 0, flags: 0, stream: 1, payload: Buffer.alloc(frameMaxBytes, "x") };
    expect(read(pieces(bytesOf([largest, largest]), [5, 20_000]))).to.deep.equal([largest, largest]);
    const header = Buffer.alloc(9);
    header.writeUIntBE(frameMaxBytes + 1, 0, 3);
    for (const cuts of [[], [1], [3, 8]]) expect(() => read(pieces(header, cuts)), `cut at ${cuts}`).to.throw(ConnectionError, "16385").with.property("code", "frameSize");
  });

  it("does not take the bit before a stream's number for a part of it", () => {
    const bytes = frameOf(6, 0, 5);
    bytes[5] = 0x80;
    expect(read([bytes])[0]?.stream).to.equal(5);
  });

  it("has nothing to say of a frame that is not whole", () => {
    const bytes = frameOf(0, 0, 1, Buffer.from("abc"));
    expect(read([bytes.subarray(0, -1)])).to.deep.equal([]);
  });
});
