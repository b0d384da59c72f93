import { once } from "node:events";
import { constants, createServer as createHttp2Server, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream, type Settings } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import type { Frame } from "../../src/grpc/frame.ts";
import { FrameReader } from "../../src/grpc/frame-reader.ts";

/** A server here, until it is disposed. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

/** A server whose HTTP/2 is Node's; it is given each call. */
export async function serveHttp2(onCall: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void, settings: Settings = {}, paddingStrategy = constants.PADDING_STRATEGY_NONE): Promise<Listening & { readonly sessions: readonly ServerHttp2Session[] }> {
  const server = createHttp2Server({ settings, paddingStrategy });
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    onCall(stream, headers);
  });
  const port = await listening(server);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sessions,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that speaks no protocol; it is given each connection. */
export async function serveTcp(onSocket: (socket: Socket) => void): Promise<Listening & { readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  const port = await listening(server);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const prefaceBytes = 24;

/** A server whose frames are the test's: it says these bytes first, and is given each frame. */
export function serveFrames(first: Buffer, onFrame: (frame: Frame, socket: Socket) => void): ReturnType<typeof serveTcp> {
  return serveTcp((socket) => {
    const reader = new FrameReader();
    let prefaceLeft = prefaceBytes;
    socket.write(first);
    socket.on("data", (chunk) => {
      const frames = chunk.subarray(prefaceLeft);
      prefaceLeft = Math.max(0, prefaceLeft - chunk.length);
      reader.push(frames, (frame) => onFrame(frame, socket));
    });
  });
}

async function listening(server: Server | Http2Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface Answering {
  readonly status?: number;
  readonly message?: string;
}

/** Answers a call with messages and a status, as a gRPC server does. */
export function answer(stream: ServerHttp2Stream, messages: readonly Buffer[], { status = 0, message }: Answering = {}): void {
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status), ...(message === undefined ? {} : { "grpc-message": message }) }));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  for (const each of messages) stream.write(framed(each));
  stream.end();
}

/** Answers with a status alone. */
export function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": String(status), "grpc-message": message }, { endStream: true });
}

/** A message as gRPC sends it. */
export function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
