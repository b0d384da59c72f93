import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { etcdArguments } from "../../src/cluster/etcd-arguments.ts";
import { idInNewCluster, restoreSnapshot, saveSnapshot } from "../../src/cluster/snapshot.ts";
import { messageOf } from "../../src/errors.ts";
import { speaker } from "../faults/doubles.ts";
import { temporaryFolder } from "../support/harness.ts";

const chunk = (text: string): string => JSON.stringify({ result: { remaining_bytes: "1", blob: btoa(text) } });
const saved = async (body: string, status = 200): Promise<string> => {
  await using member = await speaker(() => ({ body, status }));
  const url = `http://${member.address}`;
  return await saveSnapshot(url).then(String, (error: unknown) => messageOf(error).replace(url, "URL"));
};

describe("saving a snapshot", () => {
  it("puts together what the member sends in parts", async () => {
    expect(await saved(`${chunk("data")}\n${chunk("base")}\n${JSON.stringify({ result: {} })}\n`)).to.equal("database");
  });

  it("says why the member sends none, or does not send it whole", async () => {
    expect(await saved("404 page not found", 404)).to.equal("URL refuses to send a snapshot: HTTP status 404");
    expect(await saved(`${chunk("data")}\n${JSON.stringify({ error: { message: "it is stopping" } })}\n`)).to.equal("URL refuses to send a snapshot: it is stopping");
    expect(await saved(`${chunk("data")}\n{"result":`)).to.equal('URL refuses to send a snapshot: {"result":');
    expect(await saveSnapshot("http://127.0.0.1:1").then(String, messageOf)).to.equal("http://127.0.0.1:1 does not send a snapshot: connect ECONNREFUSED 127.0.0.1:1");
  });

  it("ends with the reason of an abort", async () => {
    await using member = await speaker(() => undefined);
    const abort = new AbortController();
    const saving = saveSnapshot(`http://${member.address}`, { signal: abort.signal }).then(String, messageOf);
    abort.abort(new Error("SIGINT"));
    expect(await saving).to.equal("SIGINT");
  });
});

const args = etcdArguments(
  { name: "etcd-2", dataDir: "/data", listenPeerUrl: "http://127.0.0.2:2380", listenClientUrl: "http://127.0.0.2:2379", advertisePeerUrl: "http://peer-2:2380", advertiseClientUrl: "http://127.0.0.2:2379" },
  { token: "new", peers: new Map([["etcd-1", "http://peer-1:2380"], ["etcd-2", "http://peer-2:2380"]]) },
  "3.5.30",
  {},
);

describe("restoring a snapshot", () => {
  /** A program that writes down how it was called, and says what it is given. */
  const restored = async (script: string): Promise<{ answer: unknown; asked: string; folder: string }> => {
    await using folder = await temporaryFolder();
    const program = join(folder.path, "etcdctl");
    const calls = join(folder.path, "calls");
    await writeFile(program, `#!/bin/sh\necho "$CHAOS_RUN_ID $ETCDCTL_API $*" >> ${calls}\n${script}\n`, { mode: 0o755 });
    const home = join(folder.path, "home");
    const answer = await restoreSnapshot(Buffer.from("snapshot"), { program, runId: "run-1", args, folder: home }).catch((error: unknown) => messageOf(error).replace(program, "etcdctl"));
    return { answer, asked: (await readFile(calls, "utf8")).replaceAll(home, "HOME"), folder: home };
  };

  it("asks for the member's place in the new cluster, and for the snapshot's revision", async () => {
    const { answer, asked, folder } = await restored(`echo '{"hash":1,"revision":31}'`);
    expect(answer).to.deep.equal({ path: join(folder, "data"), revision: 31 });
    expect(asked.split("\n").slice(0, 2)).to.deep.equal([
      "run-1 3 snapshot restore HOME/snapshot.db --name=etcd-2 --initial-cluster=etcd-1=http://peer-1:2380,etcd-2=http://peer-2:2380 --initial-cluster-token=new --initial-advertise-peer-urls=http://peer-2:2380 --data-dir=HOME/data",
      "run-1 3 snapshot status HOME/snapshot.db --write-out=json",
    ]);
  });

  it("fails with the last of what the program says", async () => {
    const { answer } = await restored("echo 'a warning' >&2; echo 'Error: snapshot missing hash' >&2; exit 1");
    expect(answer).to.equal("etcdctl does not restore the snapshot (exit code 1): Error: snapshot missing hash");
  });

  it("fails where no program was asked for", async () => {
    const trouble = await restoreSnapshot(Buffer.from(""), { program: undefined, runId: "run-1", args, folder: "/nowhere" }).catch(messageOf);
    expect(trouble).to.equal("nothing is there that restores a snapshot: it was not asked for before the cluster was started");
  });

  it("gives the member another id for another token", () => {
    const other = args.map((arg) => arg.replace("token=new", "token=newer"));
    expect(idInNewCluster(args)).to.match(/^[0-9a-f]{1,16}$/).and.to.not.equal(idInNewCluster(other));
  });
});
