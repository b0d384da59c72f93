import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { BinaryCache } from "../../src/etcd/cache.ts";
import { DebianSuite, parseUris } from "../../src/etcd/debian-suite.ts";
import { etcdWithFailpoints } from "../../src/etcd/failpoint-build.ts";
import { hasFailpoints } from "../../src/etcd/failpoint-support.ts";
import { messageOf } from "../../src/errors.ts";
import { runCommand } from "../../src/process.ts";
import { silentProgress } from "../../src/progress.ts";
import { temporaryFolder } from "./release-site.ts";
import { StoppedClock } from "./test-environment.ts";

/** A cache that holds an etcd with failpoints, and a suite that cannot be asked. */
async function offline(folder: string) {
  const clock = new StoppedClock();
  const cache = new BinaryCache(join(folder, "etcd-failpoints"), clock);
  await using incoming = await cache.incoming();
  const built = join(incoming.path, "etcd");
  await writeFile(built, "an etcd");
  const { path } = await cache.publish(built, { version: "3.5.16", source: { kind: "debian", suite: "trixie", packageVersion: "3.5.16-4" } });
  const suite = new DebianSuite({ suite: "trixie", mirrorUrl: undefined, keyringPath: "", folder: join(folder, "trixie"), run: runCommand, clock });
  return { path, build: { suites: [suite], cache, run: runCommand, progress: silentProgress } };
}

describe("an etcd with failpoints", () => {
  it("that was built before is taken from the cache, also where Debian cannot be asked", async () => {
    using folder = temporaryFolder();
    const { path, build } = await offline(folder.path);
    for (const version of ["3.5", "3.5.16", "v3.5.16"]) expect((await etcdWithFailpoints(version, build)).path).to.equal(path);
  });

  it("that nobody has the sources of is not built, with the reasons", async () => {
    using folder = temporaryFolder();
    const { build } = await offline(folder.path);
    expect(await etcdWithFailpoints("3.4", build).then(() => "built", messageOf)).to.equal(
      "nobody has sources of etcd 3.4 that can be built with failpoints: Debian trixie: apt's sources here name no Debian archive; ETCD_CHAOS_DEBIAN_URL can",
    );
  });

  it("is of 3.4 or 3.5", async () => {
    using folder = temporaryFolder();
    const { build } = await offline(folder.path);
    for (const text of ["3.3", "3.6.0", "./etcd", "image:etcd", "3.50"]) expect(await etcdWithFailpoints(text, build).then(() => "built", messageOf), text).to.equal(`"${text}" cannot be built with failpoints`);
  });

  it("is told from others by what gofail reads, wherever that lies in the file", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "etcd");
    for (const before of [0, 4 * 1024 * 1024 - 5, 4 * 1024 * 1024, 9_000_000]) {
      await writeFile(path, Buffer.concat([Buffer.alloc(before), Buffer.from("GOFAIL_HTTP"), Buffer.alloc(10)]));
      expect(await hasFailpoints(path), `after ${before} bytes`).to.equal(true);
    }
    await writeFile(path, Buffer.alloc(9_000_000));
    expect(await hasFailpoints(path)).to.equal(false);
  });
});

describe("what apt would install", () => {
  it("is read with names and sizes, whatever stands around it", () => {
    const said = ["Reading package lists...", "'http://deb.example/golang-1.24-go_1.24.4-1_amd64.deb' golang-1.24-go_1.24.4-1_amd64.deb 28672232 SHA256:ab", "'http://deb.example/golang-go_2%3a1.24~2_amd64.deb' golang-go_2%3a1.24~2_amd64.deb 44 ", ""];
    expect(parseUris(said.join("\n"))).to.deep.equal([
      { name: "golang-1.24-go", archive: "golang-1.24-go_1.24.4-1_amd64.deb", sizeBytes: 28672232 },
      { name: "golang-go", archive: "golang-go_2%3a1.24~2_amd64.deb", sizeBytes: 44 },
    ]);
  });
});
