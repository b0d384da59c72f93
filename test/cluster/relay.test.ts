import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { relay } from "../../src/cluster/local/relay.ts";
import { errnoOf } from "../../src/process.ts";

const host = "127.0.0.1";

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function listening(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, onConnection).listen(0, host);
  await once(server, "listening");
  return server;
}

/** All that comes until the other side ends, or the errno of how it broke. */
function read(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => void (text += chunk.toString()));
    socket.on("end", () => resolve(text));
    socket.on("error", (error) => resolve(errnoOf(error) ?? String(error)));
  });
}

describe("a relay", () => {
  let far: Server;
  let near: Server;
  let target: number;
  /** What the far end does with each connection. */
  let answer: (socket: Socket) => void;
  const dial = (): Socket => connect({ host, port: portOf(near), allowHalfOpen: true });

  before(async () => {
    far = await listening((socket) => {
      socket.on("error", () => undefined);
      answer(socket);
    });
    target = portOf(far);
    near = await listening((socket) => relay(socket, connect({ host, port: target, allowHalfOpen: true })));
  });
  after(() => {
    near.close();
    far.close();
  });

  it("passes on what comes from both sides, also after one of them has ended", async () => {
    answer = (socket) => void read(socket).then((text) => socket.end(`got ${text.length} bytes`));
    const socket = dial();
    socket.end("x".repeat(300_000));
    expect(await read(socket)).to.equal("got 300000 bytes");
  });

  it("ends in order where the far end does", async () => {
    answer = (socket) => {
      socket.resume();
      socket.end("bye");
    };
    const socket = dial();
    expect(await read(socket)).to.equal("bye");
    socket.end();
  });

  // Node closes a connection in order and then resets it: whoever reads in between sees the close alone.
  const broken = ["ECONNRESET", ""];

  it("ends a connection that the far end resets", async () => {
    answer = (socket) => socket.once("data", () => socket.resetAndDestroy());
    const socket = dial();
    socket.write("x");
    expect(await read(socket)).to.be.oneOf(broken);
    socket.destroy();
  });

  it("ends a connection to the far end that is reset here", async () => {
    const seen = new Promise<string>((resolve) => {
      answer = (socket) => void read(socket).then(resolve);
    });
    const socket = dial();
    await once(socket, "connect");
    socket.resetAndDestroy();
    expect(await seen).to.be.oneOf(broken);
  });

  it("ends a connection that nobody takes at the far end", async () => {
    const gone = await listening(() => undefined);
    target = portOf(gone);
    gone.close();
    await once(gone, "close");
    const socket = dial();
    expect(await read(socket)).to.be.oneOf(broken);
    socket.destroy();
  });
});
