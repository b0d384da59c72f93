import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { pack, type Pack } from "tar-stream";
import { HarnessError, messageOf, type ErrorCode } from "../../errors.ts";
import { runCommand } from "../../process.ts";

/** A file of an image: its path there, and where its content comes from. */
export type ImageFile = { readonly path: string } & ({ readonly from: string } | { readonly content: Buffer });

/**
 * Makes an image that holds just these files, unless the engine has it under this tag: no
 * base image, so nothing has to be pulled. Shared libraries of `programs` come along.
 */
export async function importImage(docker: Docker, tag: string, files: readonly ImageFile[], programs: readonly string[]): Promise<void> {
  if (await hasImage(docker, tag)) return;
  const libraries = await Promise.all(programs.map(sharedLibraries));
  const paths = new Set(libraries.flat());
  const archive = pack();
  const [repo, label] = splitTag(tag);
  const importing = docker.importImage(Readable.from(archive), { repo, tag: label });
  await Promise.all([fill(archive, [...files, ...[...paths].map((path) => ({ path, from: path }))]), importing.then(untilEnd)]);
  if (!(await hasImage(docker, tag))) throw new HarnessError("environment", `the Docker engine did not take the image ${tag}`);
}

export async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  return docker.getImage(tag).inspect().then(() => true, () => false);
}

/** Pulls an image unless it is there. @throws HarnessError with this code */
export async function ensureImage(docker: Docker, image: string, code: ErrorCode = "environment"): Promise<void> {
  if (await hasImage(docker, image)) return;
  try {
    const progress: NodeJS.ReadableStream = await docker.pull(image);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  } catch (cause) {
    throw new HarnessError(code, `the image ${image} is not on the Docker engine and cannot be pulled: ${messageOf(cause)}`, { cause });
  }
}

/** The first twelve hex digits of a SHA-256: enough to tell builds apart in a tag. */
export function contentTag(...contents: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content).update("\0");
  return hash.digest("hex").slice(0, 12);
}

function splitTag(image: string): [string, string] {
  const colon = image.lastIndexOf(":");
  return [image.slice(0, colon), image.slice(colon + 1)];
}

async function fill(archive: Pack, files: readonly ImageFile[]): Promise<void> {
  for (const file of files) {
    const name = file.path.replace(/^\//, "");
    if ("content" in file) {
      archive.entry({ name, mode: 0o644 }, file.content);
      continue;
    }
    const { size } = await stat(file.from);
    await pipeline(createReadStream(file.from), archive.entry({ name, size, mode: 0o755 }));
  }
  archive.finalize();
}

async function untilEnd(answer: NodeJS.ReadableStream): Promise<void> {
  for await (const _ of answer);
}

/** Absolute paths of the loader and the libraries that a program needs; none for a static one. */
async function sharedLibraries(program: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runCommand("ldd", [program]);
  if (exitCode !== 0 && /not a dynamic executable/.test(stdout + stderr)) return [];
  if (exitCode !== 0) throw new HarnessError("environment", `ldd cannot tell what ${program} needs: ${stderr.trim()}`);
  return [...stdout.matchAll(/(?:=>\s+)?(\/\S+)\s+\(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

/** The SHA-256 of a file, in hex. */
export async function fileHash(path: string): Promise<string> {
  return createHash("sha256").update(await readFile(path)).digest("hex");
}
