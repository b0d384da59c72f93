import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { MonotonicClock } from "../../src/clock.ts";
import { HarnessError } from "../../src/errors.ts";
import { Resources } from "../../src/resources.ts";
import { createLinks } from "../../src/toxiproxy/proxy-links.ts";
import { startToxiproxyProcess } from "../../src/toxiproxy/toxiproxy-process.ts";
import type { ToxiproxyChoice } from "../../src/toxiproxy/choice.ts";
import { startProgram } from "./program.ts";
import { median, printTable } from "./table.ts";

const rounds = 5;
const streamBytes = 256 * 1024 * 1024;
const pings = 2_000;
const pingBytes = 1_024;
const clock = new MonotonicClock();

/** A way to the far ends: their own ports, or those of a proxy before them. */
interface Route {
  readonly name: string;
  readonly stream: number;
  readonly echo: number;
}

/** How fast a stream and how quick a ping-pong goes through the embedded Toxiproxy, a bare pipe, and the real server. */
export async function benchLinks(): Promise<void> {
  await using resources = new Resources();
  const far = {
    stream: resources.use(await startProgram("far-end.ts", "count", String(streamBytes))).port,
    echo: resources.use(await startProgram("far-end.ts", "echo")).port,
  };
  const pipes = await Promise.all([far.stream, far.echo].map(async (port) => resources.use(await startProgram("node-pipe.ts", String(port))).port));
  const routes: Route[] = [{ name: "a node pipe", stream: pipes[0] ?? 0, echo: pipes[1] ?? 0 }, { name: "direct", ...far }];
  for (const [name, choice] of [["embedded Toxiproxy", { kind: "embedded" }], ["real Toxiproxy", { kind: "auto" }]] as const) {
    const route = await throughToxiproxy(name, choice, far, resources);
    if (route !== undefined) routes.push(route);
  }
  const streams = await inTurns(routes, async ({ stream }) => streamMegabytesPerSecond(stream));
  const pingTimes = await inTurns(routes, async ({ echo }) => median(await pingPongMicroseconds(echo)));
  printTable(`one stream of ${streamBytes / 1024 / 1024} MiB`, "MB/s", streams);
  printTable(`ping-pong of ${pingBytes} B, median of ${pings}`, "µs", pingTimes);
}

/** Undefined when the server that was to be found turns out to be the embedded one. */
async function throughToxiproxy(name: string, choice: ToxiproxyChoice, far: Omit<Route, "name">, resources: Resources): Promise<Route | undefined> {
  const [api, stream, echo] = await freePorts(3);
  const server = await startToxiproxyProcess(choice, `127.0.0.1:${api}`, `bench-${process.pid}`, clock);
  resources.use(server);
  if (choice.kind === "auto" && server.origin.source === "embedded") {
    process.stdout.write("no toxiproxy-server on PATH: the real one is left out\n");
    return undefined;
  }
  const way = (to: string, port: number | undefined, upstream: number) => ({ from: "bench", to, listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstream}`, reachable: `127.0.0.1:${port}` });
  await createLinks(`http://127.0.0.1:${api}`, [way("stream", stream, far.stream), way("echo", echo, far.echo)]);
  return { name: `${name} ${server.origin.version}`, stream: stream ?? 0, echo: echo ?? 0 };
}

/** Measures every route once a round, so that a busy moment of the machine does not hit one alone. */
async function inTurns(routes: readonly Route[], measure: (route: Route) => Promise<number>): Promise<{ name: string; values: number[] }[]> {
  const rows = routes.map(({ name }) => ({ name, values: new Array<number>() }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, route] of routes.entries()) rows[index]?.values.push(await measure(route));
  }
  return rows;
}

async function streamMegabytesPerSecond(port: number): Promise<number> {
  const socket = await dial(port);
  const chunk = Buffer.alloc(64 * 1024, "x");
  const done = once(socket, "data");
  const beganMs = clock.nowMs();
  for (let sentBytes = 0; sentBytes < streamBytes; sentBytes += chunk.length) {
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  await done;
  const tookMs = clock.nowMs() - beganMs;
  socket.destroy();
  return streamBytes / 1_000 / tookMs;
}

async function pingPongMicroseconds(port: number): Promise<number[]> {
  const socket = await dial(port);
  const ball = Buffer.alloc(pingBytes, "x");
  const times: number[] = [];
  for (let turn = 0; turn < pings; turn++) {
    const beganMs = clock.nowMs();
    socket.write(ball);
    await received(socket, pingBytes);
    times.push((clock.nowMs() - beganMs) * 1_000);
  }
  socket.destroy();
  return times;
}

function received(socket: Socket, bytes: number): Promise<void> {
  let leftBytes = bytes;
  return new Promise((resolve) => {
    const onData = (chunk: Buffer): void => {
      leftBytes -= chunk.length;
      if (leftBytes > 0) return;
      socket.off("data", onData);
      resolve();
    };
    socket.on("data", onData);
  });
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
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
