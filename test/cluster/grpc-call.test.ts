import { expect } from "chai";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { callGrpc } from "../../src/cluster/grpc-call.ts";
import { hashKv } from "../../src/cluster/hash-kv.ts";
import { messageOf } from "../../src/errors.ts";

interface Speaking extends AsyncDisposable {
  readonly url: string;
}

/** A server that speaks HTTP/2 without TLS, as etcd does. */
async function speaking(answer: (stream: ServerHttp2Stream, body: Buffer, path: string) => void): Promise<Speaking> {
  const server: Http2Server = createServer();
  const open = new Set<ServerHttp2Stream>();
  server.on("stream", (stream, headers) => {
    open.add(stream);
    stream.on("error", () => undefined);
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => answer(stream, Buffer.concat(chunks), String(headers[":path"])));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const stream of open) stream.session?.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a message, then with the status that a call ended with. */
function answerWith(stream: ServerHttp2Stream, message: Buffer, status = "0"): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
}

const failure = (call: Promise<unknown>): Promise<string> => call.then(() => expect.fail("it was answered"), messageOf);

describe("a gRPC call", () => {
  it("sends its message and gives that of the answer", async () => {
    let sent: unknown;
    await using server = await speaking((stream, body, path) => {
      sent = { path, body: [...body] };
      answerWith(stream, Buffer.from([1, 2, 3]));
    });
    expect([...(await callGrpc(server.url, "/x/Y", Buffer.from([9, 8]), 5_000))]).to.deep.equal([1, 2, 3]);
    expect(sent).to.deep.equal({ path: "/x/Y", body: [0, 0, 0, 0, 2, 9, 8] });
  });

  it("fails with the server's words where it is refused", async () => {
    await using server = await speaking((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "11", "grpc-message": "a future%20revision" }, { endStream: true });
    });
    expect(await failure(callGrpc(server.url, "/x/Y", Buffer.alloc(0), 5_000))).to.equal("it refuses /x/Y: a future revision");
  });

  it("fails where the status says so after a message", async () => {
    await using server = await speaking((stream) => answerWith(stream, Buffer.from([1]), "14"));
    expect(await failure(callGrpc(server.url, "/x/Y", Buffer.alloc(0), 5_000))).to.equal("it refuses /x/Y: gRPC status 14");
  });

  it("fails where the connection ends, is refused, or nothing comes in time", async () => {
    await using ending = await speaking((stream) => stream.session?.destroy());
    expect(await failure(callGrpc(ending.url, "/x/Y", Buffer.alloc(0), 5_000))).to.match(/ended before the answer was whole|hang up|ECONNRESET|closed/);
    await using silent = await speaking(() => undefined);
    expect(await failure(callGrpc(silent.url, "/x/Y", Buffer.alloc(0), 100))).to.equal("no answer within 100 ms");
    expect(await failure(callGrpc("http://127.0.0.1:1", "/x/Y", Buffer.alloc(0), 5_000))).to.include("ECONNREFUSED");
  });
});

describe("hashKv", () => {
  it("asks for a revision and reads what etcd answers, a compact revision of -1 too", async () => {
    let sent: number[] = [];
    await using server = await speaking((stream, body) => {
      sent = [...body];
      // header { cluster_id: 300, revision: 1496 }, hash: 2065053643, compact_revision: -1
      answerWith(stream, Buffer.from([0x0a, 6, 0x08, 0xac, 2, 0x18, 0xd8, 11, 0x10, 0xcb, 0xef, 0xd8, 0xd8, 7, 0x18, ...Array.from({ length: 9 }, () => 0xff), 1]));
    });
    expect(await hashKv(server.url, 300)).to.deep.equal({ hash: 2065053643, compactRevision: -1, revision: 1496 });
    expect(sent).to.deep.equal([0, 0, 0, 0, 3, 0x08, 0xac, 2]);
  });

  it("names the member that tells none", async () => {
    expect(await failure(hashKv("http://127.0.0.1:1", 5))).to.match(/^http:\/\/127\.0\.0\.1:1 tells no hash of its store: .*ECONNREFUSED/);
  });
});
