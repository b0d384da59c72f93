import { createReadStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

const folder = fileURLToPath(new URL("kept/", import.meta.url));

/** Names of the runs kept here, each with the commit that recorded it behind the last dash. */
export async function keptRuns(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".tar.gz")).map((name) => name.slice(0, -".tar.gz".length)).sort();
}

/** Reads a kept run: its files by their paths in the run's folder. */
export async function keptFiles(name: string): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const archive = extract();
  const read = pipeline(createReadStream(join(folder, `${name}.tar.gz`)), createGunzip(), archive);
  for await (const entry of archive) {
    const bytes = await buffer(entry);
    if (entry.header.type === "file") found.set(entry.header.name, bytes);
  }
  await read;
  return found;
}

/** Writes a run's files into a folder. */
export async function writeFiles(to: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), bytes);
  }
}
