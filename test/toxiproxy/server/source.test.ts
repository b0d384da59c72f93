import { expect } from "chai";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { readBytes, Source } from "../../../src/toxiproxy/server/source.ts";
import { pattern } from "./api.ts";
import { dial, listenTcp } from "./tcp.ts";

describe("a source", () => {
  /** A socket as the proxy accepts it, and the client at its other end. */
  const accept = async () => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server has an address");
    const accepted = once(server, "connection");
    const client = await dial(`127.0.0.1:${address.port}`);
    const [socket]: Socket[] = await accepted;
    if (!socket) throw new Error("nothing was accepted");
    return { server, client, socket };
  };

  /** Reads one write after the other, and tells what came and whether it lay in the same memory as the first. */
  const readTwice = async (source: Source, write: (data: Buffer) => void, done: boolean) => {
    const seen: { data: Buffer; text: string }[] = [];
    let arrived = (): void => undefined;
    source.onData = (data) => {
      seen.push({ data, text: data.toString() });
      arrived();
      return done;
    };
    source.socket.resume();
    for (const text of ["one", "two"]) {
      const next = new Promise<void>((resolve) => (arrived = resolve));
      write(Buffer.from(text));
      await next;
    }
    return { texts: seen.map(({ text }) => text), kept: seen.map(({ data }) => data.toString()) };
  };

  for (const [done, kept] of [[true, ["two", "two"]], [false, ["one", "two"]]] as const) {
    it(`${done ? "reads into the same memory again" : "leaves the memory alone"} when its reader is ${done ? "" : "not "}done with the bytes`, async () => {
      const { server, client, socket } = await accept();
      await using upstream = await listenTcp();
      const peer = upstream.next();
      const there = Source.connect({ host: "127.0.0.1", port: upstream.port });
      const here = Source.accepted(socket);
      const { socket: far } = await peer;
      expect(await readTwice(here, (data) => client.write(data), done)).to.deep.equal({ texts: ["one", "two"], kept });
      expect(await readTwice(there, (data) => far.write(data), done)).to.deep.equal({ texts: ["one", "two"], kept });
      for (const open of [client.socket, here.socket, there.socket]) open.destroy();
      server.close();
    });
  }

  it("gives all bytes in their order, and then the end", async () => {
    const { server, client, socket } = await accept();
    const source = Source.accepted(socket);
    const copies: Buffer[] = [];
    source.onData = (data) => copies.push(Buffer.from(data)) > 0;
    const sent = pattern(8 * readBytes, 1);
    client.socket.end(sent);
    source.socket.resume();
    await once(source.socket, "end");
    expect(Buffer.concat(copies).equals(sent)).to.equal(true);
    source.socket.destroy();
    client.socket.destroy();
    server.close();
  });

  it("reads a socket whose handle cannot be had as a stream", async () => {
    const { server, client, socket } = await accept();
    const sealed = new Proxy(socket, {
      has: (target, key) => key !== "_handle" && Reflect.has(target, key),
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const source = Source.accepted(sealed);
    const { texts } = await readTwice(source, (data) => client.write(data), true);
    expect(texts).to.deep.equal(["one", "two"]);
    socket.destroy();
    client.socket.destroy();
    server.close();
  });
});
