import { expect } from "chai";
import { startToxiproxy } from "../../../src/toxiproxy/server/server.ts";
import { describeToxiproxyContract } from "../contract.ts";
import { Api, eventually, pattern, timed } from "./api.ts";
import { listenUnanswered } from "./unanswered.ts";
import { dial, listenEcho, listenTcp } from "./tcp.ts";

describeToxiproxyContract("the embedded Toxiproxy server", async () => {
  const server = await startToxiproxy({ port: 0 });
  return { url: server.url, dispose: async () => server[Symbol.asyncDispose]() };
});

/** Where the original stops short, so that the contract cannot ask for it. */
describe("beyond the original, the embedded Toxiproxy server", () => {
  /** What the injected randomness gives next; 0.5 when there is nothing left. */
  const draws: number[] = [];
  let url = "";
  let dispose: () => Promise<void> = async () => undefined;
  const api = new Api(() => url);

  before(async () => {
    const server = await startToxiproxy({ port: 0, random: () => draws.shift() ?? 0.5 });
    url = server.url;
    dispose = async () => server[Symbol.asyncDispose]();
  });
  afterEach(() => api.deleteAllProxies());
  after(() => dispose());

  it("lets one direction go on when the other has finished", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    using pair = await api.connect(proxy, server);
    pair.client.socket.end("question");
    await pair.upstream.over();
    pair.upstream.write("answer");
    expect((await pair.client.read(6)).toString()).to.equal("answer");
    pair.upstream.socket.end("s");
    await pair.client.over();
    expect(pair.client.received.toString()).to.equal("answers");
  });

  it("closes both sides when a client that had finished is gone while the upstream still writes", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    using pair = await api.connect(proxy, server);
    pair.client.socket.end();
    await pair.upstream.over();
    pair.client.socket.resetAndDestroy();
    const writing = setInterval(() => pair.upstream.socket.writable && pair.upstream.write("anybody?"), 5);
    await pair.upstream.until(() => pair.upstream.closed);
    clearInterval(writing);
  });

  it("counts bytes while the connection is open, and shows a proxy without connections as 0", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    const { text } = await api.call("GET", "/metrics");
    expect(text).to.contain(
      `toxiproxy_proxy_received_bytes_total{direction="upstream",listener="${proxy.listen}",proxy="${proxy.name}",upstream="${server.address}"} 0\n`,
    );
    using pair = await api.connect(proxy, server);
    await api.addToxic(proxy, { type: "timeout", stream: "downstream" });
    pair.client.write("12345");
    await pair.upstream.read(5);
    pair.upstream.write("123");
    const metric = (what: string, direction: string) => api.metric(`toxiproxy_proxy_${what}_bytes_total`, { proxy: proxy.name, direction });
    expect(await metric("sent", "upstream")).to.equal(5);
    await eventually(async () => (await metric("received", "downstream")) === 3);
    expect(await metric("sent", "downstream")).to.equal(0);
  });

  it("can be disabled and given another upstream while the upstream does not answer", async () => {
    await using silent = await listenUnanswered();
    await using echo = await listenEcho();
    const proxy = await api.proxyTo(silent.address);
    using waiting = await dial(proxy.listen);
    waiting.write("hello?");
    await api.call("PATCH", `/proxies/${proxy.name}`, { upstream: echo.address });
    await waiting.over();
    using client = await dial(proxy.listen);
    client.write("hi");
    expect((await client.read(2)).toString()).to.equal("hi");
  });

  it("resets connections that are older than reset_peer", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    using pair = await api.connect(proxy, server);
    await api.addToxic(proxy, { type: "reset_peer", stream: "upstream", attributes: { timeout: 0 } });
    pair.client.write("lost");
    await pair.client.until(() => pair.client.closed);
    await pair.upstream.until(() => pair.upstream.closed);
    expect([pair.client.errorCode, pair.upstream.errorCode]).to.deep.equal(["ECONNRESET", "ECONNRESET"]);
  });

  it("removes reset_peer at once, and resets what it had struck", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    await api.addToxic(proxy, { type: "reset_peer", name: "t", stream: "upstream", attributes: { timeout: 3_600_000 } });
    using pair = await api.connect(proxy, server);
    pair.client.write("lost");
    await eventually(async () => (await api.metric("toxiproxy_proxy_received_bytes_total", { proxy: proxy.name })) === 4);
    await api.removeToxic(proxy, "t");
    await pair.client.until(() => pair.client.closed);
    expect(pair.client.errorCode).to.equal("ECONNRESET");
  });

  it("decides toxicity once for each connection", async () => {
    await using echo = await listenEcho();
    const proxy = await api.proxyTo(echo.address);
    await api.addToxic(proxy, { type: "latency", name: "t", toxicity: 0.5, attributes: { latency: 80 } });
    const roundTripMs = async (client: Awaited<ReturnType<typeof dial>>) => {
      const before = client.receivedBytes;
      return timed(async () => {
        client.write("x");
        await client.read(before + 1);
      });
    };
    draws.push(0.49, 0.51);
    using struck = await dial(proxy.listen);
    expect(await roundTripMs(struck)).to.be.at.least(80);
    using spared = await dial(proxy.listen);
    await roundTripMs(spared);
    draws.push(0.99, 0.99, 0, 0);
    await api.updateToxic(proxy, "t", { attributes: { latency: 90 } });
    draws.length = 0;
    expect(await roundTripMs(struck)).to.be.at.least(90);
    await api.updateToxic(proxy, "t", { toxicity: 0.6 });
    expect(await roundTripMs(spared)).to.be.at.least(90);
  });

  it("closes only the connections that timeout has struck when it is removed", async () => {
    await using echo = await listenEcho();
    const proxy = await api.proxyTo(echo.address);
    await api.addToxic(proxy, { type: "timeout", name: "t", toxicity: 0.5 });
    draws.push(0, 0.9);
    using struck = await dial(proxy.listen);
    await eventually(() => Promise.resolve(echo.peers.length === 1));
    using spared = await dial(proxy.listen);
    spared.write("a");
    await spared.read(1);
    await api.removeToxic(proxy, "t");
    await struck.over();
    spared.write("b");
    expect((await spared.read(2)).toString()).to.equal("ab");
  });

  it("closes a connection that timeout has struck when its toxicity is lowered, for it has a hole", async () => {
    await using server = await listenTcp();
    const proxy = await api.proxyTo(server.address);
    using pair = await api.connect(proxy, server);
    await api.addToxic(proxy, { type: "timeout", name: "t", stream: "upstream" });
    pair.client.write("lost");
    await api.updateToxic(proxy, "t", { toxicity: 0 });
    await pair.client.over();
    expect(pair.upstream.receivedBytes).to.equal(0);
  });

  it("adds and removes toxics while the reader stands still, and loses nothing", async () => {
    await using server = await listenTcp((peer) => peer.socket.pause());
    const proxy = await api.proxyTo(server.address);
    using pair = await api.connect(proxy, server);
    await api.addToxic(proxy, { type: "noop", name: "a", stream: "upstream" });
    const data = pattern(20_000_000);
    pair.client.write(data);
    const received = () => api.metric("toxiproxy_proxy_received_bytes_total", { proxy: proxy.name, direction: "upstream" });
    let seen = -1;
    await eventually(async () => {
      const stalled = seen > 0 && (await received()) === seen;
      seen = await received();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return stalled;
    });
    await api.addToxic(proxy, { type: "noop", name: "b", stream: "upstream" });
    await api.addToxic(proxy, { type: "noop", name: "c", stream: "upstream" });
    await api.removeToxic(proxy, "b");
    pair.upstream.socket.resume();
    expect((await pair.upstream.read(data.length)).equals(data)).to.equal(true);
  });

  it("heals all other proxies when one cannot listen at a reset", async () => {
    const port = await (async () => {
      await using server = await listenTcp();
      return server.port;
    })();
    await api.client.createProxy({ name: "a", listen: `127.0.0.1:${port}`, upstream: "127.0.0.1:1", enabled: false });
    await using _taken = await listenTcp(undefined, port);
    const other = await api.proxyTo("127.0.0.1:1", "b");
    await api.addToxic(other, { type: "timeout" });
    expect((await api.call("POST", "/reset")).status).to.equal(500);
    expect((await api.call("GET", "/proxies/b/toxics")).json).to.deep.equal([]);
  });

  it("changes nothing when one of several attributes is wrong", async () => {
    const proxy = await api.proxyTo("127.0.0.1:1");
    await api.addToxic(proxy, { type: "latency", name: "t", attributes: { latency: 5 } });
    const path = `/proxies/${proxy.name}/toxics/t`;
    expect((await api.call("PATCH", path, { toxicity: 0.1, attributes: { latency: 6, jitter: "1" } })).status).to.equal(400);
    expect((await api.call("GET", path)).json).to.deep.include({ toxicity: 1, attributes: { latency: 5, jitter: 0 } });
  });

  it("populates a proxy on all interfaces twice without replacing it", async () => {
    const { json } = await api.call("POST", "/proxies", { name: "all", listen: ":0", upstream: "127.0.0.1:1" });
    const port = /:(\d+)"/.exec(JSON.stringify(json))?.[1];
    await api.call("POST", "/proxies/all/toxics", { type: "noop" });
    await api.call("POST", "/populate", [{ name: "all", listen: `:${port}`, upstream: "127.0.0.1:1" }]);
    expect((await api.call("GET", "/proxies/all/toxics")).json).to.have.length(1);
  });

  it("refuses a body of more than a megabyte", async () => {
    const { status, json } = await api.call("POST", "/populate", `["${"x".repeat(2_000_000)}"]`);
    expect(status).to.equal(413);
    expect(json).to.include({ status: 413 });
  });

  for (const [type, attributes, mostBytes] of [
    ["latency", { latency: 3_600_000 }, 9 * 1024 * 1024],
    ["bandwidth", { rate: 0 }, 512 * 1024],
    ["reset_peer", { timeout: 3_600_000 }, 512 * 1024],
    ["slow_close", { delay: 3_600_000 }, 512 * 1024],
  ] as const) {
    it(`holds at most ${mostBytes / 1024} KiB of a connection for ${type}`, async () => {
      await using server = await listenTcp((peer) => peer.socket.pause());
      const proxy = await api.proxyTo(server.address);
      await api.addToxic(proxy, { type, stream: "upstream", attributes });
      using pair = await api.connect(proxy, server);
      const read = () => api.metric("toxiproxy_proxy_received_bytes_total", { proxy: proxy.name, direction: "upstream" });
      const written = () => api.metric("toxiproxy_proxy_sent_bytes_total", { proxy: proxy.name, direction: "upstream" });
      pair.client.write(Buffer.alloc(40_000_000));
      let seen = -1;
      await eventually(async () => {
        const stalled = seen > 0 && (await read()) === seen;
        seen = await read();
        await new Promise((resolve) => setTimeout(resolve, 150));
        return stalled;
      });
      expect(seen - (await written())).to.be.greaterThan(0).and.at.most(mostBytes);
    });
  }

  it("closes proxies and connections when it is disposed of", async () => {
    const own = await startToxiproxy({ port: 0 });
    const ownApi = new Api(() => own.url);
    await using echo = await listenEcho();
    const proxy = await ownApi.proxyTo(echo.address);
    using client = await dial(proxy.listen);
    await own[Symbol.asyncDispose]();
    await client.over();
    const refused = await dial(proxy.listen).then(() => false, () => true);
    expect(refused).to.equal(true);
  });
});
