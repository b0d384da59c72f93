import { expect } from "chai";
import fc from "fast-check";
import { startToxiproxy } from "../../../src/toxiproxy/server/server.ts";
import { Api, pattern } from "./api.ts";
import { listenTcp } from "./tcp.ts";

/** Toxics that delay and cut, but may neither lose nor reorder. */
const toxic = fc.oneof(
  fc.record({ latency: fc.nat(25), jitter: fc.nat(10) }).map((attributes) => ({ type: "latency", attributes })),
  fc.record({ rate: fc.integer({ min: 5_000, max: 100_000 }) }).map((attributes) => ({ type: "bandwidth", attributes })),
  fc.record({ average_size: fc.integer({ min: 100, max: 20_000 }), size_variation: fc.nat(99), delay: fc.nat(300) })
    .map((attributes) => ({ type: "slicer", attributes })),
  fc.record({ delay: fc.nat(50) }).map((attributes) => ({ type: "slow_close", attributes })),
  fc.record({ bytes: fc.constant(1e12) }).map((attributes) => ({ type: "limit_data", attributes })),
  fc.constant({ type: "noop", attributes: {} }),
);

const stream = fc.constantFrom("upstream" as const, "downstream" as const);
const name = fc.constantFrom("a", "b", "c", "d");

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), stream, bytes: fc.integer({ min: 1, max: 200_000 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add" as const), stream, name, toxic, toxicity: fc.constantFrom(1, 1, 0.5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("update" as const), name, toxicity: fc.constantFrom(0, 1), latency: fc.nat(25) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(15) }) },
);

describe("a stream through toxics that are added, updated and removed while it flows", () => {
  it("arrives whole and in order, in both directions", async () => {
    await using toxiproxy = await startToxiproxy({ port: 0 });
    await using server = await listenTcp();
    const api = new Api(() => toxiproxy.url);

    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const proxy = await api.proxyTo(server.address);
      using pair = await api.connect(proxy, server);
      const { client, upstream } = pair;
      const sent = { upstream: Buffer.alloc(0), downstream: Buffer.alloc(0) };
      const path = `/proxies/${proxy.name}/toxics`;

      for (const [index, each] of steps.entries()) {
        if (each.do === "write") {
          const data = pattern(each.bytes, index + 1);
          sent[each.stream] = Buffer.concat([sent[each.stream], data]);
          (each.stream === "upstream" ? client : upstream).write(data);
        } else if (each.do === "add") await api.call("POST", path, { ...each.toxic, name: each.name, stream: each.stream, toxicity: each.toxicity });
        else if (each.do === "update") await api.call("PATCH", `${path}/${each.name}`, { toxicity: each.toxicity, attributes: { latency: each.latency } });
        else if (each.do === "remove") await api.call("DELETE", `${path}/${each.name}`);
        else await new Promise((resolve) => setTimeout(resolve, each.ms));
      }

      client.socket.end();
      upstream.socket.end();
      await Promise.all([client.over(), upstream.over()]);
      expect(upstream.received.equals(sent.upstream), "upstream").to.equal(true);
      expect(client.received.equals(sent.downstream), "downstream").to.equal(true);
      await proxy.remove();
    }), { numRuns: 40, endOnFailure: true });
  }).timeout(60_000);
});
