import { expect } from "chai";
import { join } from "node:path";

import { etcdEnvironment, type EtcdEnvironment } from "../../src/etcd/environment.ts";
import { listAvailableEtcd, type AvailableEtcd } from "../../src/etcd/available.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { runCommand } from "../../src/process.ts";
import { silentProgress } from "../../src/progress.ts";
import { newestOfSeries, seriesOf } from "../../src/etcd/version.ts";
import { temporaryFolder } from "../etcd/release-site.ts";
import { errorOf } from "../etcd/test-environment.ts";

describe("the real sources of etcd", function () {
  this.timeout(5 * 60_000);
  let folder: ReturnType<typeof temporaryFolder>;
  const clock = { wallMs: () => Date.now() };
  let available: AvailableEtcd;

  const environment = (more: Readonly<Record<string, string>> = {}): EtcdEnvironment =>
    etcdEnvironment({ env: { XDG_CACHE_HOME: folder.path, HOME: folder.path, ...more }, cwd: folder.path, progress: silentProgress, clock });

  before(async function () {
    folder = temporaryFolder();
    available = await listAvailableEtcd(environment());
    if (available.sources.some((source) => source.available.length > 0)) return;
    const reasons = available.sources.flatMap((source) => source.remarks).join("; ");
    this.test?.parent?.eachTest((test) => (test.title += ` (pending: no source can be reached: ${reasons})`));
    this.skip();
  });

  after(() => folder?.[Symbol.dispose]());

  const versions = (): string[] => available.sources.flatMap((source) => source.available);

  for (const series of ["3.4", "3.5"]) {
    it(`give a working etcd ${series}, the newest of the first source that has one, and the cache gives it again`, async function () {
      const [first] = available.sources.filter((source) => newestOfSeries(source.available, series) !== undefined);
      if (!first) {
        if (this.test) this.test.title += ` (pending: none of the sources that can be reached has ${series})`;
        return this.skip();
      }
      const binary = await resolveEtcd({ kind: "series", series }, environment());
      expect(binary.version).to.equal(newestOfSeries(first.available, series));
      const said = await runCommand(binary.path, ["--version"]);
      expect(said.stdout).to.include(`etcd Version: ${binary.version}`);

      const offline = environment({ ETCD_CHAOS_RELEASES_URL: "http://127.0.0.1:1", ETCD_CHAOS_DEBIAN_URL: "http://127.0.0.1:1/debian" });
      expect(await resolveEtcd({ kind: "series", series }, offline)).to.deep.equal(binary);
      expect(await resolveEtcd({ kind: "exact", version: binary.version }, offline)).to.deep.equal(binary);
      return undefined;
    });
  }

  it("have no 9.9, and say what there is instead", async () => {
    const error = await errorOf(resolveEtcd({ kind: "series", series: "9.9" }, environment()));
    expect(error.code).to.equal("etcd-not-found");
    expect(error.message).to.match(/release archive: /).and.match(/Debian sid/);
    expect(error.hint).to.include(versions().find((version) => seriesOf(version) === "3.5"));
  });

  it("work for an ordinary user with a cache of their own", async function () {
    using home = temporaryFolder();
    const script = join(import.meta.dirname, "resolve-etcd.ts");
    const command = [process.execPath, "--import", "tsx", script, "3.4"];
    // Root becomes somebody else for this; anybody else is an ordinary user already.
    const asUser = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"] : [];
    await runCommand("chown", ["65534:65534", home.path]);
    const readable = await runCommand("env", [...asUser, "test", "-r", script, "-a", "-x", process.execPath]);
    if (readable.exitCode !== 0) {
      if (this.test) this.test.title += " (pending: an ordinary user cannot read this checkout)";
      return this.skip();
    }
    const { XDG_CACHE_HOME: _, ...inherited } = process.env;
    const result = await runCommand("env", [...asUser, ...command], { env: { ...inherited, HOME: home.path }, timeoutMs: 4 * 60_000 });
    expect(result.exitCode, result.stderr).to.equal(0);
    expect(JSON.parse(result.stdout)).to.have.property("path").that.matches(new RegExp(`^${home.path}/\\.cache/etcd-chaos/etcd/`));
    expect(JSON.parse(result.stdout)).to.have.property("version").that.matches(/^3\.4\./);
    return undefined;
  });
});
