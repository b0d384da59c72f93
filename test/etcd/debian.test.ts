import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { DebianPackages } from "../../src/etcd/debian.ts";
import { DebianSuite } from "../../src/etcd/debian-suite.ts";
import type { EtcdEnvironment } from "../../src/etcd/environment.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { findRestoreProgram } from "../../src/etcd/restore-program.ts";
import { runCommand, type RunCommand } from "../../src/process.ts";
import { silentProgress } from "../../src/progress.ts";
import { ArchiveKey, etcdPackage, packageFile, serveSuite, workingPackage } from "./debian-archive.ts";
import { clientLike, etcdLike, ReleaseSiteServer, temporaryFolder } from "./release-site.ts";
import { errorOf, StoppedClock, testEnvironment } from "./test-environment.ts";

/** The tools without which there are no Debian packages to be had or made. */
async function missingTool(): Promise<string | undefined> {
  for (const tool of ["apt-get", "dpkg-deb", "flock", "gpg", "gpgv"]) {
    const found = await runCommand(tool, ["--version"]).then(() => true, () => false);
    if (!found) return tool;
  }
  return undefined;
}

describe("Debian's packages, through apt, from an archive of the test's own", function () {
  this.timeout(60_000);
  let key: ArchiveKey;
  let folder: ReturnType<typeof temporaryFolder>;
  let site: ReleaseSiteServer;
  let clock: StoppedClock;

  before(async function () {
    const missing = await missingTool();
    if (missing !== undefined) {
      this.test?.parent?.eachTest((test) => (test.title += ` (pending: ${missing} is not installed)`));
      this.skip();
    }
    key = new ArchiveKey();
  });

  after(() => key?.[Symbol.dispose]());

  beforeEach(async () => {
    folder = temporaryFolder();
    site = await ReleaseSiteServer.start();
    clock = new StoppedClock();
  });

  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const environment = (suites: readonly string[], { run = runCommand, keyringPath = key.keyringPath }: { run?: RunCommand; keyringPath?: string } = {}): EtcdEnvironment => {
    const options = { mirrorUrl: `${site.url}/debian`, keyringPath, run, clock };
    const states = suites.map((suite) => new DebianSuite({ ...options, suite, folder: join(folder.path, "apt", suite) }));
    return testEnvironment(folder.path, [new DebianPackages({ suites: states, progress: silentProgress })], clock);
  };

  it("gives an exact version, unpacked, with its suite and package version", async () => {
    serveSuite(site, key, "bookworm", workingPackage("3.4.23-4+b4", "3.4.23"));
    const binary = await resolveEtcd({ kind: "exact", version: "3.4.23" }, environment(["bookworm"]));
    expect(binary.version).to.equal("3.4.23");
    expect(binary.source).to.deep.equal({ kind: "debian", suite: "bookworm", packageVersion: "3.4.23-4+b4" });
    expect((await runCommand(binary.path, ["--version"])).stdout).to.include("3.4.23");
  });

  it("gives the program that restores snapshots, of the package that is built with etcd", async () => {
    const client = { packageName: "etcd-client", program: "etcdctl" };
    serveSuite(site, key, "bookworm", workingPackage("3.4.23-4", "3.4.23"), { "3.4.23-4": etcdPackage("3.4.23-4", clientLike("3.4.23"), client) });
    const env = environment(["bookworm"]);
    const etcd = await resolveEtcd({ kind: "exact", version: "3.4.23" }, env);
    const beside = join(dirname(etcd.path), "etcdctl");
    expect(await findRestoreProgram(etcd, env)).to.deep.equal({ path: beside });
    site.requests.length = 0;
    expect(await findRestoreProgram(etcd, env)).to.deep.equal({ path: beside });
    expect(site.requests).to.deep.equal([], "it is fetched once");
  });

  it("says where there is no program that restores snapshots", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"), { "3.5.9-1": etcdPackage("3.5.9-1", undefined, { packageName: "etcd-client" }) });
    const env = environment(["sid"]);
    const { missing } = await findRestoreProgram(await resolveEtcd({ kind: "exact", version: "3.5.9" }, env), env);
    expect(missing).to.equal("restoring a snapshot of etcd 3.5.9 needs etcdutl or etcdctl of 3.5, and none is to be had (Debian: Debian sid: the package etcd-client_3.5.9-1_all.deb holds no etcdutl and no etcdctl)");
  });

  it("gives the newest of a series over all suites", async () => {
    serveSuite(site, key, "old", { ...workingPackage("3.5.9-1", "3.5.9"), ...workingPackage("3.5.10-1", "3.5.10") });
    serveSuite(site, key, "new", { ...workingPackage("3.5.2-1", "3.5.2"), ...workingPackage("3.6.0-1", "3.6.0") });
    const binary = await resolveEtcd({ kind: "series", series: "3.5" }, environment(["old", "new"]));
    expect(binary).to.deep.include({ version: "3.5.10", source: { kind: "debian", suite: "old", packageVersion: "3.5.10-1" } });
  });

  it("gives a pre-release to those who name it", async () => {
    serveSuite(site, key, "sid", workingPackage("3.6.0~rc1-1", "3.6.0-rc.1"));
    const env = environment(["sid"]);
    expect((await resolveEtcd({ kind: "exact", version: "3.6.0-rc.1" }, env)).version).to.equal("3.6.0-rc.1");
    expect((await errorOf(resolveEtcd({ kind: "series", series: "3.6" }, testEnvironment(join(folder.path, "other"), env.sources)))).code).to.equal("etcd-not-found");
  });

  it("says what each suite has, and goes on when one cannot be had", async () => {
    serveSuite(site, key, "good", workingPackage("3.5.9-1", "3.5.9"));
    serveSuite(site, key, "empty", {});
    const error = await errorOf(resolveEtcd({ kind: "exact", version: "9.9.9" }, environment(["gone", "good", "empty"])));
    expect(error.code).to.equal("etcd-not-found");
    expect(error.message).to.match(/ {2}Debian gone: .*gone Release' does not have a Release file/);
    expect(error.message).to.include("\n  Debian good has 3.5.9\n  Debian empty has no etcd");
    expect(error.hint).to.include("There are 3.5.9");
  });

  it("refuses lists that are signed by somebody else", async () => {
    using stranger = new ArchiveKey();
    serveSuite(site, stranger, "sid", workingPackage("3.5.9-1", "3.5.9"));
    const error = await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"])));
    expect(error.code).to.equal("etcd-not-found");
    expect(error.message).to.match(/Debian sid: .*(not signed|signature|public key)/i);
  });

  it("refuses a package that is not what the list says", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    site.serve(`/debian/${packageFile("3.5.9-1")}`, etcdPackage("3.5.9-1", etcdLike("3.5.9", "tampered")));
    const error = await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"])));
    expect(error.code).to.equal("download");
    expect(error.message).to.match(/Debian: .*(unexpected size|Hash Sum mismatch)/i);
  });

  it("refuses a package without etcd, or with another one", async () => {
    serveSuite(site, key, "sid", { "3.5.9-1": etcdPackage("3.5.9-1", undefined), "3.5.8-1": etcdPackage("3.5.8-1", etcdLike("3.5.7")) });
    const env = environment(["sid"]);
    expect((await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, env))).message).to.match(/the package etcd-server_3\.5\.9-1_all\.deb holds no etcd/);
    expect((await errorOf(resolveEtcd({ kind: "exact", version: "3.5.8" }, env))).message).to.include("fetched as 3.5.8 says that it is 3.5.7");
  });

  it("asks for the lists at most once an hour, over processes", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    const exact = { kind: "exact", version: "3.5.10" } as const;
    await errorOf(resolveEtcd(exact, environment(["sid"])));
    serveSuite(site, key, "sid", workingPackage("3.5.10-1", "3.5.10"));
    site.requests.length = 0;
    clock.advance(59 * 60_000);
    expect((await errorOf(resolveEtcd(exact, environment(["sid"])))).message).to.include("Debian sid has 3.5.9");
    expect(site.requests).to.deep.equal([]);
    clock.advance(2 * 60_000);
    expect((await resolveEtcd(exact, environment(["sid"]))).version).to.equal("3.5.10");
  });

  it("refreshes the list when a package has been replaced meanwhile", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    await errorOf(resolveEtcd({ kind: "exact", version: "9.9.9" }, environment(["sid"])));
    site.on(`/debian/${packageFile("3.5.9-1")}`, (response) => response.writeHead(404).end());
    serveSuite(site, key, "sid", workingPackage("3.5.9-2", "3.5.9"));
    const binary = await resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"]));
    expect(binary.source).to.deep.equal({ kind: "debian", suite: "sid", packageVersion: "3.5.9-2" });
  });

  it("says that a replaced version is gone", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    await errorOf(resolveEtcd({ kind: "exact", version: "9.9.9" }, environment(["sid"])));
    site.on(`/debian/${packageFile("3.5.9-1")}`, (response) => response.writeHead(404).end());
    serveSuite(site, key, "sid", workingPackage("3.5.10-1", "3.5.10"));
    const error = await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"])));
    expect(error.message).to.include("Debian sid has no etcd 3.5.9 any more");
  });

  it("lets two use one state at once", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    const binaries = await Promise.all([1, 2, 3].map(() => resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"]))));
    for (const binary of binaries) expect(binary).to.deep.equal(binaries[0]);
  });

  it("does not depend on the hooks, sources and packages of the system", async () => {
    serveSuite(site, key, "sid", workingPackage("3.5.9-1", "3.5.9"));
    const hookRan = join(folder.path, "hook-ran");
    const systemConf = join(folder.path, "system.conf");
    writeFileSync(systemConf, `APT::Update::Post-Invoke { "touch ${hookRan}"; };\nAPT::Update::Post-Invoke-Success { "touch ${hookRan}"; };\n`);
    const run: RunCommand = (file, args, options) => runCommand(file, args, { ...options, env: { ...options?.env, APT_CONFIG: systemConf } });
    await resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"], { run }));
    expect((await runCommand("test", ["-e", hookRan])).exitCode, "the hook ran").to.equal(1);
    expect(site.requests.every((path) => path.startsWith("/debian/dists/sid/") || path.startsWith("/debian/pool/"))).to.equal(true);
  });

  it("says which tool or key is missing", async () => {
    const without: RunCommand = (file, args, options) => runCommand(file === "apt-get" ? "/no/apt-get" : file, args, options);
    const noApt = await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"], { run: without })));
    expect(noApt.message).to.match(/Debian sid: \S*apt-get could not be started: it is not installed/);
    const noKey = await errorOf(resolveEtcd({ kind: "exact", version: "3.5.9" }, environment(["sid"], { keyringPath: "/no/keyring.gpg" })));
    expect(noKey.message).to.include("Debian's keys are not in /no/keyring.gpg; the package debian-archive-keyring has them");
  });
});
