import { expect } from "chai";
import { argumentsOfVersion, etcdArguments, joiningArguments, valueOf } from "../../src/cluster/etcd-arguments.ts";

describe("a member's command line", () => {
  const urls = { listenPeerUrl: "http://a", listenClientUrl: "http://b", advertisePeerUrl: "http://c", advertiseClientUrl: "http://d" };
  const args = etcdArguments({ name: "etcd-1", dataDir: "/data", ...urls }, { token: "run", peers: new Map([["etcd-1", "http://c"]]) }, "3.5.0", {});

  it("tells where its data is", () => {
    expect([valueOf(args, "data-dir"), valueOf(args, "data")]).to.deep.equal(["/data", undefined]);
  });

  it("has the flags for the log that its version knows", () => {
    expect(argumentsOfVersion(args, "3.5.1")).to.have.members(args);
    const older = argumentsOfVersion(args, "3.3.25");
    expect(args.filter((arg) => !older.includes(arg))).to.deep.equal(["--logger=zap", "--log-outputs=stderr"]);
    expect(argumentsOfVersion(older, "3.4.23")).to.have.members(args);
  });

  it("is the same for a member that joins, but for the cluster that it joins", () => {
    const joining = joiningArguments(["unshare", ...args], "etcd-1=http://c,etcd-2=http://e");
    expect(joining.filter((arg) => !args.includes(arg))).to.deep.equal(["unshare", "--initial-cluster=etcd-1=http://c,etcd-2=http://e", "--initial-cluster-state=existing"]);
    expect(joining).to.have.lengthOf(args.length + 1);
  });
});
