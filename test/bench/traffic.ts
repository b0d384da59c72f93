import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { MonotonicClock } from "../../src/clock.ts";

const clock = new MonotonicClock();
const clients = 8;

/** A connection to this port here. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Sends so many bytes to a far end that counts them, until it says that it has them all. */
export async function streamMegabytesPerSecond(socket: Socket, bytes: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const done = once(socket, "data");
  const beganMs = clock.nowMs();
  for (let sentBytes = 0; sentBytes < bytes; sentBytes += chunk.length) {
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  await done;
  const tookMs = clock.nowMs() - beganMs;
  socket.destroy();
  return bytes / 1_000 / tookMs;
}

/** How long each of so many round trips of `bytes` took, one after the other. */
export async function pingPongMicroseconds(socket: Socket, pings: number, bytes: number): Promise<number[]> {
  const ball = Buffer.alloc(bytes, "x");
  const times: number[] = [];
  for (let turn = 0; turn < pings; turn++) {
    const beganMs = clock.nowMs();
    socket.write(ball);
    await received(socket, bytes);
    times.push((clock.nowMs() - beganMs) * 1_000);
  }
  socket.destroy();
  return times;
}

/** Opens so many connections by a few clients; each counts when a byte has come back and both sides have closed. */
export async function connectionsPerSecond(port: number, connections: number): Promise<number> {
  let left = connections;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const socket = await dial(port);
      const closed = once(socket, "close");
      socket.write("x");
      await received(socket, 1);
      socket.end();
      await closed;
    }
  };
  const beganMs = clock.nowMs();
  await Promise.all(Array.from({ length: clients }, client));
  return (connections / (clock.nowMs() - beganMs)) * 1_000;
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
