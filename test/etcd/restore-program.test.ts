import { expect } from "chai";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { findRestoreProgram, restoreEnvironment, type RestoreProgram } from "../../src/etcd/restore-program.ts";
import { clientLike, etcdLike, releaseArchive, ReleaseSiteServer, temporaryFolder } from "./release-site.ts";
import { knowingSource, releaseSource, testEnvironment } from "./test-environment.ts";

/** Programs in a folder of the test's own, by their paths in it. */
async function found(files: Readonly<Record<string, string>>, search: readonly string[] = []): Promise<{ path: string | undefined; missing: string | undefined }> {
  using folder = temporaryFolder();
  for (const [name, text] of Object.entries({ "own/etcd": etcdLike("3.5.9"), ...files })) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text, { mode: 0o755 });
  }
  const env = testEnvironment(folder.path, [knowingSource("nobody", [])]);
  const etcd = await resolveEtcd({ kind: "file", path: "own/etcd" }, env);
  const program = await findRestoreProgram(etcd, env, search.map((name) => join(folder.path, name)).join(":"));
  const short = (text: string | undefined): string | undefined => text?.replaceAll(`${folder.path}/`, "");
  return { path: short(program.path), missing: short(program.missing) };
}

describe("the program that restores snapshots", () => {
  it("is the one beside a binary of the user's own, etcdutl rather than etcdctl", async () => {
    expect((await found({ "own/etcdctl": clientLike("3.5.1"), "own/etcdutl": clientLike("3.5.1", "etcdutl") })).path).to.equal("own/etcdutl");
    expect((await found({ "own/etcdctl": clientLike("3.5.1"), "bin/etcdutl": clientLike("3.5.1", "etcdutl") }, ["bin"])).path).to.equal("own/etcdctl");
  });

  it("is otherwise one on PATH, of the same series", async () => {
    expect((await found({ "old/etcdctl": clientLike("3.4.23"), "bin/etcdctl": clientLike("3.5.1") }, ["old", "", "bin"])).path).to.equal("bin/etcdctl");
  });

  it("is missing, with what was passed over, where there is none of the series or none that runs", async () => {
    expect((await found({})).missing).to.equal("restoring a snapshot of etcd 3.5.9 needs etcdutl or etcdctl of 3.5, and none is beside own/etcd or on PATH");
    const { missing } = await found({ "own/etcdutl": "#!/bin/sh\nexit 1\n", "bin/etcdctl": clientLike("3.4.23") }, ["bin"]);
    expect(missing).to.match(/on PATH \(bin\/etcdctl is of 3\.4\.23\)$/);
  });

  describe("for an etcd that was fetched", () => {
    /** What is found for it where its archive holds these files. */
    const fetched = async (files: Readonly<Record<string, string>>): Promise<RestoreProgram & { kept: string[] }> => {
      using folder = temporaryFolder();
      await using site = await ReleaseSiteServer.start();
      site.release("3.5.9", releaseArchive("3.5.9", { etcd: etcdLike("3.5.9"), ...files }));
      const env = testEnvironment(folder.path, [knowingSource("another", ["3.5.9"]), releaseSource(site.url)]);
      const etcd = await resolveEtcd({ kind: "exact", version: "3.5.9" }, env);
      const program = await findRestoreProgram(etcd, env);
      const kept = readdirSync(dirname(etcd.path)).sort();
      expect(readdirSync(join(folder.path, "etcd", "linux-amd64", "incoming"))).to.deep.equal([]);
      return { ...program, kept };
    };

    it("comes from the same release, and stays beside it", async () => {
      const { path, kept } = await fetched({ etcdctl: clientLike("3.5.9"), etcdutl: clientLike("3.5.9", "etcdutl") });
      expect(path?.endsWith("/etcdutl")).to.equal(true);
      expect(kept).to.deep.equal(["etcd", "etcdutl"]);
    });

    it("is missing where the release has none, or one that says that it is another version", async () => {
      const none = await fetched({});
      expect(none.missing).to.match(/none is to be had \(.*holds no etcdutl and no etcdctl\)$/);
      const other = await fetched({ etcdctl: clientLike("3.5.8") });
      expect(other.missing).to.contain("what was fetched as etcdctl 3.5.9 says that it is 3.5.8");
      expect(other.kept).to.deep.equal(["etcd"]);
    });
  });

  it("is not told anything by the variables of whoever runs the harness", () => {
    expect(restoreEnvironment({ PATH: "/bin", ETCDCTL_ENDPOINTS: "elsewhere", ETCDCTL_API: "2", ETCD_NAME: "x" })).to.deep.equal({ PATH: "/bin", ETCDCTL_API: "3" });
  });
});
