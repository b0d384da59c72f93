import { expect } from "chai";
import { startChild } from "../../src/child.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { HarnessError } from "../../src/errors.ts";

const node = (script: string): readonly [string, string[]] => [process.execPath, ["-e", script]];
/** Runs until its standard input ends: until whoever started it is gone. */
const waits = "process.stdin.resume()";

describe("a child process", () => {
  it("gives each whole line of what it writes, also the last one without a line end, before it counts as ended", async () => {
    const lines: string[] = [];
    await using child = await startChild(...node("console.log('one\\r\\ntwo'); console.error('oops'); process.stdout.write('three')"), {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(await child.ended).to.equal("exit code 0");
    expect(lines.filter((line) => line.startsWith("stdout"))).to.deep.equal(["stdout one", "stdout two", "stdout three"]);
    expect(lines).to.include("stderr oops");
  });

  it("says how it ended, and nothing while it runs", async () => {
    await using failing = await startChild(...node("process.exit(7)"));
    expect(await failing.ended).to.equal("exit code 7");
    expect(failing.exit()).to.equal("exit code 7");
    await using killed = await startChild(...node(waits));
    expect(killed.exit()).to.equal(undefined);
    killed.signal("SIGTERM");
    expect(await killed.ended).to.equal("SIGTERM");
  });

  it("is killed at disposal, even when it takes no notice of signals", async () => {
    const lines: string[] = [];
    const child = await startChild(...node(`process.on('SIGTERM', () => {}); console.log('up'); ${waits}`), { onLine: (line) => lines.push(line) });
    await waitFor(new MonotonicClock(), () => lines[0], { limitMs: 5_000 });
    child.signal("SIGTERM");
    await child[Symbol.asyncDispose]();
    expect(child.exit()).to.equal("SIGKILL");
    expect(() => process.kill(child.pid, 0)).to.throw("ESRCH");
  });

  it("may be disposed of and signalled after its end", async () => {
    const child = await startChild(...node(""));
    await child.ended;
    child.signal("SIGKILL");
    await child[Symbol.asyncDispose]();
    await child[Symbol.asyncDispose]();
    expect(child.exit()).to.equal("exit code 0");
  });

  it("is in a process group of its own, which a Ctrl-C at our terminal does not reach", async () => {
    const lines: string[] = [];
    await using child = await startChild("ps", ["-o", "pid=,pgid=", "--ppid", String(process.pid)], { onLine: (line) => lines.push(line) });
    await child.ended;
    expect(lines.map((line) => line.trim().split(/\s+/))).to.deep.include([String(child.pid), String(child.pid)]);
  });

  it("sees what was added to its environment", async () => {
    const lines: string[] = [];
    await using child = await startChild(...node("console.log(process.env.ADDED, process.env.BASE, process.env.HOME)"), { env: { ADDED: "a" }, baseEnv: { BASE: "b" }, onLine: (line) => lines.push(line) });
    await child.ended;
    expect(lines).to.deep.equal(["a b undefined"]);
  });

  it("that cannot be started is an error of the environment that names it", async () => {
    const error: unknown = await startChild("/nowhere/program", []).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError).with.property("code", "environment");
    expect(error).to.have.property("message").that.includes("/nowhere/program could not be started");
  });
});
