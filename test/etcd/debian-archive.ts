import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { etcdLike, temporaryFolder, type ReleaseSiteServer } from "./release-site.ts";

/** Signs archives as Debian does, with a key of its own. Needs gpg. */
export class ArchiveKey implements Disposable {
  readonly keyringPath: string;
  readonly #home: string;
  readonly #folder: ReturnType<typeof temporaryFolder>;

  constructor() {
    this.#folder = temporaryFolder();
    this.#home = join(this.#folder.path, "gnupg");
    mkdirSync(this.#home, { mode: 0o700 });
    this.#gpg(["--passphrase", "", "--quick-gen-key", "archive@test.invalid", "ed25519", "sign", "never"]);
    this.keyringPath = join(this.#folder.path, "keyring.gpg");
    writeFileSync(this.keyringPath, this.#gpg(["--export"]));
  }

  /** The text with its signature around it. */
  clearSign(text: string): Buffer {
    return this.#gpg(["--clearsign"], text);
  }

  #gpg(args: readonly string[], input = ""): Buffer {
    return execFileSync("gpg", ["--homedir", this.#home, "--batch", "--quiet", "--pinentry-mode", "loopback", ...args], {
      input,
      stdio: ["pipe", "pipe", "ignore"],
    });
  }

  [Symbol.dispose](): void {
    execFileSync("gpgconf", ["--homedir", this.#home, "--kill", "all"], { stdio: "ignore" });
    this.#folder[Symbol.dispose]();
  }
}

/** A package etcd-server, or the one that is built with it, with its program; with `content` undefined it holds none. */
export function etcdPackage(packageVersion: string, content: string | undefined, { packageName = "etcd-server", program = "etcd" } = {}): Buffer {
  using work = temporaryFolder();
  const root = join(work.path, "root");
  mkdirSync(join(root, "DEBIAN"), { recursive: true });
  chmodSync(root, 0o755);
  writeFileSync(
    join(root, "DEBIAN", "control"),
    `Package: ${packageName}\nVersion: ${packageVersion}\nArchitecture: all\nMaintainer: Nobody <nobody@test.invalid>\nDescription: test\n`,
  );
  mkdirSync(join(root, "usr", "bin"), { recursive: true });
  if (content !== undefined) writeFileSync(join(root, "usr", "bin", program), content, { mode: 0o755 });
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", root, join(work.path, "out.deb")], { stdio: "ignore" });
  const bytes = readFileSync(join(work.path, "out.deb"));
  rmSync(root, { recursive: true });
  return bytes;
}

/** Puts a suite with these versions of etcd-server, and of etcd-client, on a server: lists, signature and packages as in Debian's archive. */
export function serveSuite(site: ReleaseSiteServer, key: ArchiveKey, suite: string, packages: Readonly<Record<string, Buffer>>, clients: Readonly<Record<string, Buffer>> = {}): void {
  const architecture = execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim();
  const all = Object.entries({ "etcd-server": packages, "etcd-client": clients }).flatMap(([name, versions]) => Object.entries(versions).map(([version, bytes]) => [name, version, bytes] as const));
  const stanzas = all.map(([packageName, packageVersion, bytes]) => {
    const file = packageFile(packageVersion, packageName);
    site.serve(`/debian/${file}`, bytes);
    return [
      `Package: ${packageName}`,
      `Version: ${packageVersion}`,
      "Architecture: all",
      "Maintainer: Nobody <nobody@test.invalid>",
      `Filename: ${file}`,
      `Size: ${bytes.length}`,
      `SHA256: ${sha256(bytes)}`,
      "Description: test",
      "",
    ].join("\n");
  });
  const list = stanzas.join("\n");
  const listName = `main/binary-${architecture}/Packages`;
  const release = [
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    `Date: ${new Date().toUTCString().replace("GMT", "UTC")}`,
    `Architectures: ${architecture}`,
    "Components: main",
    "SHA256:",
    ` ${sha256(list)} ${Buffer.byteLength(list)} ${listName}`,
    "",
  ].join("\n");
  site.serve(`/debian/dists/${suite}/InRelease`, key.clearSign(release));
  site.serve(`/debian/dists/${suite}/${listName}`, list);
}

/** The usual package of a version: one whose etcd says that it is that version. */
export function workingPackage(packageVersion: string, version: string): Record<string, Buffer> {
  return { [packageVersion]: etcdPackage(packageVersion, etcdLike(version)) };
}

export function packageFile(packageVersion: string, packageName = "etcd-server"): string {
  return `pool/main/e/etcd/${packageName}_${packageVersion}_all.deb`;
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
