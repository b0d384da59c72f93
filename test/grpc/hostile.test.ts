import { expect } from "chai";
import fc from "fast-check";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { Channel } from "../../src/grpc/channel.ts";
import { errorCodes, frameFlags, frameOf, frameTypes, uint32, type ErrorCode } from "../../src/grpc/frame.ts";
import { literals } from "../../src/grpc/hpack.ts";
import type { Method } from "../../src/grpc/method.ts";
import { framed, serveFrames } from "./servers.ts";

const clock = new MonotonicClock();
const echo: Method<Buffer, Buffer> = { path: "/test.Echo/Echo", encode: (request) => request, decode: (bytes) => Buffer.from(bytes) };
const { data, headers, priority, rstStream, settings, pushPromise, ping, goaway, windowUpdate, continuation } = frameTypes;
const { endHeaders, endStream, padded } = frameFlags;
const callLimitMs = 10_000;

/** What a client has said, and how its call ended. */
interface Ended {
  readonly error: string;
  /** The code of the GOAWAY with which it hung up, where it did. */
  readonly goaway: number | undefined;
}

/** Makes one call to a server that begins with some bytes, says others when it has the request, and then hangs up, if it is to. */
async function callTo({ first = frameOf(settings, 0, 0), then, hangsUp = false }: { first?: Buffer; then: Buffer; hangsUp?: boolean }): Promise<Ended> {
  let code: number | undefined;
  await using server = await serveFrames(first, ({ type, payload }, socket) => {
    if (type === goaway) code = payload.readUInt32BE(4);
    if (type !== data) return;
    socket.write(then);
    if (hangsUp) socket.end();
  });
  const channel = new Channel({ host: "127.0.0.1", port: server.port }, clock);
  const error = await channel.call(echo, Buffer.from("asked"), clock.nowMs() + callLimitMs).then(() => "", (reason: Error) => reason.message);
  channel.close();
  await waitFor(clock, () => server.sockets.every(({ closed }) => closed) || undefined, { limitMs: callLimitMs, everyMs: 1 });
  return { error, goaway: code };
}

const setting = (id: number, value: number): Buffer => Buffer.concat([Buffer.of(0, id), uint32(value)]);
const answered = literals([{ name: ":status", value: "200" }]);
const begun = frameOf(headers, endHeaders, 1, answered);
const oversized = Buffer.from("004001" + "00" + "00" + "00000001", "hex");
/** A name that is not remembered would fit a thousand times; this one is, and is then named again and again. */
const bomb = Buffer.concat([Buffer.of(0x40), literals([{ name: "a", value: "x".repeat(3_000) }]).subarray(1), Buffer.alloc(500, 0xbe)]);

const wrongs: readonly { readonly title: string; readonly then: readonly Buffer[]; readonly code: ErrorCode }[] = [
  { title: "a frame larger than we allow", then: [oversized], code: "frameSize" },
  { title: "a header block with a field that is not there", then: [frameOf(headers, endHeaders, 1, Buffer.of(0xff, 0x00))], code: "compression" },
  { title: "a wrong header block of a stream that has ended", then: [frameOf(rstStream, 0, 1, uint32(8)), frameOf(headers, endHeaders, 1, Buffer.of(0xff, 0x00))], code: "compression" },
  { title: "a header block that becomes too many fields", then: [frameOf(headers, endHeaders, 1, bomb)], code: "enhanceYourCalm" },
  { title: "a header block that never ends", then: [frameOf(headers, 0, 1, answered), ...Array.from({ length: 10_000 }, () => frameOf(continuation, 0, 1))], code: "enhanceYourCalm" },
  { title: "another frame within a header block", then: [frameOf(headers, 0, 1, answered), frameOf(ping, 0, 0, Buffer.alloc(8))], code: "protocol" },
  { title: "a header block that goes on for another stream", then: [frameOf(headers, 0, 1, answered), frameOf(continuation, endHeaders, 3)], code: "protocol" },
  { title: "a header block that goes on and never began", then: [frameOf(continuation, endHeaders, 1)], code: "protocol" },
  { title: "headers too short for their priority", then: [frameOf(headers, endHeaders | frameFlags.priority, 1, Buffer.alloc(4))], code: "frameSize" },
  { title: "more padding than payload", then: [begun, frameOf(data, padded, 1, Buffer.of(9, 1))], code: "protocol" },
  { title: "padding without a length", then: [begun, frameOf(data, padded, 1)], code: "protocol" },
  { title: "data of the connection", then: [frameOf(data, 0, 0, Buffer.of(1))], code: "protocol" },
  { title: "data of a stream that nobody opened", then: [frameOf(data, 0, 7, Buffer.of(1))], code: "protocol" },
  { title: "headers of a stream of the server", then: [frameOf(headers, endHeaders, 2, answered)], code: "protocol" },
  { title: "a push", then: [frameOf(pushPromise, endHeaders, 1, uint32(2), answered)], code: "protocol" },
  { title: "a window that grows by nothing", then: [frameOf(windowUpdate, 0, 0, uint32(0))], code: "protocol" },
  { title: "a window that grows beyond its largest size", then: [frameOf(windowUpdate, 0, 0, uint32(2 ** 31 - 1))], code: "flowControl" },
  { title: "a stream's window that grows beyond its largest size", then: [frameOf(windowUpdate, 0, 1, uint32(2 ** 31 - 1))], code: "flowControl" },
  { title: "a window's growth of three bytes", then: [frameOf(windowUpdate, 0, 0, Buffer.alloc(3))], code: "frameSize" },
  { title: "a reset of three bytes", then: [frameOf(rstStream, 0, 1, Buffer.alloc(3))], code: "frameSize" },
  { title: "a reset of the connection", then: [frameOf(rstStream, 0, 0, uint32(8))], code: "protocol" },
  { title: "a ping of seven bytes", then: [frameOf(ping, 0, 0, Buffer.alloc(7))], code: "frameSize" },
  { title: "a ping of a stream", then: [frameOf(ping, 0, 1, Buffer.alloc(8))], code: "protocol" },
  { title: "settings of five bytes", then: [frameOf(settings, 0, 0, Buffer.alloc(5))], code: "frameSize" },
  { title: "settings of a stream", then: [frameOf(settings, 0, 1)], code: "protocol" },
  { title: "an acknowledgement with settings", then: [frameOf(settings, frameFlags.ack, 0, setting(4, 1))], code: "frameSize" },
  { title: "a window set beyond its largest size", then: [frameOf(settings, 0, 0, setting(4, 2 ** 31))], code: "flowControl" },
  { title: "frames set too small", then: [frameOf(settings, 0, 0, setting(5, 16_383))], code: "protocol" },
  { title: "a server that wants to be pushed to", then: [frameOf(settings, 0, 0, setting(2, 1))], code: "protocol" },
  { title: "a GOAWAY of seven bytes", then: [frameOf(goaway, 0, 0, Buffer.alloc(7))], code: "frameSize" },
  { title: "a stream that goes away", then: [frameOf(goaway, 0, 1, Buffer.alloc(8))], code: "protocol" },
];

describe("a server that breaks the rules of HTTP/2", function () {
  this.timeout(120_000);

  for (const { title, then, code } of wrongs) {
    it(`is left for ${title}`, async () => {
      const ended = await callTo({ then: Buffer.concat(then) });
      // A stream that was reset has its own end.
      expect(ended.error).to.match(title.includes("has ended") ? /^1 CANCELLED/ : /^13 INTERNAL: the server broke the rules of HTTP\/2: /);
      expect(ended.goaway).to.equal(errorCodes[code]);
    });
  }

  it("is left when it does not begin with settings, before it is asked anything", async () => {
    for (const first of ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n", frameOf(ping, 0, 0, Buffer.alloc(8))]) {
      expect((await callTo({ first: Buffer.from(first), then: Buffer.alloc(0) })).error).to.match(/^14 UNAVAILABLE: No connection established\. Last error: ConnectionError: /);
    }
  });

  it("is left when it hangs up within a frame", async () => {
    expect((await callTo({ then: begun.subarray(0, -1), hangsUp: true })).error).to.equal("14 UNAVAILABLE: Connection dropped");
  });

  it("may send what nobody knows, reprioritise, and acknowledge", async () => {
    const message = framed(Buffer.from("answer"));
    const harmless = [frameOf(priority, 0, 1, Buffer.alloc(5)), frameOf(200, 0xff, 9, Buffer.from("new")), frameOf(settings, frameFlags.ack, 0), frameOf(settings, 0, 0, setting(99, 1)), frameOf(ping, frameFlags.ack, 0, Buffer.alloc(8))];
    const trailers = frameOf(headers, endHeaders | endStream, 1, literals([{ name: "grpc-status", value: "0" }]));
    const ended = await callTo({ then: Buffer.concat([...harmless, begun, ...harmless, frameOf(data, 0, 1, message), ...harmless, trailers]) });
    expect(ended).to.deep.equal({ error: "", goaway: errorCodes.none });
  });

  it("never leaves a call without an end, nor does it bring down the process, whatever it sends", async () => {
    const frame = fc.record({ type: fc.nat(10), flags: fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 13), fc.nat(255)), stream: fc.constantFrom(0, 1, 1, 1, 2, 3), payload: fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constant(answered), fc.constant(framed(Buffer.from("x")))) });
    const frames = fc.array(frame, { maxLength: 8 }).map((all) => Buffer.concat(all.map((each) => frameOf(each.type, each.flags, each.stream, Buffer.from(each.payload)))));
    const sent = fc.oneof(frames, fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)));
    await fc.assert(
      fc.asyncProperty(sent, async (then) => {
        const beganMs = clock.nowMs();
        const { error } = await callTo({ then, hangsUp: true });
        expect(error).to.match(/^$|^\d+ [A-Z_]+: /);
        expect(clock.nowMs() - beganMs).to.be.below(callLimitMs);
      }),
      { numRuns: 300 },
    );
  });
});
