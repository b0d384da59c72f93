import { once } from "node:events";
import { createServer } from "node:net";
import { MonotonicClock } from "../../src/clock.ts";
import { HarnessError } from "../../src/errors.ts";
import { Resources } from "../../src/resources.ts";
import { createLinks } from "../../src/toxiproxy/proxy-links.ts";
import { startToxiproxyProcess } from "../../src/toxiproxy/toxiproxy-process.ts";
import type { ToxiproxyChoice } from "../../src/toxiproxy/choice.ts";
import { startProgram } from "./program.ts";
import { printTable, quantile } from "./table.ts";
import { connectionsPerSecond, dial, pingPongMicroseconds, streamMegabytesPerSecond } from "./traffic.ts";

const rounds = 15;
const streamBytes = 128 * 1024 * 1024;
const pings = 1_000;
const pingBytes = 1_024;
const connections = 200;

type Port = "stream" | "echo";

/** A way to the far ends: their own ports, or those of a proxy before them. */
interface Route extends Readonly<Record<Port, number>> {
  readonly name: string;
  /** What happens to the proxy while a connection is open and idle. */
  readonly meanwhile?: (port: Port) => Promise<void>;
}

/**
 * The embedded Toxiproxy beside the real server, a plain pipe in node and no proxy at all.
 * Every figure of the first row is 1: the real server's where there is one on the PATH.
 * A busy machine gives a server of many threads more of itself than one of a single thread:
 * figures are worth something only on one that has a core to spare.
 */
export async function benchProxy(): Promise<void> {
  await using resources = new Resources();
  const far = {
    stream: resources.use(await startProgram("far-end.ts", "count", String(streamBytes))).port,
    echo: resources.use(await startProgram("far-end.ts", "echo")).port,
  };
  const [stream = 0, echo = 0] = await Promise.all(
    [far.stream, far.echo].map(async (port) => resources.use(await startProgram("node-pipe.ts", String(port))).port),
  );
  const routes: readonly Route[] = [
    ...(await throughToxiproxy("real Toxiproxy", { kind: "auto" }, far, resources)),
    { name: "a plain node pipe", stream, echo },
    { name: "direct", ...far },
    ...(await throughToxiproxy("embedded Toxiproxy", { kind: "embedded" }, far, resources)),
  ];
  const streams = await inTurns(routes, async (route) => streamMegabytesPerSecond(await connected(route, "stream"), streamBytes));
  const pingTimes = await inTurns(routes, async (route) => pingPongMicroseconds(await connected(route, "echo"), pings, pingBytes));
  const opened = await inTurns(routes, async (route) => connectionsPerSecond(route.echo, connections));
  printTable(`one stream of ${streamBytes / 1024 / 1024} MiB`, "MB/s", streams);
  for (const p of [0.5, 0.99]) {
    printTable(`ping-pong of ${pingBytes} B, p${p * 100} of ${pings}`, "µs", pingTimes.map(({ name, values }) => ({ name, values: values.map((times) => quantile(times, p)) })));
  }
  printTable(`connections opened, answered and closed, ${connections} by eight clients`, "a second", opened);
}

/** The server's two routes: as it starts, and after a toxic that came and went. None when the real one is not to be found. */
async function throughToxiproxy(name: string, choice: ToxiproxyChoice, far: Readonly<Record<Port, number>>, resources: Resources): Promise<Route[]> {
  const [api = 0, stream = 0, echo = 0] = await freePorts(3);
  const server = await startToxiproxyProcess(choice, `127.0.0.1:${api}`, `bench-${process.pid}`, new MonotonicClock());
  resources.use(server);
  if (choice.kind === "auto" && server.origin.source === "embedded") {
    process.stdout.write("no toxiproxy-server on PATH: the real one is left out\n");
    return [];
  }
  const way = (to: Port, port: number) => ({ from: "bench", to, listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${far[to]}`, reachable: `127.0.0.1:${port}` });
  const links = await createLinks(`http://127.0.0.1:${api}`, [way("stream", stream), way("echo", echo)]);
  const route = { name: `${name} ${server.origin.version}`, stream, echo };
  const meanwhile = async (to: Port): Promise<void> => {
    const latency = await links.between("bench", to).impair({ type: "latency", latencyMs: 1, jitterMs: 0, streams: "both", toxicity: 1 });
    await latency.lift();
  };
  return choice.kind === "auto" ? [route] : [route, { name: "  after a toxic that was lifted", stream, echo, meanwhile }];
}

/** An open connection of the route, with all that happens to it before it carries anything. */
async function connected(route: Route, port: Port) {
  const socket = await dial(route[port]);
  await route.meanwhile?.(port);
  return socket;
}

/** Measures every route once a round, each round from another one on; the first round only warms up. */
async function inTurns<T>(routes: readonly Route[], measure: (route: Route) => Promise<T>): Promise<{ name: string; values: T[] }[]> {
  const rows = routes.map((route) => ({ name: route.name, route, values: new Array<T>() }));
  for (let round = 0; round <= rounds; round++) {
    const first = round % rows.length;
    for (const { route, values } of [...rows.slice(first), ...rows.slice(0, first)]) {
      const value = await measure(route);
      if (round > 0) values.push(value);
    }
  }
  return rows;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new HarnessError("environment", "a server that listens has no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
