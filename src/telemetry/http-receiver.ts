import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { messageOf } from "../errors.ts";
import { fromJson, fromProtobuf, signals, type Signal } from "./otlp-messages.ts";
import type { Intake } from "./intake.ts";
import { cannotListen, loopback, requestBytesMax, type Receiver } from "./receiver.ts";

const unpack = promisify(gunzip);
const names: readonly Signal[] = ["traces", "logs"];

/**
 * Takes OTLP over HTTP, as protobuf or JSON, packed by gzip or not.
 * @param port 0 for any that is free
 * @throws HarnessError `environment` where the port is taken
 */
export async function openHttpReceiver(port: number, intake: Intake): Promise<Receiver> {
  const from = "OTLP over HTTP";
  const server = createServer((request, response) => {
    answer(request, from, intake).then(
      ({ status, type, body }) => reply(response, status, type, body),
      (error: unknown) => reply(response, 400, "text/plain", messageOf(error)),
    );
  });
  await listening(server, port);
  intake.opened(from);
  const { port: taken } = addressOf(server);
  return {
    address: `${loopback}:${taken}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const refusal = (status: number, body: string): Reply => ({ status, type: "text/plain", body });

async function answer(request: IncomingMessage, from: string, intake: Intake): Promise<Reply> {
  const signal = names.find((each) => signals[each].path === request.url);
  if (signal === undefined) return refusal(404, `only ${names.map((each) => signals[each].path).join(" and ")} are taken`);
  if (request.method !== "POST") return refusal(405, "only POST is taken");
  const type = request.headers["content-type"]?.split(";")[0]?.trim() ?? "";
  if (type !== "application/json" && type !== "application/x-protobuf") return refusal(415, "only application/json and application/x-protobuf are taken");
  const body = await bodyOf(request);
  if (body === undefined) return refusal(413, `a request may have ${requestBytesMax} bytes at most`);
  const otlp = type === "application/json" ? fromJson(signal, body.toString("utf8")) : fromProtobuf(signal, body);
  if (otlp === undefined) return refusal(400, `there is no ${signals[signal].list} in it`);
  intake.take(from, otlp, body.length);
  // All was taken: the answer is an empty message, which as protobuf has no bytes.
  return { status: 200, type, body: type === "application/json" ? "{}" : "" };
}

/** Undefined where it is too large, packed or unpacked. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Buffer> = request;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > requestBytesMax) return undefined;
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  const coding = request.headers["content-encoding"] ?? "identity";
  if (coding === "identity") return body;
  if (coding !== "gzip") throw new Error(`the content-encoding ${coding} is not taken, only gzip`);
  return unpack(body, { maxOutputLength: requestBytesMax });
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  // What is left of a request that was refused early is not read.
  response.writeHead(status, { "content-type": type, ...(status === 200 ? {} : { connection: "close" }) }).end(body);
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, loopback);
  await once(server, "listening").catch((cause: unknown) => {
    throw cannotListen("HTTP", port, cause);
  });
}

function addressOf(server: Server): Pick<AddressInfo, "port"> {
  const address = server.address();
  return typeof address === "object" && address !== null ? address : { port: 0 };
}
