import { expect } from "chai";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { resolveEtcd } from "../../src/etcd/resolve.ts";
import type { HttpLimits } from "../../src/etcd/http.ts";
import { sha256Of } from "../../src/etcd/binary.ts";
import { archiveName, archivePath, ballast, etcdLike, releaseArchive, ReleaseSiteServer, temporaryFolder } from "./release-site.ts";
import { errorOf, releaseSource, testEnvironment } from "./test-environment.ts";

const exact = { kind: "exact", version: "3.5.9" } as const;
const series = { kind: "series", series: "3.5" } as const;

describe("the release archive", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let site: ReleaseSiteServer;

  beforeEach(async () => {
    folder = temporaryFolder();
    site = await ReleaseSiteServer.start();
  });

  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const environment = (limits: Partial<HttpLimits> = {}) =>
    testEnvironment(folder.path, [releaseSource(site.url, { firstByteMs: 10_000, stallMs: 10_000, ...limits })]);

  /** What failed must leave neither a version nor half a file. */
  const expectNothingKept = (): void => {
    const cache = join(folder.path, "etcd", "linux-amd64");
    expect(existsSync(join(cache, "v3.5.9"))).to.equal(false);
    const incoming = join(cache, "incoming");
    expect(existsSync(incoming) ? readdirSync(incoming) : []).to.deep.equal([]);
  };

  it("gives an exact version, executable, with its origin and checksum", async () => {
    site.release("3.5.9");
    const binary = await resolveEtcd(exact, environment());
    expect(binary).to.include({ version: "3.5.9", gitSha: "0123456789abcdef", sha256: await sha256Of(binary.path) });
    expect(binary.source).to.deep.equal({ kind: "release", url: site.url + archivePath("3.5.9") });
    expect(readdirSync(join(folder.path, "etcd", "linux-amd64", "incoming"))).to.deep.equal([]);
  });

  it("gives the newest final release of a series", async () => {
    site.list("3.6.1", "3.5.10-rc.0", "3.5.9", "3.5.8", "not-a-version");
    site.release("3.5.9");
    expect((await resolveEtcd(series, environment())).version).to.equal("3.5.9");
  });

  it("reads the list of releases page by page until the series appears", async () => {
    site.on("/releases.json", (response) => {
      response.writeHead(200, { link: `<${site.url}/page2>; rel="next", <${site.url}/page9>; rel="last"` }).end('[{"tag_name":"v3.6.0"}]');
    });
    site.serve("/page2", '[{"tag_name":"v3.5.9"}]');
    site.release("3.5.9");
    expect((await resolveEtcd(series, environment())).version).to.equal("3.5.9");
  });

  it("stops at the fifth page of a list that never ends", async () => {
    site.on("/releases.json", (response) => {
      response.writeHead(200, { link: `<${site.url}/releases.json>; rel="next"` }).end('[{"tag_name":"v3.6.0"}]');
    });
    const error = await errorOf(resolveEtcd(series, environment()));
    expect(error.message).to.include("release archive: no release of 3.5 is listed");
    expect(site.requests).to.have.length(5);
  });

  it("follows redirects", async () => {
    site.release("3.5.9");
    await using front = await ReleaseSiteServer.start();
    for (const path of ["/v3.5.9/SHA256SUMS", archivePath("3.5.9")]) {
      front.on(path, (response) => response.writeHead(302, { location: site.url + path }).end());
    }
    const env = testEnvironment(folder.path, [releaseSource(front.url)]);
    expect((await resolveEtcd(exact, env)).version).to.equal("3.5.9");
  });

  it("is refused when its checksum is wrong", async () => {
    site.release("3.5.9");
    site.serve("/v3.5.9/SHA256SUMS", `${"a".repeat(64)}  ${archiveName("3.5.9")}\n`);
    const error = await errorOf(resolveEtcd(exact, environment()));
    expect(error.code).to.equal("download");
    expect(error.message).to.include("has a wrong checksum").and.include("a".repeat(64));
    expectNothingKept();
  });

  it("is refused when the body ends early without the server saying so", async () => {
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive);
    site.on(archivePath("3.5.9"), (response) => response.writeHead(200).end(archive.subarray(0, archive.length / 2)));
    const error = await errorOf(resolveEtcd(exact, environment()));
    expect(error).to.have.property("code", "download");
    expect(error.message).to.include("has a wrong checksum");
    expectNothingKept();
  });

  it("is refused when the connection drops in the middle", async () => {
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive);
    site.on(archivePath("3.5.9"), (response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
    });
    const error = await errorOf(resolveEtcd(exact, environment()));
    expect(error).to.have.property("code", "download");
    expect(error.message).to.match(/release archive: broke off after \d+ bytes/);
    expectNothingKept();
  });

  it("is given up when the body stalls", async () => {
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive);
    site.on(archivePath("3.5.9"), (response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, archive.length / 2));
    });
    const error = await errorOf(resolveEtcd(exact, environment({ stallMs: 300 })));
    expect(error.message).to.match(/broke off after \d+ bytes \(nothing came for 0\.3 s\)/);
    expectNothingKept();
  });

  it("is given up when the first byte does not come, and not waited for again", async () => {
    site.on("/v3.5.9/SHA256SUMS", () => undefined);
    const env = environment({ firstByteMs: 300 });
    const first = await errorOf(resolveEtcd(exact, env));
    expect(first.code).to.equal("etcd-not-found");
    expect(first.message).to.include("release archive: could not be reached (no answer within 0.3 s)");
    const second = await errorOf(resolveEtcd(exact, env));
    expect(second.message).to.equal(first.message);
    expect(site.requests).to.deep.equal(["/v3.5.9/SHA256SUMS"]);
  });

  it("says that it could not be reached when nobody listens or the name is unknown", async () => {
    const { url } = site;
    await site[Symbol.asyncDispose]();
    const closed = await errorOf(resolveEtcd(exact, environment()));
    expect(closed.message).to.include(`could not be reached (ECONNREFUSED ${new URL(url).host})`);
    const unknown = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [releaseSource("http://releases.invalid")])));
    expect(unknown.message).to.match(/could not be reached \(E\w+ releases\.invalid\)/);
  });

  it("says that a version does not exist, and which do", async () => {
    site.list("3.5.10", "3.4.1");
    const error = await errorOf(resolveEtcd(exact, environment()));
    expect(error.code).to.equal("etcd-not-found");
    expect(error.message).to.include("release archive: there is no v3.5.9");
    expect(error.hint).to.include("There are 3.5.10, 3.4.1");
  });

  it("says when a release has no archive for this platform", async () => {
    site.serve("/v3.5.9/SHA256SUMS", `${"a".repeat(64)}  etcd-v3.5.9-windows-amd64.zip\n`);
    const error = await errorOf(resolveEtcd(exact, environment()));
    expect(error.message).to.include(`release archive: v3.5.9 has no ${archiveName("3.5.9")}`);
  });

  it("says when the list of releases is refused or is none", async () => {
    site.on("/releases.json", (response) => response.writeHead(403).end("slow down"));
    expect((await errorOf(resolveEtcd(series, environment()))).message).to.include("answered 403 (too many requests from here)");
    site.serve("/releases.json", "<html>welcome</html>");
    expect((await errorOf(resolveEtcd(series, environment()))).message).to.include("the list of releases cannot be read");
  });

  it("is refused when it holds no etcd", async () => {
    site.release("3.5.9", releaseArchive("3.5.9", { etcdctl: etcdLike("3.5.9") }));
    expect((await errorOf(resolveEtcd(exact, environment()))).message).to.include("holds no etcd");
    expectNothingKept();
  });

  it("is refused when it is no archive, although the checksum is right", async () => {
    site.release("3.5.9", Buffer.from("this is not gzip"));
    expect((await errorOf(resolveEtcd(exact, environment()))).message).to.include("cannot be unpacked");
    expectNothingKept();
  });

  it("is refused when the archive is cut short, although the checksum is right", async () => {
    const archive = releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) });
    site.release("3.5.9", archive.subarray(0, archive.length / 2));
    expect((await errorOf(resolveEtcd(exact, environment()))).message).to.include("cannot be unpacked");
    expectNothingKept();
  });

  it("is refused when the etcd in it is of another version, or does not work", async () => {
    site.release("3.5.9", releaseArchive("3.5.9", { etcd: etcdLike("3.5.8") }));
    expect((await errorOf(resolveEtcd(exact, environment()))).message).to.include("was fetched as 3.5.9 says that it is 3.5.8");
    site.release("3.5.9", releaseArchive("3.5.9", { etcd: "#!/bin/sh\necho hello\n" }));
    expect((await errorOf(resolveEtcd(exact, environment()))).message).to.include('is not etcd: to --version it said "hello"');
    expectNothingKept();
  });
});
