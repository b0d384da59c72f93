import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { runCommand } from "../../src/process.ts";
import { archivePath, ballast, etcdLike, releaseArchive, ReleaseSiteServer, temporaryFolder } from "./release-site.ts";
import { errorOf, releaseSource, testEnvironment } from "./test-environment.ts";

const exact = { kind: "exact", version: "3.5.9" } as const;
const resolveOnce = (url: string, folder: string): string[] => ["--import", "tsx", join(import.meta.dirname, "resolve-once.ts"), url, folder];

describe("a download that is interrupted", () => {
  it("by SIGKILL leaves nothing that is taken for whole", async function () {
    this.timeout(30_000);
    using folder = temporaryFolder();
    await using site = await ReleaseSiteServer.start();
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive);
    const halfIsOut = new Promise<void>((resolve) => {
      site.on(archivePath("3.5.9"), (response) => {
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, archive.length / 2), () => resolve());
      });
    });
    const child = spawn(process.execPath, resolveOnce(site.url, folder.path), { stdio: "ignore" });
    const exited = once(child, "exit");
    await halfIsOut;
    child.kill("SIGKILL");
    expect(await exited).to.deep.equal([null, "SIGKILL"]);

    const env = testEnvironment(folder.path, [releaseSource(site.url)]);
    expect(readdirSync(join(env.cache.folder, "incoming"))).to.have.length(1);
    expect(await env.cache.find("3.5.9")).to.deep.equal({ kind: "absent" });
    expect(await env.cache.versions()).to.deep.equal([]);
    site.serve(archivePath("3.5.9"), archive);
    expect((await resolveEtcd(exact, env)).version).to.equal("3.5.9");
  });

  it("does not happen to two processes that resolve at once", async function () {
    this.timeout(30_000);
    using folder = temporaryFolder();
    await using site = await ReleaseSiteServer.start();
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive);
    // Nobody gets the archive before both have asked for it: both find the cache empty.
    const waiting: ServerResponse[] = [];
    site.on(archivePath("3.5.9"), (response) => {
      waiting.push(response);
      if (waiting.length === 2) for (const one of waiting) one.end(archive);
    });
    const results = await Promise.all([1, 2].map(() => runCommand(process.execPath, resolveOnce(site.url, folder.path))));
    for (const result of results) expect(result.exitCode, result.stderr).to.equal(0);
    const [first, second] = results.map((result): unknown => JSON.parse(result.stdout));
    expect(first).to.deep.equal(second);
    const cached = await testEnvironment(folder.path, []).cache.find("3.5.9");
    expect(cached).to.deep.equal({ kind: "hit", binary: first });
  });
});

describe("a cache on a file system of its own", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let site: ReleaseSiteServer;

  const mount = async (test: Mocha.Context, options: string): Promise<void> => {
    const result = await runCommand("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.path]);
    if (result.exitCode === 0) return;
    test.skip();
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    site = await ReleaseSiteServer.start();
  });

  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    await runCommand("umount", [folder.path]);
    folder[Symbol.dispose]();
  });

  it("that is full gives a clear error and keeps no half file (needs mount)", async function () {
    await mount(this, "size=512k");
    site.release("3.5.9", releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast(1_000_000)) }));
    const env = testEnvironment(folder.path, [releaseSource(site.url)]);
    const error = await errorOf(resolveEtcd(exact, env));
    expect(error.code).to.equal("environment");
    expect(error.message).to.match(/^there is no room left in .* \(ENOSPC\)$/);
    expect(error.hint).to.include("XDG_CACHE_HOME");
    expect(readdirSync(join(env.cache.folder, "incoming"))).to.deep.equal([]);
    expect(await env.cache.find("3.5.9")).to.deep.equal({ kind: "absent" });
  });

  it("that is full when unpacking gives the same error (needs mount)", async function () {
    await mount(this, "size=2m");
    // Zeros: the archive is small, what is in it is not.
    site.release("3.5.9", releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", "0".repeat(8_000_000)) }));
    const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)])));
    expect(error.message).to.match(/^there is no room left in .* \(ENOSPC\)$/);
  });

  it("that allows no programs gives a clear error (needs mount)", async function () {
    await mount(this, "size=4m,noexec");
    site.release("3.5.9");
    const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)])));
    expect(error.code).to.equal("environment");
    expect(error.message).to.match(/may not be executed \(EACCES\)/);
    expect(error.hint).to.include("noexec");
  });
});
