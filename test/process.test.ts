import { expect } from "chai";

import { HarnessError } from "../src/errors.ts";
import { errnoOf, runCommand } from "../src/process.ts";

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}

describe("running a command", () => {
  it("gives its output and its exit code, which is no error", async () => {
    expect(await runCommand("sh", ["-c", "echo out; echo err >&2; exit 3"])).to.deep.equal({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
  });

  it("counts a death by signal as 128 and its number", async () => {
    expect((await runCommand("sh", ["-c", "kill -TERM $$"])).exitCode).to.equal(143);
  });

  it("hands over arguments without a shell, the input, the folder and the environment", async () => {
    const result = await runCommand("sh", ["-c", 'cat; echo "$1 $NAME $PWD"', "sh", "a b; $(date)"], { input: "in\n", env: { ...process.env, NAME: "set" }, cwd: "/" });
    expect(result.stdout).to.equal("in\na b; $(date) set /\n");
  });

  it("survives a command that does not read its input", async () => {
    expect((await runCommand("true", [], { input: "x".repeat(1_000_000) })).exitCode).to.equal(0);
  });

  it("tells the lines as they come, the last one even without its end", async () => {
    const lines: string[] = [];
    await runCommand("printf", ["one\\ntwo\\n\\nthree"], { onStdoutLine: (line) => lines.push(line) });
    expect(lines).to.deep.equal(["one", "two", "", "three"]);
  });

  it("says that a command is not installed, and keeps the system's code", async () => {
    const error = await failure(runCommand("no-such-command", []));
    expect(error).to.be.instanceOf(HarnessError).with.property("code", "environment");
    expect(error).to.have.property("message", "no-such-command could not be started: it is not installed (ENOENT)");
    expect(errnoOf(error)).to.equal("ENOENT");
  });

  it("kills a command that takes too long, also when a grandchild keeps its output open", async () => {
    const error = await failure(runCommand("sh", ["-c", "sleep 5 & sleep 5; true"], { timeoutMs: 50 }));
    expect(error).to.have.property("message").that.matches(/did not end within 0.05 s$/);
  });

  it("kills a command when aborted, with the reason given", async () => {
    const reason = new Error("the run is over");
    const abort = new AbortController();
    const running = failure(runCommand("sleep", ["60"], { signal: abort.signal }));
    abort.abort(reason);
    expect(await running).to.equal(reason);
    expect(await failure(runCommand("sleep", ["60"], { signal: abort.signal }))).to.equal(reason);
  });

  it("does not swallow endless output", async () => {
    const error = await failure(runCommand("sh", ["-c", "yes"]));
    expect(error).to.have.property("message").that.matches(/printed more than 32 MiB/);
  });
});

describe("the system's code of an error", () => {
  it("is found in the causes, past the harness's own codes", () => {
    const system = Object.assign(new Error("no room"), { code: "ENOSPC" });
    expect(errnoOf(new HarnessError("download", "x", { cause: new Error("y", { cause: system }) }))).to.equal("ENOSPC");
    expect(errnoOf(new HarnessError("download", "x"))).to.equal(undefined);
    expect(errnoOf("ENOSPC")).to.equal(undefined);
  });
});
