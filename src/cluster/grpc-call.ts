import { connect, type IncomingHttpHeaders } from "node:http2";
import { HarnessError } from "../errors.ts";
import { TooSlow } from "../http.ts";

/** Before each message: whether it is compressed, and its length. */
const prefixBytes = 5;

/**
 * Calls one method of etcd's gRPC once, for the few that no gateway has, over a connection of its own. Written by hand, since
 * etcd3 and what it needs take a quarter of a second to load, which the harness's own process otherwise does without.
 * @param path `/etcdserverpb.Maintenance/HashKV`
 * @returns the message of the answer
 * @throws Error saying why there is no answer, and HarnessError `cluster` with etcd's own words where it refuses
 */
export function callGrpc(url: string, path: string, message: Buffer, limitMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      session.destroy();
      settle();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const timer = setTimeout(() => fail(new TooSlow(`no answer within ${limitMs} ms`)), limitMs);
    session.on("error", fail);
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
    const chunks: Buffer[] = [];
    let status: IncomingHttpHeaders = {};
    // A refusal without a message has its status in the headers.
    stream.on("response", (headers) => (status = headers));
    stream.on("trailers", (trailers) => (status = trailers));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", fail);
    stream.on("close", () => {
      const refused = refusalIn(status, path);
      if (refused !== undefined) return fail(refused);
      end(() => resolve(Buffer.concat(chunks).subarray(prefixBytes)));
    });
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}

function refusalIn({ "grpc-status": status, "grpc-message": words }: IncomingHttpHeaders, path: string): Error | undefined {
  if (status === "0") return undefined;
  if (status === undefined) return new Error("the connection ended before the answer was whole");
  const said = typeof words === "string" && words !== "" ? decodeURIComponent(words) : `gRPC status ${String(status)}`;
  return new HarnessError("cluster", `it refuses ${path}: ${said}`);
}
