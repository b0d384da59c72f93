import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { openDoor } from "../../src/cluster/local/door.ts";
import { messageOf } from "../../src/errors.ts";
import type { Command } from "../../src/process.ts";
import { testClock } from "../support/cluster.ts";

/** What comes of opening it for an address, where its process is run as `within` says. */
function opening(address: string, within: (command: Command) => Command): Promise<string> {
  return openDoor({ within }, [address], "127.0.0.1", `test-door-${process.pid}`, testClock).then((door) => door[Symbol.asyncDispose]().then(() => "open"), messageOf);
}

describe("the way into a run's network", function () {
  this.timeout(40_000);

  it("does not open where its process ends, and tells what that said", async () => {
    expect(await opening("127.0.0.1:1", () => ({ file: "/bin/sh", args: ["-c", "echo no such namespace >&2; exit 7"] }))).to.equal(
      "the way into the run's network did not open (exit code 7): no such namespace",
    );
  });

  it("does not open where its process cannot be started", async () => {
    expect(await opening("127.0.0.1:1", () => ({ file: "/nowhere/nsenter", args: [] }))).to.match(/did not open \(spawn \/nowhere\/nsenter ENOENT\)/);
  });

  it("does not open where an address is taken outside", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const place = other.address();
    const port = typeof place === "object" && place !== null ? place.port : 0;
    try {
      expect(await opening(`127.0.0.1:${port}`, (command) => command)).to.match(new RegExp(`^127.0.0.1:${port} cannot be listened on: .*EADDRINUSE`));
    } finally {
      other.close();
    }
  });
});
