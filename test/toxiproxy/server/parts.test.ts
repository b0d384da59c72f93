import { expect } from "chai";
import fc from "fast-check";
import { formatAddress, listensOn, parseAddress, resolveHost } from "../../../src/toxiproxy/server/address.ts";
import { ChunkQueue } from "../../../src/toxiproxy/server/chunk-queue.ts";
import { Metrics } from "../../../src/toxiproxy/server/metrics.ts";
import { Mutex } from "../../../src/toxiproxy/server/mutex.ts";
import type { Ending } from "../../../src/toxiproxy/server/receiver.ts";
import { Stage } from "../../../src/toxiproxy/server/stage.ts";
import type { ToxicType } from "../../../src/toxiproxy/server/toxics/toxic.ts";
import { sliceSizes } from "../../../src/toxiproxy/server/toxics/slicer.ts";

describe("addresses", () => {
  for (const [text, host, port] of [
    ["", "", 0], [":80", "", 80], ["localhost:0", "localhost", 0], ["127.0.0.1:65535", "127.0.0.1", 65535],
    ["[::1]:2380", "::1", 2380], ["[::]:0", "::", 0], ["peer-2.chaos:2380", "peer-2.chaos", 2380],
  ] as const)
    it(`reads "${text}"`, () => expect(parseAddress(text)).to.deep.equal({ host, port }));

  for (const [text, why] of [
    ["localhost", "missing port"], ["[::1]", "missing port"], ["::1:80", "too many colons"],
    ["a:65536", "invalid port"], ["a:http", "invalid port"], ["a:-1", "invalid port"],
  ] as const)
    it(`refuses "${text}": ${why}`, () => expect(() => parseAddress(text)).to.throw(why).with.property("status", 500));

  it("are shown as they are read", () => {
    for (const text of ["127.0.0.1:1", "[::1]:1", "host:1", ":1"]) expect(formatAddress(parseAddress(text))).to.equal(text);
  });

  it("prefer IPv4 for a host name, and refuse a name that nobody knows", async () => {
    expect(await resolveHost({ host: "localhost", port: 1 })).to.deep.equal({ host: "127.0.0.1", port: 1 });
    const error = await resolveHost({ host: "nobody.invalid", port: 1 }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("status", 500);
  });

  it("are the same when they mean the same", async () => {
    expect(await listensOn("127.0.0.1:80", "localhost:80")).to.equal(true);
    expect(await listensOn("[::]:80", ":80")).to.equal(true);
    expect(await listensOn("127.0.0.1:80", "127.0.0.1:81")).to.equal(false);
    expect(await listensOn("127.0.0.1:80", "127.0.0.1:0")).to.equal(false);
  });
});

describe("a queue of chunks", () => {
  it("gives back the bytes it was given, in order and in any portions, and then costs nothing", () => {
    fc.assert(fc.property(
      fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 30 })), { maxLength: 300 }),
      (steps) => {
        const queue = new ChunkQueue();
        const pushed: Buffer[] = [];
        const taken: Buffer[] = [];
        const take = (bytes?: number) => {
          const chunk = queue.take(bytes);
          if (chunk) taken.push(chunk.data);
          return chunk;
        };
        for (const step of steps) {
          if (typeof step === "number") expect(take(step)?.data.length ?? 0).to.be.at.most(step);
          else {
            pushed.push(Buffer.from(step));
            queue.push({ data: Buffer.from(step), atMs: 0 });
            expect(queue.costBytes).to.be.greaterThan(0);
          }
        }
        while (take());
        expect(Buffer.concat(taken).equals(Buffer.concat(pushed))).to.equal(true);
        expect(queue.costBytes).to.equal(0);
        expect(queue.head).to.equal(undefined);
      },
    ));
  });
});

describe("slices", () => {
  it("cover the data, are never empty, and are at most average + variation long", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 6_000 }), fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (length, average, variation, numbers) => {
        const sizes = sliceSizes(length, average, variation, () => numbers.next().value);
        expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(length);
        expect(Math.min(...sizes)).to.be.at.least(1);
        expect(Math.max(...sizes)).to.be.at.most(average + variation);
      },
    ));
  });

  it("are one when the average is 0", () => expect(sliceSizes(100, 0, 0, () => 0.5)).to.deep.equal([100]));
});

describe("metrics", () => {
  it("escape what Prometheus would misread", () => {
    const metrics = new Metrics();
    metrics.counters({ direction: "upstream", proxy: 'a"b\\c\nd', listener: "l", upstream: "u" }).sentBytes = 7;
    expect(metrics.expose()).to.contain('toxiproxy_proxy_sent_bytes_total{direction="upstream",listener="l",proxy="a\\"b\\\\c\\nd",upstream="u"} 7\n');
  });
});

describe("a mutex", () => {
  it("runs tasks one after the other, also after one that failed", async () => {
    const mutex = new Mutex();
    const seen: string[] = [];
    const task = (id: string, fails = false) => mutex.run(async () => {
      seen.push(`${id} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${id} ends`);
      if (fails) throw new Error(id);
    });
    const results = await Promise.allSettled([task("a", true), task("b")]);
    expect(results.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled"]);
    expect(seen).to.deep.equal(["a begins", "a ends", "b begins", "b ends"]);
  });
});

describe("a stage", () => {
  /** A toxic that tells which of its runs forwarded what. */
  const createTelltale = () => {
    const told: string[] = [];
    let runs = 0;
    const type: ToxicType = {
      type: "telltale",
      defaults: {},
      attach: () => ({
        async pipe(flow) {
          const run = (runs += 1);
          for (let head = await flow.head(); head !== "end"; head = await flow.head()) {
            told.push(`run ${run}: ${head.data.toString()}`);
            await flow.forward();
          }
          told.push(`run ${run}: end`);
          flow.finish();
        },
      }),
    };
    return { type, told };
  };

  const createStage = (type: ToxicType) => {
    const received: string[] = [];
    const next = {
      full: false,
      onRoom: () => undefined,
      push: ({ data }: { data: Buffer }) => void received.push(data.toString()),
      end: (ending: Ending) => void received.push(ending),
    };
    const toxic = { name: "t", type, stream: "upstream" as const, toxicity: 1, attributes: {} };
    const stage = new Stage(toxic, next, { clock: { nowMs: () => 0 }, random: () => 0, reset: () => undefined });
    return { stage, next, received };
  };

  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const chunk = (text: string) => ({ data: Buffer.from(text), atMs: 0 });

  it("lets only the newest run act, even when an older one has just been woken", async () => {
    const { type, told } = createTelltale();
    const { stage, next, received } = createStage(type);
    next.full = true;
    stage.restart();
    await settled();
    stage.push(chunk("a"));
    stage.restart();
    await settled();
    next.full = false;
    stage.roomAhead();
    stage.end("fin");
    await settled();
    expect(told).to.deep.equal(["run 2: a", "run 2: end"]);
    expect(received).to.deep.equal(["a", "fin"]);
  });

  it("waits while the next receiver is full, and goes on where it stopped", async () => {
    const { stage, next, received } = createStage(createTelltale().type);
    next.full = true;
    stage.restart();
    for (const text of "abc") stage.push(chunk(text));
    await settled();
    stage.restart();
    await settled();
    expect(received).to.deep.equal([]);
    next.full = false;
    stage.roomAhead();
    await settled();
    expect(received).to.deep.equal(["a", "b", "c"]);
  });

  it("hands on what it holds when it retires, and takes nothing more", async () => {
    const { stage, next, received } = createStage(createTelltale().type);
    next.full = true;
    stage.restart();
    stage.push(chunk("a"));
    stage.end("fin");
    await settled();
    stage.retire();
    stage.push(chunk("b"));
    await settled();
    expect(received).to.deep.equal(["a", "fin"]);
  });

  it("is full at its budget, and says when it has room again", async () => {
    const { stage, next } = createStage(createTelltale().type);
    let rooms = 0;
    stage.onRoom = () => void (rooms += 1);
    next.full = true;
    stage.restart();
    stage.push(chunk("x".repeat(60_000)));
    expect(stage.full).to.equal(false);
    stage.push(chunk("x".repeat(60_000)));
    expect(stage.full).to.equal(true);
    next.full = false;
    stage.roomAhead();
    await settled();
    expect([stage.full, rooms]).to.deep.equal([false, 1]);
  });
});
