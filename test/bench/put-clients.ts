import { MonotonicClock } from "../../src/clock.ts";
import { etcdEndpoint, type Endpoint } from "../../src/workloads/endpoint.ts";
import { etcd3Endpoint } from "../workloads/etcd3-endpoint.ts";
import { Http2Puts } from "./http2-puts.ts";

/*
 * Clients that put one value after the other, each on a connection of its own, and nothing around them:
 * `put-clients.ts KIND URL CLIENTS MS` prints how many puts there were in how long, and the CPU time of this process.
 */
const [kind = "", url = "", clientsText, durationText] = process.argv.slice(2);
const clock = new MonotonicClock();
const timeoutMs = 30_000;
const warmUpMs = 1_000;

type Put = (key: string, value: string) => Promise<unknown>;

function putterOf(kind: string): { readonly put: Put; readonly close: () => void } {
  if (kind === "node:http2") {
    const client = new Http2Puts(url);
    return { put: (key, value) => client.put(key, value, timeoutMs), close: () => client.close() };
  }
  const make = kind === "etcd3" ? etcd3Endpoint : etcdEndpoint;
  const endpoint: Endpoint = make({ url, timeoutMs, clock });
  return { put: (key, value) => endpoint.perform({ op: "put", key, value }), close: () => endpoint.close() };
}

const clients = Array.from({ length: Number(clientsText) }, () => putterOf(kind));
let count = 0;
let goesOn = true;
const working = clients.map(async ({ put }, client) => {
  for (let sequence = 0; goesOn; sequence += 1) {
    await put(`k${(client * 10 + sequence) % 1_000}`, `${client}-${sequence}`.padEnd(16, "."));
    count += 1;
  }
});
// What connecting and compiling cost does not count.
await Promise.race([clock.sleep(warmUpMs), ...working]);
const [countBefore, beganMs, cpuBefore] = [count, clock.nowMs(), process.cpuUsage()];
await Promise.race([clock.sleep(Number(durationText)), ...working]);
const { user, system } = process.cpuUsage(cpuBefore);
const [puts, ms] = [count - countBefore, clock.nowMs() - beganMs];
goesOn = false;
await Promise.all(working);
process.stdout.write(`${JSON.stringify({ puts, ms, cpuMs: (user + system) / 1_000, putsInAll: count })}\n`);
for (const { close } of clients) close();
