import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of one test's own. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "etcd-chaos-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A program that answers --version as etcd does; `padding` makes two of one version differ. */
export function etcdLike(version: string, padding = ""): string {
  return `#!/bin/sh\necho 'etcd Version: ${version}'\necho 'Git SHA: 0123456789abcdef'\nexit 0\n# ${padding}\n`;
}

/** A program that answers `version` as etcdctl or etcdutl does. */
export function clientLike(version: string, name = "etcdctl"): string {
  return `#!/bin/sh\necho '${name} version: ${version}'\n`;
}

/** A release archive with the files of `files` in its top folder. */
export function releaseArchive(version: string, files: Readonly<Record<string, string>>): Buffer {
  using work = temporaryFolder();
  const top = `etcd-v${version}-linux-amd64`;
  mkdirSync(join(work.path, top));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work.path, top, name), text, { mode: 0o755 });
  execFileSync("tar", ["-czf", join(work.path, "a.tar.gz"), "-C", work.path, top]);
  return readFileSync(join(work.path, "a.tar.gz"));
}

/** Incompressible text, so that an archive needs more than one packet. */
export function ballast(bytes = 400_000): string {
  return randomBytes(bytes).toString("hex");
}

type Handler = (response: ServerResponse, path: string) => void;

/** A release site on loopback that serves what it is given, and can be told to misbehave for a path. */
export class ReleaseSiteServer implements AsyncDisposable {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  readonly #close: () => Promise<void>;
  readonly #handlers: Map<string, Handler>;

  private constructor(url: string, requests: string[], handlers: Map<string, Handler>, close: () => Promise<void>) {
    this.url = url;
    this.requests = requests;
    this.#handlers = handlers;
    this.#close = close;
  }

  static async start(): Promise<ReleaseSiteServer> {
    const requests: string[] = [];
    const handlers = new Map<string, Handler>();
    const listener: RequestListener = (request, response) => {
      const path = decodeURIComponent(request.url ?? "/");
      requests.push(path);
      const handler = handlers.get(path);
      if (handler) handler(response, path);
      else response.writeHead(404).end("not here");
    };
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new ReleaseSiteServer(`http://127.0.0.1:${address.port}`, requests, handlers, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }

  /** Serves a release: archive, checksums, and an entry in the list. */
  release(version: string, archive: Buffer = releaseArchive(version, { etcd: etcdLike(version) })): void {
    const name = archiveName(version);
    const sha256 = createHash("sha256").update(archive).digest("hex");
    this.serve(`/v${version}/${name}`, archive);
    this.serve(`/v${version}/SHA256SUMS`, `${"0".repeat(64)}  etcd-v${version}-darwin-amd64.zip\n${sha256}  ${name}\n`);
  }

  list(...versions: string[]): void {
    this.serve("/releases.json", JSON.stringify(versions.map((version) => ({ tag_name: `v${version}` }))));
  }

  serve(path: string, body: Buffer | string): void {
    this.on(path, (response) => response.writeHead(200, { "content-length": Buffer.byteLength(body) }).end(body));
  }

  on(path: string, handler: Handler): void {
    this.#handlers.set(path, handler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

export function archiveName(version: string): string {
  return `etcd-v${version}-linux-amd64.tar.gz`;
}

export function archivePath(version: string): string {
  return `/v${version}/${archiveName(version)}`;
}
