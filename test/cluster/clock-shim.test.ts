import { expect } from "chai";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../../src/child.ts";
import { waitFor } from "../../src/clock.ts";
import { clockShim, needClockShim, whyNoClockFaults, type ClockEnvironment } from "../../src/cluster/clock/clock-shim.ts";
import { isFrozen } from "../../src/cluster/local/process-state.ts";
import type { OwnProgram } from "../../src/cluster/own-program.ts";
import { runCommand, type CommandResult } from "../../src/process.ts";
import { testClock } from "../support/cluster.ts";
import { temporaryFolder } from "../support/harness.ts";

const missing = await whyNoClockFaults();
const secondNs = 1e9;

/** Reads its clocks without a pause on two threads, tells of one that goes back, and says every 50 ms what they show. */
const reader = `
  const { Worker, isMainThread } = require("node:worker_threads");
  if (isMainThread) new Worker(__filename);
  let last = 0n;
  const look = () => {
    const endMs = Date.now() + 50;
    while (Date.now() < endMs) {
      const now = process.hrtime.bigint();
      if (now < last) console.log("back", String(last - now));
      last = now;
    }
    if (isMainThread) console.log("at", String(last), Date.now());
    setImmediate(look);
  };
  look();
`;

interface Look {
  readonly ownMs: number;
  readonly wallMs: number;
}

/** A process that reads its clock, and the program that changes it. */
async function stage() {
  const folder = await temporaryFolder();
  const file = join(folder.path, "reader.cjs");
  await writeFile(file, reader);
  const lines: string[] = [];
  const child = await startChild(process.execPath, [file], { onLine: (line) => lines.push(line) });
  const look = async (): Promise<Look> => {
    const seen = lines.length;
    // The first may have been on its way before it was asked for.
    const line = await waitFor(testClock, () => lines.slice(seen).filter((each) => each.startsWith("at"))[1], { limitMs: 10_000, everyMs: 5 });
    const [, ownNs = "", wallMs = ""] = line?.split(" ") ?? [];
    return { ownMs: Number(ownNs) / 1e6, wallMs: Number(wallMs) };
  };
  await look();
  const tell = async (...args: string[]): Promise<CommandResult> => runCommand(await needClockShim(), [String(child.pid), ...args]);
  return {
    child,
    lines,
    look,
    tell,
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe(`the program that changes a clock${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(30_000);
  if (missing !== undefined) {
    it("is left out on this machine");
    return;
  }

  it("sets the monotonic clock of one process ahead, and neither its wall clock nor the machine's", async () => {
    await using on = await stage();
    const [before, machineBeforeMs] = [await on.look(), testClock.nowMs()];
    expect((await on.tell("jump", String(70 * secondNs))).stdout).to.equal("0 1000000\n70000000000 1000000\n");
    const [after, machineAfterMs] = [await on.look(), testClock.nowMs()];
    const [ownMs, wallMs] = [after.ownMs - before.ownMs, after.wallMs - before.wallMs];
    expect(ownMs - wallMs).to.be.within(69_500, 70_500);
    expect(Math.abs(machineAfterMs - machineBeforeMs - wallMs)).to.be.lessThan(5_000);
  });

  it("lets it run at another speed, and at the true one again from where it is", async () => {
    await using on = await stage();
    expect((await on.tell("rate", "5000000")).exitCode).to.equal(0);
    const before = await on.look();
    await testClock.sleep(500);
    const after = await on.look();
    expect((after.ownMs - before.ownMs) / (after.wallMs - before.wallMs)).to.be.within(4.5, 5.5);
    expect((await on.tell("rate", "1000000")).exitCode).to.equal(0);
    const { stdout } = await on.tell("read");
    expect(stdout).to.match(/^\d{10,} 1000000\n$/);
    await testClock.sleep(100);
    expect((await on.tell("read")).stdout).to.equal(stdout, "it stays as far ahead as it was");
  });

  it("lets no thread see it go back, whatever comes after what", async () => {
    await using on = await stage();
    for (const [action, figure] of [["rate", 10], ["jump", 3_600_000], ["rate", 0.25], ["jump", 1_000], ["rate", 3], ["rate", 1]] as const) {
      await on.tell(action, String(figure * 1e6));
    }
    await on.look();
    expect(on.lines.filter((line) => line.startsWith("back"))).to.deep.equal([]);
    expect((await on.tell("read")).stdout).to.match(/^36\d{11} 1000000\n$/);
  });

  it("reads without leaving anything in the process", async () => {
    await using on = await stage();
    expect((await on.tell("read")).stdout).to.equal("0 1000000\n");
    const head = async (): Promise<string> => (await runCommand("sh", ["-c", `sed -n "s/ .*vdso.*//p" /proc/${on.child.pid}/maps; grep -A 20 vdso /proc/${on.child.pid}/smaps | grep Private_Dirty`])).stdout;
    expect(await head()).to.match(/Private_Dirty: +0 kB/);
    await on.tell("jump", "1");
    expect(await head()).to.not.match(/Private_Dirty: +0 kB/);
  });

  it("changes that of a frozen process, which stays frozen", async () => {
    await using on = await stage();
    // A frozen one may be stopped just where the code has to go at first.
    await on.tell("rate", "2000000");
    on.child.signal("SIGSTOP");
    await waitFor(testClock, async () => ((await isFrozen(on.child.pid)) ? true : undefined), { limitMs: 5_000 });
    expect((await on.tell("rate", "1000000")).stdout).to.match(/^\d+ 2000000\n\d+ 1000000\n$/);
    expect(await isFrozen(on.child.pid)).to.equal(true);
    on.child.signal("SIGCONT");
    await on.look();
  });

  it("refuses to set one back, and says why it cannot reach a process", async () => {
    await using on = await stage();
    expect(await on.tell("jump", "-1")).to.deep.equal({ exitCode: 1, stdout: "", stderr: "clock-shim: a monotonic clock does not go back\n" });
    const gone = await runCommand(await needClockShim(), [String(2 ** 22 + 1), "read"]);
    expect(gone.stderr).to.match(/^clock-shim: .*: No such file or directory\n$/);
  });
});

describe("building the program that changes a clock", function () {
  this.timeout(20_000);
  const reason = (shim: OwnProgram): string => ("missing" in shim ? shim.missing : "there is one");

  /** An environment whose compiler makes a program of that text. */
  async function bench(program?: string) {
    const folder = await temporaryFolder();
    if (program !== undefined) {
      await writeFile(join(folder.path, "cc"), `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\n${program}\\n' > "$2"\nchmod 755 "$2"\n`);
      await chmod(join(folder.path, "cc"), 0o755);
    }
    const PATH = program === undefined ? folder.path : `${folder.path}:${process.env["PATH"] ?? ""}`;
    const environment: ClockEnvironment = { env: { PATH, XDG_CACHE_HOME: join(folder.path, "cache") }, platform: "linux", arch: "x64", run: runCommand };
    return { environment, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  it("says what is missing: Linux, the kind of processor, a compiler", async () => {
    await using on = await bench();
    expect(reason(await clockShim({ ...on.environment, platform: "darwin" }))).to.equal("clock faults need Linux, and this is darwin");
    expect(reason(await clockShim({ ...on.environment, arch: "arm64" }))).to.equal("clock faults need a processor of the kind x64, and this is arm64");
    expect(reason(await clockShim(on.environment))).to.equal("clock faults need a C compiler: install gcc and libc6-dev");
  });

  it("is followed by a try, whose failure is the reason that there are no clock faults", async () => {
    await using good = await bench("exit 0");
    expect(reason(await clockShim(good.environment))).to.equal("there is one");
    await using bad = await bench("echo the kernel refuses >&2; exit 1");
    expect(reason(await clockShim(bad.environment))).to.equal("the clock of a process cannot be changed on this machine: the kernel refuses");
  });
});
