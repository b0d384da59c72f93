import { createServer } from "node:http";

import { expect } from "chai";

import { MemberHttp } from "../../src/observe/http.ts";
import { serving } from "../support/serving.ts";

const get = { method: "GET", path: "/x", timeLimitMs: 5000 } as const;
const failureOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(() => "an answer", (error: unknown) => (error instanceof Error ? error.message : "no Error"));

describe("HTTP to a member", () => {
  it("sends method, path and body, and gives status and body", async () => {
    await using served = await serving((request, response) => {
      request.setEncoding("utf8").on("data", (body: string) => {
        response.writeHead(503).end(`${request.method} ${request.url} ${body} é`);
      });
    });
    using http = new MemberHttp(served.url);
    const answer = await http.ask({ method: "POST", path: "/a?b=c", body: "{}", timeLimitMs: 5000 });
    expect(answer).to.deep.equal({ status: 503, body: "POST /a?b=c {} é" });
  });

  it("keeps its connection from one question to the next", async () => {
    await using served = await serving((_request, response) => void response.end("ok"));
    using http = new MemberHttp(served.url);
    let connections = 0;
    served.server.on("connection", () => (connections += 1));
    for (let i = 0; i < 5; i += 1) await http.ask(get);
    expect(connections).to.equal(1);
  });

  it("fails when nobody listens, saying so", async () => {
    const { url, ...served } = await serving(() => undefined);
    await served[Symbol.asyncDispose]();
    using http = new MemberHttp(url);
    expect(await failureOf(http.ask(get))).to.include("ECONNREFUSED");
  });

  it("fails when there is no answer in time, and does not wait for the rest of one", async () => {
    await using served = await serving((request, response) => {
      if (request.url === "/half") response.write("half of it");
    });
    using http = new MemberHttp(served.url);
    for (const path of ["/never", "/half"]) {
      expect(await failureOf(http.ask({ ...get, path, timeLimitMs: 50 }))).to.equal("no answer within 50 ms");
    }
  });

  it("fails when the connection breaks before or within the answer", async () => {
    await using served = await serving((request, response) => {
      if (request.url === "/half") response.writeHead(200, { "content-length": 100 }).write("half of it");
      setImmediate(() => request.socket.destroy());
    });
    using http = new MemberHttp(served.url);
    for (const path of ["/before", "/half"]) {
      expect(await failureOf(http.ask({ ...get, path }))).to.include("ECONNRESET");
    }
  });

  it("fails on what is not HTTP", async () => {
    await using served = await serving((request) => void request.socket.end("SSH-2.0-OpenSSH\r\n"));
    using http = new MemberHttp(served.url);
    expect(await failureOf(http.ask(get))).to.match(/HPE_|Parse Error/);
  });

  it("fails on an answer without end", async () => {
    await using served = await serving((_request, response) => {
      const more = (): void => void response.write("x".repeat(1024 * 1024), (error) => error ?? more());
      more();
    });
    using http = new MemberHttp(served.url);
    expect(await failureOf(http.ask(get))).to.equal(`the answer is larger than ${8 * 1024 * 1024} bytes`);
  });

  it("goes on after the server was away", async () => {
    const first = await serving((_request, response) => void response.end("first"));
    const port = Number(new URL(first.url).port);
    using http = new MemberHttp(first.url);
    await http.ask(get);
    await first[Symbol.asyncDispose]();
    await failureOf(http.ask(get));
    const second = createServer((_request, response) => void response.end("second"));
    await new Promise<void>((resolve) => second.listen(port, "127.0.0.1", resolve));
    expect(await http.ask(get)).to.deep.equal({ status: 200, body: "second" });
    second.closeAllConnections();
    await new Promise((resolve) => second.close(resolve));
  });
});
