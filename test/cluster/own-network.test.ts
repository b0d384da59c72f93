import { expect } from "chai";
import { whyNoOwnNetwork } from "../../src/cluster/local/own-network.ts";
import { runCommand, type CommandResult, type RunCommand } from "../../src/process.ts";
import { temporaryFolder } from "../support/harness.ts";

const ending = (result: Partial<CommandResult>): RunCommand => async () => ({ exitCode: 1, stdout: "", stderr: "", ...result });

describe("packet filters in the local runtime", () => {
  it("can be had where the rules can be put on in a new network namespace", async () => {
    expect(await whyNoOwnNetwork(ending({ exitCode: 0 }))).to.equal(undefined);
  });

  it("cannot be had where namespaces are refused, and the reason says what may help", async () => {
    expect(await whyNoOwnNetwork(ending({ stderr: "unshare: unshare failed: Operation not permitted\n" }))).to.match(
      /^filtering packets in the local runtime needs a network namespace, and .*not .*here \(unshare: unshare failed: Operation not permitted\): .*(--privileged|sysctl)/,
    );
  });

  it("cannot be had where namespaces can be made and rules are refused, as AppArmor does", async () => {
    expect(await whyNoOwnNetwork(ending({ stderr: "RTNETLINK answers: Operation not permitted\n" }))).to.equal(
      "filtering packets in the local runtime needs rules of iptables in a network namespace, which are refused here (RTNETLINK answers: Operation not permitted)",
    );
  });

  for (const [title, thrown, reason] of [
    ["without unshare", Object.assign(new Error("spawn unshare ENOENT"), { code: "ENOENT" }), "unshare: install the package util-linux"],
    ["where that takes too long to find out", new Error("unshare did not end within 20 s"), "what could not be tried: unshare did not end within 20 s"],
  ] as const) {
    it(`cannot be had ${title}`, async () => {
      const failing: RunCommand = async () => {
        throw thrown;
      };
      expect(await whyNoOwnNetwork(failing)).to.equal(`filtering packets in the local runtime needs ${reason}`);
    });
  }

  it("cannot be had without the programs of two more packages, and the reason names the first that is missing", async function () {
    if ((await whyNoOwnNetwork()) !== undefined) this.skip();
    await using folder = await temporaryFolder();
    const withoutPrograms: RunCommand = (file, args, options) => runCommand(`/usr/bin/${file}`, args, { ...options, env: { PATH: folder.path } });
    expect(await whyNoOwnNetwork(withoutPrograms)).to.equal("filtering packets in the local runtime needs ip: install the package iproute2");
  });
});
