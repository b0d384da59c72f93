import { once } from "node:events";
import { createServer } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { MonotonicClock, timeLimit } from "../src/clock.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const clock = new MonotonicClock();

describe("a time limit", () => {
  it("aborts after so long, with the reason that time was up", async () => {
    const signal = timeLimit(20);
    const startMs = clock.nowMs();
    await once(signal, "abort");
    expect(clock.nowMs() - startMs).to.be.at.least(19);
    expect(signal.reason).to.have.property("name", "TimeoutError");
  });

  it("ends a request that nobody answers also together with another signal, whatever the garbage collector does", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
    const other = new AbortController();
    const asking = Array.from({ length: 20 }, () => fetch(url, { signal: AbortSignal.any([timeLimit(200), other.signal]) }).then(() => "answered", ({ name }) => name));
    const collecting = setInterval(collectGarbage, 10);
    try {
      expect(new Set(await Promise.all(asking))).to.deep.equal(new Set(["TimeoutError"]));
    } finally {
      clearInterval(collecting);
      silent.close();
    }
  });
});
