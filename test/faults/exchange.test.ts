import { expect } from "chai";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { MonotonicClock } from "../../src/clock.ts";
import { exchange } from "../../src/faults/exchange.ts";
import { Resources } from "../../src/resources.ts";
import { speaker } from "./doubles.ts";

const clock = new MonotonicClock();
const waiting = { limitMs: 2_000 };

/** A server on loopback that does what it is told with a connection. */
async function listener(onSocket: (socket: Socket) => void): Promise<{ readonly address: string } & AsyncDisposable> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return { address: `127.0.0.1:${address.port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

describe("an exchange over a connection of its own", () => {
  let resources: Resources;
  beforeEach(() => void (resources = new Resources()));
  afterEach(() => resources[Symbol.asyncDispose]());

  it("is answered, and measures how long the other side takes to hang up", async () => {
    const { address } = resources.use(await speaker(() => ({ body: "{}", afterMs: 60 })));
    const { ending, tookMs, receivedBytes, closingMs } = await exchange(address, {}, clock, waiting);
    expect(ending).to.equal("answered");
    expect(tookMs).to.be.at.least(50);
    expect(receivedBytes).to.be.at.least(50);
    expect(closingMs).to.be.lessThan(1_000);
  });

  it("measures a late end, which is none of the answer's time", async () => {
    const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    const { address } = resources.use(await listener((socket) => void socket.once("data", () => socket.write(answer)).once("end", () => setTimeout(() => socket.end(), 120))));
    const { ending, tookMs, closingMs } = await exchange(address, {}, clock, waiting);
    expect(ending).to.equal("answered");
    expect(tookMs).to.be.lessThan(100);
    expect(closingMs).to.be.at.least(110);
  });

  it("sends as many bytes and asks as often as it is told", async () => {
    const paths: string[] = [];
    const { address } = resources.use(await speaker((path) => (paths.push(path), { body: "{}" })));
    expect((await exchange(address, { requests: 40 }, clock, waiting)).ending).to.equal("answered");
    expect(paths).to.deep.equal(Array.from({ length: 40 }, () => "/version"));
    await exchange(address, { echoBytes: 3_000 }, clock, waiting);
    expect(paths.at(-1)).to.have.length("//version?".length + 3_000);
    let received = 0;
    const silent = resources.use(await listener((socket) => void socket.on("data", (data) => (received += data.length))));
    expect((await exchange(silent.address, { padBytes: 200_000 }, clock, { limitMs: 150 })).ending).to.equal("silent");
    expect(received).to.be.within(200_000, 200_200);
  });

  it("counts an answer only when it is whole", async () => {
    const { address } = resources.use(await listener((socket) => void socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))));
    expect(await exchange(address, {}, clock, { limitMs: 100 })).to.include({ ending: "silent", receivedBytes: 43 });
  });

  it("takes an answer in chunks for whole with its last", async () => {
    const head = "HTTP/1.1 301 Moved Permanently\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const [body, ending] of [["5\r\nhello\r\n", "silent"], ["5\r\nhello\r\n0\r\n\r\n", "answered"]] as const) {
      const { address } = resources.use(await listener((socket) => void socket.once("data", () => socket.write(head + body)).once("end", () => socket.end())));
      expect((await exchange(address, { echoBytes: 10 }, clock, { limitMs: 100 })).ending).to.equal(ending);
    }
  });

  it("tells a close from a reset, and both from a refusal", async () => {
    const closing = resources.use(await listener((socket) => void socket.once("data", () => socket.end())));
    const resetting = resources.use(await listener((socket) => void socket.once("data", () => socket.resetAndDestroy())));
    expect((await exchange(closing.address, {}, clock, waiting)).ending).to.equal("closed");
    expect((await exchange(resetting.address, {}, clock, waiting)).ending).to.equal("reset");
    const gone = await listener(() => undefined);
    await gone[Symbol.asyncDispose]();
    expect((await exchange(gone.address, {}, clock, waiting)).ending).to.equal("refused");
  });

  it("ends with the signal's reason when it is aborted", async () => {
    const { address } = resources.use(await listener((socket) => void socket.resume()));
    const abort = new AbortController();
    const reason = new Error("SIGINT");
    const asking = exchange(address, {}, clock, { limitMs: 5_000, signal: abort.signal }).catch((error: unknown) => error);
    abort.abort(reason);
    expect(await asking).to.equal(reason);
  });
});
