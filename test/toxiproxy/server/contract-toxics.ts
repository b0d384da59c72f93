import { expect } from "chai";
import { type Api, pattern, timed } from "./api.ts";
import { listenTcp, type Peer } from "./tcp.ts";

/** Timers and clocks may differ by a millisecond or so. */
const slackMs = 5;

type Stream = "upstream" | "downstream";

/** What each toxic does to data, in either direction, and what changing it does to live connections. */
export function describeToxics(api: Api): void {
  for (const stream of ["upstream", "downstream"] as const) {
    describe(`toxics of the ${stream}`, () => {
      const bench = () => createBench(api, stream);

      describeLatency(bench);
      describeBandwidth(bench);
      describeClosing(bench);
      describeSlicing(bench);
      describeToxicity(bench);

      it("noop changes nothing", async () => {
        await using b = await bench();
        await b.add("noop");
        const { writer, reader } = await b.connect();
        const data = pattern(300_000);
        writer.socket.end(data);
        await reader.over();
        expect(reader.received.equals(data)).to.equal(true);
      });

      it("leave the other direction alone", async () => {
        await using b = await bench();
        await b.add("timeout", { timeout: 0 });
        const { writer, reader } = await b.connect();
        writer.write("lost");
        reader.write("found");
        expect((await writer.read(5)).toString()).to.equal("found");
        expect(reader.receivedBytes).to.equal(0);
      });

      it("act one after the other, in the order they were added", async () => {
        await using b = await bench();
        await b.add("limit_data", { bytes: 10 }, { name: "first" });
        await b.add("latency", { latency: 100 }, { name: "second" });
        const { writer, reader } = await b.connect();
        const tookMs = await timed(async () => {
          writer.write("0123456789abc");
          await reader.over();
        });
        expect(reader.received.toString()).to.equal("0123456789");
        expect(tookMs).to.be.at.least(100 - slackMs);
      });
    });
  }
}

type Bench = Awaited<ReturnType<typeof createBench>>;
type MakeBench = () => Promise<Bench>;

/** A proxy before a server, and connections seen from who writes into the stream and who reads from it. */
async function createBench(api: Api, stream: Stream) {
  const server = await listenTcp();
  const proxy = await api.proxyTo(server.address);
  const clients: Peer[] = [];
  return {
    async connect(): Promise<{ writer: Peer; reader: Peer }> {
      const { client, upstream } = await api.connect(proxy, server);
      clients.push(client);
      return stream === "upstream" ? { writer: client, reader: upstream } : { writer: upstream, reader: client };
    },
    add: (type: string, attributes: Record<string, number> = {}, more: { name?: string; toxicity?: number } = {}) =>
      api.addToxic(proxy, { type, stream, name: "t", attributes, ...more }),
    update: (change: { toxicity?: number; attributes?: Record<string, number> }) => api.updateToxic(proxy, "t", change),
    remove: (name = "t") => api.removeToxic(proxy, name),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.socket.destroy();
      await proxy.remove();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Sends a few bytes and resolves with the milliseconds until they arrived. */
function passageMs({ writer, reader }: { writer: Peer; reader: Peer }): Promise<number> {
  const before = reader.receivedBytes;
  return timed(async () => {
    writer.write("ping");
    await reader.read(before + 4);
    expect(reader.receivedBytes).to.equal(before + 4);
  });
}

function describeLatency(bench: MakeBench): void {
  it("latency delays all data", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 120 });
    expect(await passageMs(await b.connect())).to.be.at.least(120 - slackMs);
  });

  it("latency with jitter stays within latency ± jitter, and keeps the order", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 60, jitter: 30 });
    const { writer, reader } = await b.connect();
    const tookMs = await timed(async () => {
      for (let i = 0; i < 20; i += 1) {
        writer.write(`${String(i).padStart(3)};`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await reader.read(80);
    });
    expect(tookMs).to.be.at.least(30 - slackMs);
    expect(reader.received.toString().split(";").slice(0, -1).map(Number)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
  });

  it("latencies add up", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 70 }, { name: "one" });
    await b.add("latency", { latency: 80 }, { name: "two" });
    expect(await passageMs(await b.connect())).to.be.at.least(150 - slackMs);
  });

  it("latency does not lower the throughput of what is under way", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 200 });
    const { writer, reader } = await b.connect();
    const data = pattern(2_000_000);
    const tookMs = await timed(async () => {
      writer.write(data);
      await reader.read(data.length);
    });
    expect(reader.received.equals(data)).to.equal(true);
    // Chunk by chunk it would be 31 times 200 ms.
    expect(tookMs).to.be.at.least(200 - slackMs).and.lessThan(5000);
  });

  it("latency added, changed and removed acts on live connections", async () => {
    await using b = await bench();
    const pair = await b.connect();
    await passageMs(pair);
    await b.add("latency", { latency: 80 });
    expect(await passageMs(pair)).to.be.at.least(80 - slackMs);
    await b.update({ attributes: { latency: 160 } });
    expect(await passageMs(pair)).to.be.at.least(160 - slackMs);
    await b.remove();
    await passageMs(pair);
  });

  it("latency that is removed lets go at once of what it held", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 3_600_000 });
    const { writer, reader } = await b.connect();
    for (const letter of "abc") {
      writer.write(letter);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(reader.receivedBytes).to.equal(0);
    await b.remove();
    expect((await reader.read(3)).toString()).to.equal("abc");
  });
}

function describeBandwidth(bench: MakeBench): void {
  it("bandwidth lets rate × 1000 bytes through per second", async () => {
    await using b = await bench();
    await b.add("bandwidth", { rate: 500 });
    const { writer, reader } = await b.connect();
    const data = pattern(300_000);
    const tookMs = await timed(async () => {
      writer.write(data);
      await reader.read(data.length);
    });
    expect(reader.received.equals(data)).to.equal(true);
    expect(tookMs).to.be.at.least(550);
  });

  it("bandwidth of 0 holds the data until it is removed", async () => {
    await using b = await bench();
    await b.add("bandwidth", { rate: 0 });
    const { writer, reader } = await b.connect();
    writer.write("held");
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(reader.receivedBytes).to.equal(0);
    await b.remove();
    expect((await reader.read(4)).toString()).to.equal("held");
  });

  it("bandwidth removed in the middle of a transfer loses nothing", async () => {
    await using b = await bench();
    await b.add("bandwidth", { rate: 20 });
    const { writer, reader } = await b.connect();
    const data = pattern(500_000);
    writer.write(data);
    await reader.read(1);
    await b.remove();
    expect((await reader.read(data.length)).equals(data)).to.equal(true);
  });
}

function describeClosing(bench: MakeBench): void {
  it("slow_close delays the end and nothing else", async () => {
    await using b = await bench();
    await b.add("slow_close", { delay: 300 });
    const { writer, reader } = await b.connect();
    writer.write("data");
    await reader.read(4);
    const tookMs = await timed(async () => {
      writer.socket.end();
      await reader.over();
    });
    expect(tookMs).to.be.at.least(300 - slackMs);
  });

  it("slow_close that is removed closes at once", async () => {
    await using b = await bench();
    await b.add("slow_close", { delay: 3_600_000 });
    const { writer, reader } = await b.connect();
    writer.socket.end("data");
    await reader.read(4);
    await b.remove();
    await reader.over();
  });

  it("timeout lets nothing through and closes the connection", async () => {
    await using b = await bench();
    const { writer, reader } = await b.connect();
    const tookMs = await timed(async () => {
      await b.add("timeout", { timeout: 200 });
      writer.write("lost");
      await Promise.all([reader.over(), writer.over()]);
    });
    expect(reader.receivedBytes).to.equal(0);
    expect(tookMs).to.be.at.least(200 - slackMs);
  });

  it("timeout of 0 lets nothing through, keeps the connection open, and closes it when removed", async () => {
    await using b = await bench();
    const { writer, reader } = await b.connect();
    await b.add("timeout", { timeout: 0 });
    writer.write("lost");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([reader.receivedBytes, reader.ended, writer.ended]).to.deep.equal([0, false, false]);
    await b.remove();
    await Promise.all([reader.over(), writer.over()]);
    expect(reader.receivedBytes).to.equal(0);
  });

  it("timeout does not hold the writer back", async () => {
    await using b = await bench();
    await b.add("timeout", { timeout: 0 });
    const { writer } = await b.connect();
    // More than the kernel's buffers take.
    for (let i = 0; i < 30; i += 1)
      await new Promise<void>((resolve) => writer.socket.write(Buffer.alloc(1_000_000), () => resolve()));
  });

  it("reset_peer resets both sides after data and its timeout", async () => {
    await using b = await bench();
    await b.add("reset_peer", { timeout: 100 });
    const { writer, reader } = await b.connect();
    const tookMs = await timed(async () => {
      writer.write("lost");
      await Promise.all([reader.until(() => reader.closed), writer.until(() => writer.closed)]);
    });
    expect([reader.errorCode, writer.errorCode]).to.deep.equal(["ECONNRESET", "ECONNRESET"]);
    expect(reader.receivedBytes).to.equal(0);
    expect(tookMs).to.be.at.least(100 - slackMs);
  });

  it("reset_peer leaves a silent connection alone", async () => {
    await using b = await bench();
    await b.add("reset_peer", { timeout: 0 });
    const { writer, reader } = await b.connect();
    reader.write("fine");
    await writer.read(4);
    await b.remove();
    writer.write("fine");
    expect((await reader.read(4)).toString()).to.equal("fine");
  });

  it("limit_data lets so many bytes through and closes the connection", async () => {
    await using b = await bench();
    await b.add("limit_data", { bytes: 70_000 });
    const { writer, reader } = await b.connect();
    const data = pattern(200_000);
    writer.write(data.subarray(0, 50_000));
    await reader.read(50_000);
    writer.write(data.subarray(50_000));
    await Promise.all([reader.over(), writer.over()]);
    expect(reader.received.equals(data.subarray(0, 70_000))).to.equal(true);
  });

  it("limit_data counts per connection, and from when it was added", async () => {
    await using b = await bench();
    const old = await b.connect();
    await passageMs(old);
    await b.add("limit_data", { bytes: 8 });
    const young = await b.connect();
    for (const pair of [old, young]) {
      await passageMs(pair);
      pair.writer.write("pongpong");
      await pair.reader.over();
    }
    expect(old.reader.received.toString()).to.equal("pingpingpong");
    expect(young.reader.received.toString()).to.equal("pingpong");
  });

  it("limit_data that is raised goes on counting", async () => {
    await using b = await bench();
    await b.add("limit_data", { bytes: 6 });
    const { writer, reader } = await b.connect();
    writer.write("1234");
    await reader.read(4);
    await b.update({ attributes: { bytes: 9 } });
    writer.write("567890");
    await reader.over();
    expect(reader.received.toString()).to.equal("123456789");
  });
}

function describeSlicing(bench: MakeBench): void {
  it("slicer cuts data into slices with pauses between them", async () => {
    await using b = await bench();
    await b.add("slicer", { average_size: 100, size_variation: 20, delay: 10_000 });
    const { writer, reader } = await b.connect();
    const data = pattern(2_000);
    const tookMs = await timed(async () => {
      writer.write(data);
      await reader.read(data.length);
    });
    expect(reader.received.equals(data)).to.equal(true);
    // Slices are at most 120 bytes: at least 17 of them, with 16 pauses.
    expect(reader.chunks.length).to.be.at.least(10);
    expect(tookMs).to.be.at.least(160 - slackMs);
  });

  it("slicer without pauses loses and reorders nothing", async () => {
    await using b = await bench();
    await b.add("slicer", { average_size: 64, size_variation: 32, delay: 0 });
    const { writer, reader } = await b.connect();
    const data = pattern(200_000);
    writer.socket.end(data);
    await reader.over();
    expect(reader.received.equals(data)).to.equal(true);
  });

  it("slicer removed in the middle of a chunk sends the rest at once", async () => {
    await using b = await bench();
    await b.add("slicer", { average_size: 10, size_variation: 0, delay: 500_000 });
    const { writer, reader } = await b.connect();
    const data = pattern(5_000);
    writer.write(data);
    await reader.read(1);
    await b.remove();
    expect((await reader.read(data.length)).equals(data)).to.equal(true);
  });
}

function describeToxicity(bench: MakeBench): void {
  it("a toxicity of 0 spares every connection", async () => {
    await using b = await bench();
    await b.add("timeout", { timeout: 0 }, { toxicity: 0 });
    for (let i = 0; i < 5; i += 1) await passageMs(await b.connect());
  });

  it("a toxicity of 0.5 strikes some connections and spares others", async () => {
    await using b = await bench();
    await b.add("limit_data", { bytes: 1 }, { toxicity: 0.5 });
    const bytes = await Promise.all(Array.from({ length: 40 }, async () => {
      const { writer, reader } = await b.connect();
      writer.write("ping");
      await Promise.race([reader.over(), reader.read(4)]);
      return reader.receivedBytes;
    }));
    expect(new Set(bytes)).to.deep.equal(new Set([1, 4]));
  });

  it("a toxicity that is raised strikes live connections", async () => {
    await using b = await bench();
    await b.add("latency", { latency: 100 }, { toxicity: 0 });
    const pair = await b.connect();
    await passageMs(pair);
    await b.update({ toxicity: 1 });
    expect(await passageMs(pair)).to.be.at.least(100 - slackMs);
  });
}
