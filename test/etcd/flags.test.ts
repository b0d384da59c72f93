import { expect } from "chai";
import { whyNoFlags } from "../../src/etcd/flags.ts";
import type { CommandResult, RunCommand } from "../../src/process.ts";
import { runCommand } from "../../src/process.ts";
import { testEtcd } from "../support/etcd.ts";

const etcd = { path: "/bin/etcd", version: "3.3.25" };

function answering(answer: Partial<CommandResult>, asked: string[][] = []): RunCommand {
  return async (_, args) => {
    asked.push([...args]);
    return { exitCode: 0, stdout: "", stderr: "", ...answer };
  };
}

describe("the flags of an etcd", () => {
  it("are asked of it with its version, so that nothing is started", async () => {
    const asked: string[][] = [];
    expect(await whyNoFlags(etcd, ["--snapshot-count=5"], answering({}, asked))).to.equal(undefined);
    expect(asked).to.deep.equal([["--snapshot-count=5", "--version"]]);
  });

  it("are not asked for where there are none", async () => {
    const asked: string[][] = [];
    expect(await whyNoFlags(etcd, [], answering({}, asked))).to.equal(undefined);
    expect(asked).to.deep.equal([]);
  });

  it("are named where it does not know them, and what it says of a value is told", async () => {
    expect(await whyNoFlags(etcd, ["--new=1"], answering({ exitCode: 2, stderr: "flag provided but not defined: -new\nusage: etcd [flags]\n" }))).to.equal("etcd 3.3.25 has no flag --new");
    expect(await whyNoFlags(etcd, ["--old=x"], answering({ exitCode: 2, stderr: 'invalid value "x" for flag -old: parse error\n' }))).to.equal('etcd 3.3.25 does not take its flags: invalid value "x" for flag -old: parse error');
    expect(await whyNoFlags(etcd, ["--old=x"], answering({ exitCode: 3 }))).to.equal("etcd 3.3.25 does not take its flags: exit code 3");
  });

  it("are those that a real etcd knows", async () => {
    const real = await testEtcd();
    expect(await whyNoFlags(real, ["--heartbeat-interval=50", "--election-timeout=500"], runCommand)).to.equal(undefined);
    expect(await whyNoFlags(real, ["--no-such-flag=1"], runCommand)).to.equal(`etcd ${real.version} has no flag --no-such-flag`);
  }).timeout(120_000);
});
