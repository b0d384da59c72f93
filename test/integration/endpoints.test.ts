import { constants, type ServerHttp2Stream } from "node:http2";
import { expect } from "chai";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import type { LocalMember } from "../../src/cluster/local/local-member.ts";
import { errorCodes, frameOf, frameTypes, uint32 } from "../../src/grpc/frame.ts";
import type { Answered, Request } from "../../src/recording/operation.ts";
import { etcdEndpoint, type Endpoint, type EndpointOptions } from "../../src/workloads/endpoint.ts";
import { failureOf, type Failure } from "../../src/workloads/outcome.ts";
import { answer, refuse, serveFrames, serveHttp2, serveTcp } from "../grpc/servers.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { etcd3Endpoint } from "../workloads/etcd3-endpoint.ts";
import { exchanges } from "../workloads/exchanges.ts";
import { startSingleMember } from "../workloads/single-member.ts";

const clock = new MonotonicClock();
const put: Request = { op: "put", key: "a", value: "b" };
/** A header with the revision 7, which is all that a put is answered. */
const done = Buffer.of(0x0a, 0x02, 0x18, 0x07);
const written: Answered = { op: "put", key: "a", value: "b", revision: 7 };
const shortMs = 300;
const backLimitMs = 20_000;

type End = Answered | Failure;
const info = (error: string): Failure => ({ outcome: "info", error });
const fail = (error: string): Failure => ({ outcome: "fail", error });

/** How a request ended, as the history has it. */
const endOf = (endpoint: Endpoint, request: Request = put): Promise<End> => endpoint.perform(request).catch(failureOf);

/** What an endpoint does, whoever speaks gRPC for it. */
function behavesAsEndpoint(make: (options: EndpointOptions) => Endpoint): void {
  async function withEndpoint<T>(url: string, use: (endpoint: Endpoint) => Promise<T>, timeoutMs = 5_000): Promise<T> {
    const endpoint = make({ url, timeoutMs, clock });
    try {
      return await use(endpoint);
    } finally {
      endpoint.close();
    }
  }

  /** The ends of so many puts, one after the other, where each call is answered so. */
  async function endsOf(count: number, onCall: (stream: ServerHttp2Stream, index: number) => void, timeoutMs?: number): Promise<End[]> {
    let calls = 0;
    await using server = await serveHttp2((stream) => onCall(stream, calls++));
    return await withEndpoint(server.url, async (endpoint) => {
      const ends: End[] = [];
      for (let index = 0; index < count; index += 1) ends.push(await endOf(endpoint));
      return ends;
    }, timeoutMs);
  }

  const endOfOne = async (onCall: (stream: ServerHttp2Stream) => void): Promise<End | undefined> => (await endsOf(1, onCall))[0];

  describe("with a real member", () => {
    let member: LocalMember;
    let folder: ReturnType<typeof temporaryFolder>;
    before(async () => {
      folder = temporaryFolder();
      member = await startSingleMember(folder.path, clock);
    });
    after(async () => {
      await member[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    });

    it("is answered every kind of request", async () => {
      await withEndpoint(member.directUrl, async (endpoint) => {
        for (const { request, answer: expected } of exchanges) {
          const end = await endOf(endpoint, request);
          expect(end, JSON.stringify(request)).to.deep.equal(typeof expected === "string" ? fail(expected) : { ...request, ...expected });
        }
        const asked: Request = { op: "lease-time-to-live", lease: 6 };
        expect(await endOf(endpoint, asked)).to.include(asked).and.to.have.property("remainingS").that.is.within(30, 60);
      });
    });

    it("writes and reads more than fits into any window", async () => {
      const value = "0123456789abcdef".repeat(2 ** 16);
      await withEndpoint(member.directUrl, async (endpoint) => {
        for (const key of ["huge/1", "huge/2", "huge/3", "huge/4", "huge/5"]) expect(await endOf(endpoint, { op: "put", key, value })).to.have.property("revision");
        const end = await endOf(endpoint, { op: "range", key: "huge/", end: "huge0" });
        expect("kvs" in end ? end.kvs?.map((each) => each.value === value) : end).to.deep.equal([true, true, true, true, true]);
      });
    });

    it("does not know what became of requests while the member is paused, and goes on when it is not any more", async () => {
      await withEndpoint(member.directUrl, async (endpoint) => {
        await endpoint.connect(5_000);
        await member.pause();
        expect(await endOf(endpoint)).to.deep.equal(info("DEADLINE_EXCEEDED: no answer in time"));
        // The kernel lets connect, but nobody says anything.
        expect(await endOf(endpoint)).to.deep.equal(info("DEADLINE_EXCEEDED: no connection in time"));
        await member.resume();
        expect(await backAgain(endpoint)).to.include(put);
      }, shortMs);
    });

    it("knows that nothing happens while the member is gone, and goes on when it is back at its port", async () => {
      await withEndpoint(member.directUrl, async (endpoint) => {
        await endpoint.connect(5_000);
        await member.kill();
        // What was lost before it was known to be may have been on its way.
        await endOf(endpoint);
        for (const _ of [1, 2, 3]) expect(await endOf(endpoint)).to.have.property("outcome", "fail");
        await member.restart();
        expect(await backAgain(endpoint)).to.include(put);
      });
    });

    /** Asks again and again, as a client does. */
    const backAgain = (endpoint: Endpoint): Promise<End | undefined> =>
      waitFor(clock, async () => {
        const end = await endOf(endpoint);
        return "outcome" in end ? undefined : end;
      }, { limitMs: backLimitMs, everyMs: 20 });
  });

  it("knows that nothing happened where nobody listens", async () => {
    const { url } = await (async () => {
      await using server = await serveTcp(() => undefined);
      return server;
    })();
    await withEndpoint(url, async (endpoint) => {
      expect(await endOf(endpoint)).to.deep.equal(fail(`UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED ${url.slice("http://".length)}`));
    });
  });

  it("knows that nothing happened where a link hangs up before anybody answers", async () => {
    await using server = await serveTcp((socket) => socket.destroy());
    await withEndpoint(server.url, async (endpoint) => expect(await endOf(endpoint)).to.have.property("outcome", "fail"));
  });

  it("does not know what became of a request whose connection was reset, and makes the next on a new one", async () => {
    const [reset, next] = await endsOf(2, (stream, index) => (index === 0 ? stream.session?.destroy() : answer(stream, [done])));
    expect(reset).to.have.property("outcome", "info");
    expect(reset).to.have.property("error").that.matches(/^UNAVAILABLE: (Connection dropped|read ECONNRESET)$/);
    expect(next).to.deep.equal(written);
  });

  it("does not know what became of a request that a link swallows, and makes the next on a new connection", async () => {
    const sessions = new Set<unknown>();
    const [swallowed, next] = await endsOf(2, (stream) => {
      if (sessions.add(stream.session).size > 1) answer(stream, [done]);
    }, shortMs);
    expect(swallowed).to.deep.equal(info("DEADLINE_EXCEEDED: no answer in time"));
    expect(next).to.deep.equal(written);
  });

  it("says that there was no connection in time where a link swallows everything", async () => {
    await using server = await serveTcp(() => undefined);
    await withEndpoint(server.url, async (endpoint) => expect(await endOf(endpoint)).to.deep.equal(info("DEADLINE_EXCEEDED: no connection in time")), shortMs);
  });

  it("takes the server's word for it that nothing happened", async () => {
    expect(await endOfOne((stream) => refuse(stream, 14, "etcdserver: no leader"))).to.deep.equal(fail("UNAVAILABLE: etcdserver: no leader"));
    expect(await endOfOne((stream) => refuse(stream, 8, "etcdserver: too many requests"))).to.deep.equal(fail("RESOURCE_EXHAUSTED: etcdserver: too many requests"));
    expect(await endOfOne((stream) => answer(stream, [], { status: 3, message: "etcdserver: key is not provided" }))).to.deep.equal(fail("INVALID_ARGUMENT: etcdserver: key is not provided"));
    expect(await endOfOne((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM))).to.deep.equal(fail("UNAVAILABLE: Stream refused by server"));
  });

  it("does not know what became of it where the server does not know", async () => {
    expect(await endOfOne((stream) => refuse(stream, 14, "etcdserver: request timed out"))).to.deep.equal(info("UNAVAILABLE: etcdserver: request timed out"));
    expect(await endOfOne((stream) => answer(stream, [], { status: 14, message: "etcdserver: leader changed" }))).to.deep.equal(info("UNAVAILABLE: etcdserver: leader changed"));
    expect(await endOfOne((stream) => refuse(stream, 4, "context deadline exceeded"))).to.deep.equal(info("DEADLINE_EXCEEDED: no answer in time"));
    expect(await endOfOne((stream) => refuse(stream, 2, "na%C3%AFve%0Atext 100%25"))).to.deep.equal(info("UNKNOWN: naïve text 100%"));
    expect(await endOfOne((stream) => stream.close(constants.NGHTTP2_CANCEL))).to.deep.equal(info("CANCELLED: Call cancelled"));
    expect(await endOfOne((stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM))).to.deep.equal(info("RESOURCE_EXHAUSTED: Bandwidth exhausted or memory limit exceeded"));
    expect(await endOfOne((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR))).to.have.property("outcome", "info");
  });

  it("does not know what became of it where the answer makes no sense", async () => {
    const ends = await endsOf(4, (stream, index) => {
      if (index === 0) return answer(stream, []);
      if (index === 1) return answer(stream, [Buffer.from("no message")]);
      stream.respond({ ":status": index === 2 ? 503 : 200, "content-type": "text/html" });
      stream.end("<html>");
    });
    expect(ends.map((end) => ("outcome" in end ? end.outcome : "ok"))).to.deep.equal(["info", "info", "info", "info"]);
    expect(ends[2]).to.deep.equal(info("UNAVAILABLE: Received HTTP status code 503"));
  });

  it("goes on elsewhere when the server goes away, and gets the answers that are under way", async () => {
    const ends = await endsOf(3, (stream) => {
      stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      setTimeout(() => answer(stream, [done]), 20);
    });
    expect(ends).to.deep.equal([written, written, written]);
  });

  it("knows that nothing happened where the server went away without looking at the request", async () => {
    await using server = await serveFrames(frameOf(frameTypes.settings, 0, 0), ({ type }, socket) => {
      if (type === frameTypes.headers) socket.write(frameOf(frameTypes.goaway, 0, 0, uint32(0), uint32(errorCodes.none)));
    });
    await withEndpoint(server.url, async (endpoint) => {
      for (const sockets of [1, 2]) {
        expect(await endOf(endpoint)).to.deep.equal(fail("UNAVAILABLE: Stream refused by server"));
        expect(server.sockets).to.have.length(sockets);
      }
    });
  });

  it("does not know what became of a keep-alive whose stream ends without an answer", async () => {
    await using server = await serveHttp2((stream) => answer(stream, []));
    await withEndpoint(server.url, async (endpoint) => expect(await endOf(endpoint, { op: "lease-keep-alive", lease: 1 })).to.have.property("outcome", "info"));
  });

  it("says that it could not connect where nobody answers", async () => {
    await using server = await serveTcp((socket) => socket.destroy());
    await withEndpoint(server.url, async (endpoint) => expect(await endpoint.connect(100).catch(failureOf)).to.have.property("outcome", "fail"));
  });
}

describe("an endpoint", function () {
  this.timeout(90_000);
  describe("of our own client", () => behavesAsEndpoint(etcdEndpoint));
  describe("of etcd3", () => behavesAsEndpoint(etcd3Endpoint));
});
