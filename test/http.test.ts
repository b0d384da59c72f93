import type { RequestListener } from "node:http";
import { expect } from "chai";
import { askHttp, TooSlow } from "../src/http.ts";
import { serving } from "./support/serving.ts";

/** What a question ended with, in place of an answer. */
const thrownBy = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => "an answer", (error: unknown) => error);

/** Answers nothing, or half of it. */
const mute: RequestListener = (request, response) => void (request.url === "/half" && response.writeHead(200, { "content-length": 100 }).write("half of it"));

describe("asking over HTTP", () => {
  it("takes a connection of its own for each question, unless told otherwise", async () => {
    const ports = new Set<number | undefined>();
    await using served = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    });
    for (let i = 0; i < 3; i++) expect(await askHttp(served.url, { limitMs: 5_000 })).to.deep.equal({ status: 200, body: "ok" });
    expect(ports.size).to.equal(3);
  });

  it("gives up at its limit, before an answer and within one", async () => {
    await using served = await serving(mute);
    for (const path of ["/never", "/half"]) {
      expect(await thrownBy(askHttp(served.url + path, { limitMs: 50 }))).to.be.instanceOf(TooSlow).with.property("message", "no answer within 50 ms");
    }
  });

  it("ends with its signal's reason, before an answer, within one, and before it began", async () => {
    await using served = await serving(mute);
    for (const path of ["/never", "/half"]) {
      const abort = new AbortController();
      const asked = thrownBy(askHttp(served.url + path, { limitMs: 60_000, signal: abort.signal }));
      setTimeout(() => abort.abort("SIGINT"), 30);
      expect(await asked).to.equal("SIGINT");
      expect(await thrownBy(askHttp(served.url + path, { limitMs: 60_000, signal: abort.signal }))).to.equal("SIGINT");
    }
  });

  it("leaves nothing at the signal once it has ended", async () => {
    await using served = await serving((_request, response) => void response.end("ok"));
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    await askHttp(served.url, { limitMs: 5_000, signal });
    expect(listeners).to.equal(0);
  });
});
