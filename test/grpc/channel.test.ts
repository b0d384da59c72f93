import { once } from "node:events";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream, type Settings } from "node:http2";
import { connect } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { Channel } from "../../src/grpc/channel.ts";
import { frameFlags, frameOf, frameTypes, uint32 } from "../../src/grpc/frame.ts";
import { literals } from "../../src/grpc/hpack.ts";
import type { Method } from "../../src/grpc/method.ts";
import { percentDecoded } from "../../src/grpc/status.ts";
import { answer, framed, refuse, serveFrames, serveHttp2, serveTcp } from "./servers.ts";

const clock = new MonotonicClock();
const echo: Method<Buffer, Buffer> = { path: "/test.Echo/Echo", encode: (request) => request, decode: (bytes) => Buffer.from(bytes) };
const asked = Buffer.from("asked");
const patienceMs = 20_000;

/** What a call came to: the text that was answered, or the error. */
const outcomeOf = (call: Promise<Buffer>): Promise<string> => call.then(String, (error: Error) => error.message);

async function withChannel<T>(port: number, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = new Channel({ host: "127.0.0.1", port }, clock);
  try {
    return await use(channel);
  } finally {
    channel.close();
  }
}

const call = (channel: Channel, request = asked, limitMs = patienceMs): Promise<Buffer> => channel.call(echo, request, clock.nowMs() + limitMs);

/** The outcome of one call to a server that answers so. */
async function outcome(onCall: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void, limitMs?: number): Promise<string> {
  await using server = await serveHttp2(onCall);
  return await withChannel(server.port, (channel) => outcomeOf(call(channel, asked, limitMs)));
}

async function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(stream, "end");
  return Buffer.concat(chunks);
}

async function sendBack(stream: ServerHttp2Stream): Promise<void> {
  const body = await bodyOf(stream);
  answer(stream, [body.subarray(5)]);
}

describe("a channel of gRPC", function () {
  this.timeout(60_000);

  it("gets messages of any size back from servers with any windows, frames and padding", async () => {
    const settings: fc.Arbitrary<Settings> = fc.record({ initialWindowSize: fc.constantFrom(1, 100, 65_535, 1_000_000), maxFrameSize: fc.constantFrom(16_384, 100_000) });
    const size = fc.oneof(fc.nat(100), fc.nat(70_000), fc.constantFrom(16_379, 16_384, 65_530, 65_535));
    const padding = fc.constantFrom(constants.PADDING_STRATEGY_NONE, constants.PADDING_STRATEGY_MAX);
    await fc.assert(
      fc.asyncProperty(settings, padding, fc.array(size, { minLength: 1, maxLength: 4 }), async (wanted, paddingStrategy, sizes) => {
        await using server = await serveHttp2((stream) => void sendBack(stream), wanted, paddingStrategy);
        await withChannel(server.port, async (channel) => {
          const messages = sizes.map((bytes, index) => Buffer.alloc(wanted.initialWindowSize === 1 ? bytes % 50 : bytes, `${index} of `));
          const answers = await Promise.all(messages.map((message) => call(channel, message)));
          expect(answers.map((each, index) => each.equals(messages[index] ?? asked))).to.deep.equal(messages.map(() => true));
        });
      }),
      { numRuns: 40 },
    );
  });

  it("sends what the server allows and no more, also where that changes meanwhile", async () => {
    const { data, headers, settings, windowUpdate } = frameTypes;
    const { endHeaders, endStream } = frameFlags;
    const window = (bytes: number): Buffer => frameOf(settings, 0, 0, Buffer.of(0, 4), uint32(bytes));
    const replies = [window(25), frameOf(windowUpdate, 0, 1, uint32(5)), Buffer.concat([frameOf(headers, endHeaders, 1, literals([{ name: ":status", value: "200" }])), frameOf(data, 0, 1, framed(asked)), frameOf(headers, endHeaders | endStream, 1, literals([{ name: "grpc-status", value: "0" }]))])];
    const sizes: number[] = [];
    await using server = await serveFrames(window(10), ({ type, payload }, socket) => {
      if (type === data) socket.write(replies[sizes.push(payload.length) - 1] ?? Buffer.alloc(0));
    });
    await withChannel(server.port, async (channel) => expect(await outcomeOf(call(channel, Buffer.alloc(25), 3_000))).to.equal("asked"));
    expect(sizes).to.deep.equal([10, 15, 5]);
  });

  it("takes an answer of many megabytes", async () => {
    const large = Buffer.alloc(40 * 2 ** 20, "large");
    await using server = await serveHttp2((stream) => answer(stream, [large]));
    await withChannel(server.port, async (channel) => {
      for (const _ of [1, 2]) expect((await call(channel)).equals(large)).to.equal(true);
    });
  });

  it("asks as gRPC does", async () => {
    let headers: IncomingHttpHeaders = {};
    let body: Buffer = asked;
    await outcome((stream, got) => {
      headers = got;
      void bodyOf(stream).then((bytes) => {
        body = bytes;
        answer(stream, [asked]);
      });
    }, 3_000);
    expect(headers).to.include({ ":method": "POST", ":path": "/test.Echo/Echo", "content-type": "application/grpc", te: "trailers" });
    const [, leftMs = ""] = /^(\d+)m$/.exec(String(headers["grpc-timeout"])) ?? [];
    expect(Number(leftMs)).to.be.within(1, 3_000);
    expect(body.toString("latin1")).to.equal("\0\0\0\0\x05asked");
  });

  it("says what the server says, be it in trailers or in place of an answer", async () => {
    expect(await outcome((stream) => answer(stream, [], { status: 14, message: "etcdserver: leader changed" }))).to.equal("14 UNAVAILABLE: etcdserver: leader changed");
    expect(await outcome((stream) => answer(stream, [asked], { status: 8, message: "too much" }))).to.equal("8 RESOURCE_EXHAUSTED: too much");
    expect(await outcome((stream) => refuse(stream, 14, "etcdserver: no leader"))).to.equal("14 UNAVAILABLE: etcdserver: no leader");
    expect(await outcome((stream) => refuse(stream, 3, "a%0Ab%25 %C3%BC %zz"))).to.equal("3 INVALID_ARGUMENT: a\nb% ü %zz");
    expect(await outcome((stream) => refuse(stream, 99, "new"))).to.equal("2 UNKNOWN: grpc-status 99: new");
  });

  it("reads headers that go on in further frames", async () => {
    const long = "x".repeat(40_000);
    expect((await outcome((stream) => refuse(stream, 13, long))) === `13 INTERNAL: ${long}`).to.equal(true);
  });

  it("passes over what comes before the headers of the answer", async () => {
    expect(await outcome((stream) => {
      stream.additionalHeaders({ ":status": 103 });
      answer(stream, [asked]);
    })).to.equal("asked");
  });

  it("says so where something answers that is no gRPC server", async () => {
    const page = (status: number) => (stream: ServerHttp2Stream): void => {
      stream.respond({ ":status": status, "content-type": "text/html" });
      stream.end("<html>a page of more than five bytes</html>");
    };
    expect(await outcome(page(503))).to.equal("14 UNAVAILABLE: Received HTTP status code 503");
    expect(await outcome(page(404))).to.equal("12 UNIMPLEMENTED: Received HTTP status code 404");
    expect(await outcome(page(418))).to.equal("2 UNKNOWN: Received HTTP status code 418");
    expect(await outcome(page(200))).to.match(/^13 INTERNAL: /);
  });

  it("does not take half an answer for one", async () => {
    expect(await outcome((stream) => answer(stream, []))).to.match(/ended without an answer$/);
    expect(await outcome((stream) => {
      stream.respond({ ":status": 200 });
      stream.end(Buffer.of(0, 0, 0, 0, 9, 1));
    })).to.equal("13 INTERNAL: Call ended without gRPC status");
    expect(await outcome((stream) => {
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.respond({ ":status": 200 }, { waitForTrailers: true });
      stream.end(Buffer.of(0, 0, 0, 0, 9, 1));
    })).to.equal("13 INTERNAL: the answer ends within a message");
    expect(await outcome((stream) => {
      stream.respond({ ":status": 200 });
      stream.write(Buffer.of(1, 0, 0, 0, 1, 1));
    })).to.match(/^13 INTERNAL: .*compressed/);
  });

  it("says what became of a stream that was reset", async () => {
    const reset = (code: number): Promise<string> => outcome((stream) => stream.close(code));
    expect(await reset(constants.NGHTTP2_REFUSED_STREAM)).to.equal("14 UNAVAILABLE: Stream refused by server");
    expect(await reset(constants.NGHTTP2_CANCEL)).to.equal("1 CANCELLED: Call cancelled");
    expect(await reset(constants.NGHTTP2_ENHANCE_YOUR_CALM)).to.match(/^8 RESOURCE_EXHAUSTED: /);
    expect(await reset(constants.NGHTTP2_INTERNAL_ERROR)).to.equal("13 INTERNAL: Received RST_STREAM with code 2");
  });

  it("fails a call whose answer cannot be read, and tells the server", async () => {
    const resets: number[] = [];
    await using server = await serveHttp2((stream) => {
      stream.on("close", () => resets.push(stream.rstCode));
      stream.respond({ ":status": 200 });
      stream.write(Buffer.of(0, 0, 0, 0, 1, 1));
    });
    await withChannel(server.port, async (channel) => {
      const unreadable = { ...echo, decode: (): Buffer => { throw new Error("nonsense"); } };
      expect(await outcomeOf(channel.call(unreadable, asked, clock.nowMs() + patienceMs))).to.equal("13 INTERNAL: Response message parsing error: nonsense");
      expect(await waitFor(clock, () => resets[0], { limitMs: patienceMs })).to.equal(constants.NGHTTP2_CANCEL);
    });
  });

  it("has no more calls at once than the server allows, and all of them in the end", async () => {
    let open = 0;
    let openMax = 0;
    await using server = await serveHttp2((stream) => {
      openMax = Math.max(openMax, (open += 1));
      setTimeout(() => {
        open -= 1;
        answer(stream, [Buffer.from(String(stream.id))]);
      }, 5);
    }, { maxConcurrentStreams: 3 });
    await withChannel(server.port, async (channel) => {
      await call(channel);
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(channel)));
      expect(new Set(answers.map(String)).size).to.equal(20);
      expect(openMax).to.equal(3);
    });
  });

  it("ends a call in time, and tells the server that nobody waits any more", async () => {
    const resets: number[] = [];
    await using server = await serveHttp2((stream) => void stream.on("close", () => resets.push(stream.rstCode)));
    await withChannel(server.port, async (channel) => {
      expect(await outcomeOf(call(channel, asked, 50))).to.equal("4 DEADLINE_EXCEEDED: no answer in time");
      expect(await waitFor(clock, () => resets[0], { limitMs: patienceMs })).to.equal(constants.NGHTTP2_CANCEL);
    });
  });

  it("answers pings", async () => {
    await using server = await serveHttp2((stream) => answer(stream, [asked]));
    await withChannel(server.port, async (channel) => {
      await call(channel);
      const payload = Buffer.from("12345678");
      const pong = await new Promise<Buffer>((resolve, reject) => server.sessions[0]?.ping(payload, (error, _, bytes) => (error ? reject(error) : resolve(bytes))));
      expect(pong.equals(payload)).to.equal(true);
    });
  });

  it("lets calls end that a server which goes away has taken, and makes the next on a new connection", async () => {
    await using server = await serveHttp2((stream) => {
      stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      setTimeout(() => answer(stream, [asked]), 20);
    });
    await withChannel(server.port, async (channel) => {
      for (const connections of [1, 2, 3]) {
        expect(await outcomeOf(call(channel))).to.equal("asked");
        expect(server.sessions).to.have.length(connections);
      }
    });
  });

  it("sends nothing more to a server that goes away, and knows that what waited was not sent", async () => {
    const oneAtOnce = Buffer.concat([Buffer.of(0, 3), uint32(1)]);
    let streams = 0;
    await using server = await serveFrames(frameOf(frameTypes.settings, 0, 0, oneAtOnce), ({ type }, socket) => {
      if (type === frameTypes.headers) streams += 1;
      if (type === frameTypes.data) socket.write(frameOf(frameTypes.goaway, 0, 0, uint32(0), uint32(0)));
    });
    await withChannel(server.port, async (channel) => {
      const outcomes = await Promise.all([outcomeOf(call(channel)), outcomeOf(call(channel))]);
      expect(outcomes).to.deep.equal(["14 UNAVAILABLE: Stream refused by server", "14 UNAVAILABLE: Stream refused by server"]);
      await waitFor(clock, () => server.sockets.every(({ closed }) => closed) || undefined, { limitMs: patienceMs, everyMs: 1 });
    });
    expect(streams).to.equal(1);
  });

  it("shares an attempt to connect among those who wait for it", async () => {
    await using server = await serveHttp2((stream) => answer(stream, [asked]));
    await withChannel(server.port, async (channel) => {
      await Promise.all([call(channel), call(channel), call(channel)]);
      expect(server.sessions).to.have.length(1);
    });
  });

  it("tries to connect anew with each call", async () => {
    await using server = await serveTcp((socket) => socket.destroy());
    await withChannel(server.port, async (channel) => {
      for (const connections of [1, 2, 3]) {
        expect(await outcomeOf(call(channel))).to.match(/^14 UNAVAILABLE: No connection established/);
        expect(server.sockets).to.have.length(connections);
      }
    });
  });

  it("begins a new attempt while a call waits where the first comes to nothing", async () => {
    await using server = await serveHttp2((stream) => answer(stream, [asked]));
    await using link = await serveTcp((socket) => {
      if (link.sockets.length === 1) return;
      const further = connect(server.port, "127.0.0.1");
      socket.pipe(further).pipe(socket);
    });
    await withChannel(link.port, async (channel) => expect(await outcomeOf(call(channel))).to.equal("asked"));
  });

  it("says that there was no connection in time where nobody answers", async () => {
    await using server = await serveTcp(() => undefined);
    await withChannel(server.port, async (channel) => expect(await outcomeOf(call(channel, asked, 30))).to.equal("4 DEADLINE_EXCEEDED: no connection in time"));
  });

  it("cancels what is under way when it is closed", async () => {
    await using server = await serveHttp2(() => undefined);
    await withChannel(server.port, async (channel) => {
      const pending = outcomeOf(call(channel));
      await waitFor(clock, () => server.sessions[0], { limitMs: patienceMs });
      await clock.sleep(20);
      channel.close();
      expect(await pending).to.equal("1 CANCELLED: Call cancelled");
    });
  });

  it("fails whoever waits for a connection when it is closed", async () => {
    await using server = await serveTcp(() => undefined);
    await withChannel(server.port, async (channel) => {
      const pending = outcomeOf(call(channel));
      await waitFor(clock, () => server.sockets[0], { limitMs: patienceMs });
      channel.close();
      expect(await pending).to.match(/^14 UNAVAILABLE: No connection established/);
    });
  });

  it("knows that nothing was sent where the server goes away as soon as it is there", async () => {
    await using server = await serveFrames(Buffer.concat([frameOf(frameTypes.settings, 0, 0), frameOf(frameTypes.goaway, 0, 0, uint32(0), uint32(0))]), () => undefined);
    await withChannel(server.port, async (channel) => expect(await outcomeOf(call(channel))).to.match(/^14 UNAVAILABLE: No connection established/));
  });

  it("reads the text of any status as gRPC writes it", () => {
    const written = (text: string): string => [...Buffer.from(text)].map((byte) => (byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)).join("");
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void expect(percentDecoded(written(text))).to.equal(text)));
  });
});
