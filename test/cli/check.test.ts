import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checks } from "../../src/check/checks.ts";
import { formats } from "../../src/check/import/formats.ts";
import { formatNames, modelNames } from "../../src/cli/program.ts";
import { harness, temporaryFolder } from "../support/harness.ts";

const good = `{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
`;
const bad = good.replace(":read, :value 1", ":read, :value 2");

async function check(text: string, ...args: readonly string[]) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "history.edn");
  await writeFile(path, text);
  const json = join(folder.path, "result.json");
  const run = await harness(["check", path, "--json", json, ...args]);
  const result: unknown = await readFile(json, "utf8").then(JSON.parse, () => undefined);
  return { ...run, result };
}

describe("the command check", function () {
  this.timeout(120_000);

  it("passes a history that can be put in order", async () => {
    const { exitCode, stdout, result } = await check(good, "--model", "register");
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/✓ Pass .*history\.edn\n {2}2 operations, jepsen-edn against the model register, in /);
    expect(result).to.have.nested.property("outcome", "pass");
  });

  it("checks a run's own history by its revisions, whatever was asked", async () => {
    const line = (more: object): string => `${JSON.stringify({ process: 0, client: 0, member: "etcd-1", intendedNs: 0, outcome: "ok", ...more })}\n`;
    const put = line({ op: "put", key: "k", value: "a", invokeNs: 0, returnNs: 10, revision: 2 });
    const range = (kvs: readonly object[]): string => line({ op: "range", key: "k", end: "l", invokeNs: 20, returnNs: 30, revision: 2, kvs, count: kvs.length, final: true });
    expect((await check(put + range([{ key: "k", value: "a", modRevision: 2, createRevision: 2, version: 1 }]), "--model", "etcd")).exitCode).to.equal(0);
    const { exitCode, stdout } = await check(put + range([]), "--model", "etcd");
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/put k=a @2 {2}✓ last legal\n/);
    expect(stdout).to.include("lost write: range k to l by process 0 on etcd-1 finds no k at revision 2, and it was written at revision 2 and deleted by nobody.");
    const damaged = await check(`${put}{"op":"put"}\n`, "--model", "etcd");
    expect([damaged.exitCode, damaged.stderr]).to.deep.include(65).and.to.satisfy(([, text]: [number, string]) => text.includes("history.edn:2:1: this is no operation of a history"));
    expect((await check(good, "--model", "etcd")).stderr).to.include("is jepsen-edn, which has no revisions");
  });

  it("fails one that cannot, with the sentence and the operations, in JSON too", async () => {
    const { exitCode, stdout, result } = await check(bad, "--model", "register", "--format", "jepsen-edn");
    expect(exitCode).to.equal(1);
    expect(stdout).to.include("✗ Fail").and.to.include("the read of 2 by process 1 (line 3) found a value that nobody had written.");
    expect(stdout).to.match(/process 1 1 ├─+┤ +read of 2 {2}✗ first illegal\n/);
    expect(result).to.deep.nested.include({ format: 1, history: "jepsen-edn", "counterexamples[0].illegal": "1", "counterexamples[0].operations[0].line": 3 });
  });

  it("writes the counterexample in lanes as a page, and says so where it cannot", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "history.edn");
    await writeFile(path, bad);
    const html = join(folder.path, "counterexample.html");
    expect((await harness(["check", path, "--model", "register", "--html", html])).exitCode).to.equal(1);
    expect(await readFile(html, "utf8")).to.match(/^<!doctype html>\n[^]*<svg [^]*first illegal/);
    const { exitCode, stderr } = await harness(["check", path, "--model", "register", "--html", folder.path]);
    expect(exitCode).to.equal(3);
    expect(stderr).to.include(`${folder.path} cannot be written`);
  });

  it("is inconclusive on a history that says nothing", async () => {
    const { exitCode, stdout } = await check("{:process 1, :type :invoke, :f :read, :value nil}", "--model", "register");
    expect(exitCode).to.equal(2);
    expect(stdout).to.include("? Inconclusive").and.to.include("there is no operation that says anything");
  });

  it("gives 65 for a file that is damaged or not there, and says where", async () => {
    const { exitCode, stderr, result } = await check(`${good}{:process`, "--model", "register");
    expect(exitCode).to.equal(65);
    expect(stderr).to.match(/history\.edn:5:1: what begins here is not closed/);
    expect(result).to.equal(undefined);
    const missing = await harness(["check", "/nowhere/history.edn", "--model", "register"]);
    expect(missing.exitCode).to.equal(65);
    expect(missing.stderr).to.include("/nowhere/history.edn cannot be read");
  });

  it("gives 64 for models, formats and durations that there are not", async () => {
    for (const args of [["--model", "stack"], [], ["--model", "register", "--format", "xml"], ["--model", "register", "--time-limit", "soon"]]) {
      expect((await check(good, ...args)).exitCode, args.join(" ")).to.equal(64);
    }
  });

  it("offers the models and formats that there are", () => {
    expect(modelNames).to.have.members([...Object.keys(checks), "etcd"]);
    expect(formatNames).to.have.members(Object.keys(formats));
  });
});
