import { expect } from "chai";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../../src/child.ts";
import { waitFor } from "../../src/clock.ts";
import { DiskControl } from "../../src/cluster/disk/disk-control.ts";
import { diskShim, whyNoDiskFaults, type ShimEnvironment } from "../../src/cluster/disk/disk-shim.ts";
import type { DiskRule } from "../../src/cluster/disk/rule.ts";
import type { OwnProgram } from "../../src/cluster/own-program.ts";
import { localDiskFolder } from "../../src/cluster/local/disk-folder.ts";
import { runCommand, type CommandResult } from "../../src/process.ts";
import { testClock } from "../support/cluster.ts";
import { temporaryFolder } from "../support/harness.ts";

const missing = await whyNoDiskFaults();
const rule: DiskRule = { call: "sync", file: "wal", delayMs: { from: 0, to: 0 }, outcome: "sync", probability: 1, seed: 1 };

/** A program under the wrapper that syncs files named like etcd's. */
async function stage() {
  const folder = await temporaryFolder();
  for (const name of ["wal", "snap", "disk"]) await mkdir(join(folder.path, name));
  const files = { wal: join(folder.path, "wal/0.wal"), db: join(folder.path, "snap/db"), other: join(folder.path, "snap/0.snap") };
  for (const file of Object.values(files)) await writeFile(file, "x");
  const disk = join(folder.path, "disk");
  const control = new DiskControl(await localDiskFolder(disk), "writes");
  const shim = await diskShim();
  const path = "path" in shim ? shim.path : "";
  const run = (...command: string[]): Promise<CommandResult> => runCommand(path, ["--writes", disk, ...command]);
  const timed = async (...command: string[]): Promise<number> => {
    const startMs = testClock.nowMs();
    expect((await run(...command)).exitCode).to.equal(0);
    return testClock.nowMs() - startMs;
  };
  return { path, disk, files, control, run, timed, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe(`the disk wrapper${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(20_000);
  if (missing !== undefined) {
    it("is left out on this machine");
    return;
  }

  it("becomes the program: its exit status, its output and its errors are the program's", async () => {
    await using on = await stage();
    expect(await on.run("sh", "-c", "echo out; echo err >&2; exit 7")).to.deep.equal({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
    expect((await on.run("no-such-program")).stderr).to.include("no-such-program: No such file or directory");
  });

  it("leaves the program its pid and its signals, and ends with it", async () => {
    await using on = await stage();
    const lines: string[] = [];
    await using child = await startChild(on.path, [on.disk, "sh", "-c", "trap 'echo asked; exit 3' TERM; echo $$; while :; do sleep 0.05; done"], { onLine: (line) => lines.push(line) });
    await waitFor(testClock, () => lines[0], { limitMs: 5_000 });
    expect(lines).to.deep.equal([String(child.pid)]);
    const supervisors = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
    expect(supervisors).to.not.equal("");
    child.signal("SIGTERM");
    expect(await child.ended).to.equal("exit code 3");
    expect(lines[1]).to.equal("asked");
    const [supervisor = ""] = supervisors.split(" ");
    const gone = await waitFor(testClock, async () => ((await readFile(`/proc/${supervisor}/cmdline`, "utf8").catch(() => "")) === "" ? true : undefined), { limitMs: 5_000 });
    expect(gone).to.equal(true);
  });

  it("does nothing without rules but count", async () => {
    await using on = await stage();
    await on.run("sync", "-d", on.files.wal, on.files.db, on.files.other);
    await on.run("sync", on.files.wal);
    expect(await readFile(join(on.disk, "counts"), "utf8")).to.equal("wal 2 2\ndb 1 1\nother 1 1\n");
  });

  it("holds syncs of the file that a rule is for, and no others", async () => {
    await using on = await stage();
    const slow = await on.control.put({ ...rule, delayMs: { from: 300, to: 300 } });
    expect(await on.timed("sync", "-d", on.files.wal)).to.be.greaterThan(299);
    expect(await on.timed("sync", "-d", on.files.db, on.files.other)).to.be.lessThan(299);
    expect(await slow.counts()).to.deep.equal({ calls: 1, applied: 1 });
    expect((await on.control.syncs()).wal).to.deep.equal({ calls: 1, synced: 1 });
  });

  it("holds one call while it answers another", async () => {
    await using on = await stage();
    await on.control.put({ ...rule, delayMs: { from: 1_000, to: 1_000 } });
    const { stdout } = await on.run("sh", "-c", `sync -d ${on.files.wal} & sync -d ${on.files.db}; echo db; wait; echo wal`);
    expect(stdout).to.equal("db\nwal\n");
    expect(await on.timed("sh", "-c", `sync -d ${on.files.wal} & sync -d ${on.files.wal} & wait`)).to.be.within(999, 1_900);
  });

  it("lets go at once what it holds when the rule is cleared, and does not count it", async () => {
    await using on = await stage();
    const slow = await on.control.put({ ...rule, delayMs: { from: 15_000, to: 15_000 } });
    const syncing = on.timed("sync", "-d", on.files.wal);
    await waitFor(testClock, async () => ((await readFile(join(on.disk, "counts"), "utf8").catch(() => "")) === "" ? undefined : true), { limitMs: 5_000 });
    await testClock.sleep(100);
    await slow.clear();
    expect(await syncing).to.be.lessThan(10_000);
    expect((await slow.counts()).applied).to.equal(0);
  });

  for (const [error, says] of [["EIO", "Input/output error"], ["ENOSPC", "No space left on device"]] as const) {
    it(`fails syncs with ${error}`, async () => {
      await using on = await stage();
      const failing = await on.control.put({ ...rule, outcome: error });
      const { exitCode, stderr } = await on.run("sync", "-d", on.files.wal);
      expect(exitCode).to.equal(1);
      expect(stderr).to.include(says);
      expect(await failing.counts()).to.deep.equal({ calls: 1, applied: 1 });
      expect((await on.control.syncs()).wal).to.deep.equal({ calls: 1, synced: 0 });
    });
  }

  for (const [call, how] of [["write", "appendFileSync(path, bytes)"], ["pwrite64", "writeSync(openSync(path, 'r+'), bytes, 0, 16, 0)"]] as const) {
    it(`fails a ${call} of the file that a rule is for, and no other, with nothing written`, async () => {
      await using on = await stage();
      const failing = await on.control.put({ ...rule, call: "write", outcome: "ENOSPC" });
      const write = (path: string): Promise<CommandResult> => on.run(process.execPath, "-e", `const { appendFileSync, openSync, writeSync } = require('fs'); const path = ${JSON.stringify(path)}; const bytes = Buffer.alloc(16, 'y'); ${how}`);
      expect((await write(on.files.wal)).stderr).to.include(`ENOSPC: no space left on device, write`);
      for (const path of [on.files.db, on.files.other]) expect(await write(path)).to.include({ exitCode: 0, stderr: "" });
      expect(await readFile(on.files.wal, "utf8")).to.equal("x");
      expect(await readFile(on.files.db, "utf8")).to.match(/^x?y{16}$/);
      expect(await failing.counts()).to.deep.equal({ calls: 1, applied: 1 });
      await failing.clear();
      expect((await write(on.files.wal)).exitCode).to.equal(0);
    });
  }

  it("fails an allotment of room with a write's error, and syncs of the same file go on", async () => {
    await using on = await stage();
    const failing = await on.control.put({ ...rule, call: "write", outcome: "ENOSPC" });
    expect((await on.run("fallocate", "-l", "4096", on.files.wal)).stderr).to.include("No space left on device");
    expect((await on.run("sync", "-d", on.files.wal)).exitCode).to.equal(0);
    expect(await failing.counts()).to.deep.equal({ calls: 1, applied: 1 });
  });

  it("lets writes be where it is not asked to stand before them", async () => {
    await using on = await stage();
    await on.control.put({ ...rule, call: "write", outcome: "EIO" });
    const script = `printf 0123456789abcdef >> ${on.files.wal}`;
    expect((await on.run("sh", "-c", script)).exitCode).to.not.equal(0);
    expect((await runCommand(on.path, [on.disk, "sh", "-c", script])).exitCode).to.equal(0);
  });

  it("takes no write for one of the log that is none by its length: records are padded to eight bytes", async () => {
    await using on = await stage();
    const failing = await on.control.put({ ...rule, call: "write", outcome: "EIO" });
    for (const text of ["12345678", "01234567890abcdef"]) expect((await on.run("sh", "-c", `printf ${text} >> ${on.files.wal}`)).exitCode).to.equal(0);
    expect(await failing.counts()).to.deep.equal({ calls: 0, applied: 0 });
  });

  it("lies, and owns to it in its account", async () => {
    await using on = await stage();
    const lying = await on.control.put({ ...rule, file: "db", outcome: "lie" });
    expect((await on.run("sync", "-d", on.files.db)).exitCode).to.equal(0);
    expect(await lying.counts()).to.deep.equal({ calls: 1, applied: 1 });
    expect((await on.control.syncs()).db).to.deep.equal({ calls: 1, synced: 0 });
  });

  it("adds up what several rules do to one sync", async () => {
    await using on = await stage();
    await on.control.put({ ...rule, delayMs: { from: 150, to: 150 } });
    await on.control.put({ ...rule, delayMs: { from: 150, to: 150 }, outcome: "EIO" });
    const startMs = testClock.nowMs();
    expect((await on.run("sync", "-d", on.files.wal)).exitCode).to.equal(1);
    expect(testClock.nowMs() - startMs).to.be.greaterThan(299);
  });

  it("draws which syncs it hits from the seed, and goes on counting over restarts", async () => {
    await using on = await stage();
    const hits = async (seed: number): Promise<number[]> => {
      const some = await on.control.put({ ...rule, outcome: "lie", probability: 0.5, seed });
      const applied: number[] = [];
      for (let call = 0; call < 16; call++) {
        await on.run("sync", "-d", on.files.wal);
        applied.push((await some.counts()).applied);
      }
      await some.clear();
      return applied;
    };
    const [one, again, other] = [await hits(1), await hits(1), await hits(2)];
    expect(again).to.deep.equal(one);
    expect(other).to.not.deep.equal(one);
    expect(one.at(-1)).to.be.within(3, 13);
  });

  it("goes by the rules it knows while new ones are half written", async () => {
    await using on = await stage();
    await on.control.put({ ...rule, outcome: "EIO" });
    const half = (await readFile(join(on.disk, "rules"), "utf8")).replace("end\n", "");
    await writeFile(join(on.disk, "rules"), half);
    expect((await on.run("sync", "-d", on.files.wal)).exitCode).to.equal(0, "a new supervisor knows none");
    const script = `sync -d ${on.files.wal} || echo failed; printf '' > ${on.disk}/rules; sync -d ${on.files.wal} || echo failed; echo end > ${on.disk}/rules; sync -d ${on.files.wal} && echo done`;
    await writeFile(join(on.disk, "rules"), `${half}end\n`);
    expect((await on.run("sh", "-c", script)).stdout).to.equal("failed\nfailed\ndone\n");
  });
});

describe("building the disk wrapper", function () {
  this.timeout(20_000);
  const reason = (shim: OwnProgram): string => ("missing" in shim ? shim.missing : "there is one");

  /** An environment with a compiler of our own making, or none. */
  async function bench(compiler?: string) {
    const folder = await temporaryFolder();
    const actions = join(folder.path, "actions");
    await writeFile(actions, "kill_process errno user_notif log allow\n");
    if (compiler !== undefined) {
      await writeFile(join(folder.path, "cc"), `#!/bin/sh\n${compiler}\n`);
      await chmod(join(folder.path, "cc"), 0o755);

    }
    const environment: ShimEnvironment = { env: { PATH: folder.path, XDG_CACHE_HOME: join(folder.path, "cache") }, platform: "linux", run: runCommand, seccompActions: actions };
    return { path: folder.path, actions, environment, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  it("says what to install where there is no compiler", async () => {
    await using on = await bench();
    expect(reason(await diskShim(on.environment))).to.equal("disk faults need a C compiler: install gcc and libc6-dev");
  });

  it("says so on other systems and on old kernels", async () => {
    await using on = await bench();
    expect(reason(await diskShim({ ...on.environment, platform: "darwin" }))).to.equal("disk faults need Linux, and this is darwin");
    await writeFile(on.actions, "kill errno allow\n");
    expect(reason(await diskShim(on.environment))).to.include("a kernel with seccomp user notification");
  });

  it("says what the compiler said, and leaves nothing in the cache", async () => {
    await using on = await bench("echo 'errno.h: No such file' >&2; exit 1");
    expect(reason(await diskShim(on.environment))).to.match(/cannot be built: .*errno\.h: No such file; gcc and libc6-dev are enough on Debian/);
    expect(reason(await diskShim(on.environment))).to.include("errno.h", "it is tried again");
  });

  it("is done once for a compiler, and again for another", async () => {
    await using on = await bench(`while [ "$1" != -o ]; do shift; done; echo built >> "$(dirname "$0")/log"; : > "$2"; chmod 755 "$2"`);
    const withTools = { ...on.environment, env: { ...on.environment.env, PATH: `${on.path}:${process.env["PATH"] ?? ""}` } };
    const [first, second] = [await diskShim(withTools), await diskShim(withTools)];
    expect(second).to.deep.equal(first);
    expect(await readFile(join(on.path, "log"), "utf8")).to.equal("built\n");
    await writeFile(join(on.path, "cc"), `${await readFile(join(on.path, "cc"), "utf8")}# another\n`);
    expect(await diskShim(withTools)).to.not.deep.equal(first);
  });
});
