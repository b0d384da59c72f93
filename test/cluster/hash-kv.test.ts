import { expect } from "chai";
import { hashKv } from "../../src/cluster/hash-kv.ts";
import { messageOf } from "../../src/errors.ts";
import { answer, refuse, serveHttp2 } from "../grpc/servers.ts";

const failure = (call: Promise<unknown>): Promise<string> => call.then(() => expect.fail("it was answered"), messageOf);

describe("hashKv", () => {
  it("asks for a revision and reads what etcd answers, a compact revision of -1 too", async () => {
    const sent: number[] = [];
    await using server = await serveHttp2((stream) => {
      stream.on("data", (chunk: Buffer) => sent.push(...chunk));
      // header { cluster_id: 300, revision: 1496 }, hash: 2065053643, compact_revision: -1
      stream.on("end", () => answer(stream, [Buffer.from([0x0a, 6, 0x08, 0xac, 2, 0x18, 0xd8, 11, 0x10, 0xcb, 0xef, 0xd8, 0xd8, 7, 0x18, ...Array.from({ length: 9 }, () => 0xff), 1])]));
    });
    expect(await hashKv(server.url, 300)).to.deep.equal({ hash: 2065053643, compactRevision: -1, revision: 1496 });
    expect(sent).to.deep.equal([0, 0, 0, 0, 3, 0x08, 0xac, 2]);
  });

  it("names the member that tells none, and says why", async () => {
    expect(await failure(hashKv("http://127.0.0.1:1", 5))).to.match(/^http:\/\/127\.0\.0\.1:1 tells no hash of its store: .*ECONNREFUSED/);
    await using refusing = await serveHttp2((stream) => refuse(stream, 11, "a future%20revision"));
    expect(await failure(hashKv(refusing.url, 5))).to.match(/tells no hash of its store: 11 OUT_OF_RANGE: a future revision$/);
    await using silent = await serveHttp2(() => undefined);
    expect(await failure(hashKv(silent.url, 5, 100))).to.match(/tells no hash of its store: 4 DEADLINE_EXCEEDED: no answer in time$/);
    await using ending = await serveHttp2((stream) => stream.session?.destroy());
    expect(await failure(hashKv(ending.url, 5))).to.match(/tells no hash of its store: 14 UNAVAILABLE: /);
  });
});
