import { expect } from "chai";
import { type Api, eventually, pattern } from "./api.ts";
import { dial, listenEcho, listenTcp } from "./tcp.ts";

/** Connections through a proxy without toxics. */
export function describeStreams(api: Api): void {
  describe("connections", () => {
    it("carry data both ways, unchanged and in order", async () => {
      await using echo = await listenEcho();
      const proxy = await api.proxyTo(echo.address);
      using client = await dial(proxy.listen);
      const data = pattern(5_000_000);
      client.write(data);
      expect((await client.read(data.length)).equals(data)).to.equal(true);
    });

    it("tell the upstream that the client has finished, after its data", async () => {
      await using server = await listenTcp();
      const proxy = await api.proxyTo(server.address);
      using pair = await api.connect(proxy, server);
      const data = pattern(1_000_000);
      pair.client.socket.end(data);
      await pair.upstream.over();
      expect(pair.upstream.received.equals(data)).to.equal(true);
    });

    it("tell the client that the upstream has finished, after its data", async () => {
      await using server = await listenTcp();
      const proxy = await api.proxyTo(server.address);
      using pair = await api.connect(proxy, server);
      const data = pattern(1_000_000);
      pair.upstream.socket.end(data);
      await pair.client.over();
      expect(pair.client.received.equals(data)).to.equal(true);
    });

    it("end on one side when the other side is reset", async () => {
      await using server = await listenTcp();
      const proxy = await api.proxyTo(server.address);
      using pair = await api.connect(proxy, server);
      pair.client.socket.resetAndDestroy();
      await pair.upstream.over();
    });

    it("are closed when the upstream cannot be reached, and work once it can", async () => {
      const address = await (async () => {
        await using server = await listenTcp();
        return server.address;
      })();
      const proxy = await api.proxyTo(address);
      using early = await dial(proxy.listen);
      await early.over();
      await using echo = await listenEcho(Number(address.split(":")[1]));
      expect(echo.address).to.equal(address);
      using late = await dial(proxy.listen);
      late.write("hi");
      expect((await late.read(2)).toString()).to.equal("hi");
    });

    it("stop a fast writer when the reader stops, and lose nothing", async () => {
      await using server = await listenTcp((peer) => peer.socket.pause());
      const proxy = await api.proxyTo(server.address);
      using pair = await api.connect(proxy, server);
      const portion = pattern(1_000_000);
      const portions = 100;
      let sent = 0;
      const writing = (async () => {
        for (; sent < portions; sent += 1)
          await new Promise<void>((resolve) => pair.client.socket.write(portion, () => resolve()));
      })();
      let seen = -1;
      await eventually(async () => {
        const stalled = sent === seen;
        seen = sent;
        await new Promise((resolve) => setTimeout(resolve, 250));
        return stalled;
      });
      expect(sent, "megabytes that went into buffers").to.be.lessThan(50);
      let intact = true;
      let offset = 0;
      pair.upstream.socket.on("data", (data: Buffer) => {
        for (let at = 0; at < data.length;) {
          const from = (offset + at) % portion.length;
          const length = Math.min(data.length - at, portion.length - from);
          intact &&= data.subarray(at, at + length).equals(portion.subarray(from, from + length));
          at += length;
        }
        offset += data.length;
        pair.upstream.chunks.length = 0;
      });
      pair.upstream.socket.resume();
      await writing;
      await eventually(() => Promise.resolve(offset === portions * portion.length));
      expect(intact).to.equal(true);
    }).timeout(30_000);

    it("work by the hundred", async () => {
      await using echo = await listenEcho();
      const proxy = await api.proxyTo(echo.address);
      await Promise.all(Array.from({ length: 200 }, async (_, i) => {
        using client = await dial(proxy.listen);
        const data = pattern(10_000, i + 1);
        client.write(data);
        expect((await client.read(data.length)).equals(data)).to.equal(true);
      }));
    });

    it("of one proxy are not touched by what happens to another", async () => {
      await using echo = await listenEcho();
      const proxy = await api.proxyTo(echo.address);
      const other = await api.proxyTo(echo.address);
      using client = await dial(proxy.listen);
      await api.addToxic(other, { type: "timeout" });
      await api.addToxic(other, { type: "timeout", stream: "upstream" });
      using cutOff = await dial(other.listen);
      cutOff.write("lost");
      client.write("one");
      expect((await client.read(3)).toString()).to.equal("one");
      await other.remove();
      client.write("two");
      expect((await client.read(6)).toString()).to.equal("onetwo");
      expect(cutOff.receivedBytes).to.equal(0);
    });

    it("are counted at /metrics, by direction, proxy, listener and upstream", async () => {
      await using server = await listenTcp();
      const proxy = await api.proxyTo(server.address);
      const labels = { proxy: proxy.name, listener: proxy.listen, upstream: server.address };
      {
        using pair = await api.connect(proxy, server);
        pair.upstream.write("1234567");
        await pair.client.read(7);
        pair.client.socket.end("123");
        await pair.upstream.over();
        pair.upstream.socket.end();
        await pair.client.over();
      }
      for (const name of ["toxiproxy_proxy_received_bytes_total", "toxiproxy_proxy_sent_bytes_total"]) {
        await eventually(async () => (await api.metric(name, { ...labels, direction: "upstream" })) === 3);
        await eventually(async () => (await api.metric(name, { ...labels, direction: "downstream" })) === 7);
      }
    });
  });
}
