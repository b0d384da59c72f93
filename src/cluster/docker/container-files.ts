import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path/posix";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { extract, pack, type Header, type Pack } from "tar-stream";
import { HarnessError } from "../../errors.ts";

/** Names of what is in a folder of the container, whether it runs or not. */
export async function fileNamesIn(container: Docker.Container, folder: string): Promise<string[]> {
  const names: string[] = [];
  await eachEntry(container, folder, async ({ name, type }) => {
    const parts = name.replace(/\/$/, "").split("/");
    // The archive is of the folder itself, under its own name.
    if (parts.length === 2 && type !== undefined) names.push(parts[1] ?? "");
  });
  return names;
}

/** What a file of the container holds. */
export async function readFileIn(container: Docker.Container, path: string): Promise<Buffer> {
  let content: Buffer | undefined;
  await eachEntry(container, path, async ({ type }, read) => {
    if (type === "file") content = await read();
  });
  if (content === undefined) throw new HarnessError("cluster", `${path} is no file in the container`);
  return content;
}

/** Overwrites a file of the container, with the owner and the permissions that it has. */
export async function writeFileIn(container: Docker.Container, path: string, content: Buffer): Promise<void> {
  let found: Header | undefined;
  await eachEntry(container, path, async (header) => void (found = header));
  if (found === undefined) throw new HarnessError("cluster", `${path} is not there in the container`);
  const archive = pack();
  archive.entry({ name: basename(path), mode: found.mode ?? 0o600, uid: found.uid ?? 0, gid: found.gid ?? 0 }, content);
  await unpackInto(container, archive, dirname(path));
}

/** Unpacks what was entered into an archive into a folder of the container, whether it runs or not. */
export async function unpackInto(container: Docker.Container, archive: Pack, folder: string): Promise<void> {
  archive.finalize();
  await container.putArchive(await buffer(Readable.from(archive)), { path: folder });
}

/** Copies a folder of one container to the same place in another; neither needs to run. */
export async function copyFolder(from: Docker.Container, to: Docker.Container, folder: string): Promise<void> {
  const archive = await from.getArchive({ path: folder });
  await to.putArchive(archive, { path: dirname(folder) });
}

/** Copies a folder of this machine to a place in a container, whether it runs or not. */
export async function copyFolderInto(container: Docker.Container, from: string, folder: string): Promise<void> {
  const archive = pack();
  const filling = fill(archive, from, basename(folder));
  await Promise.all([container.putArchive(Readable.from(archive), { path: dirname(folder) }), filling]);
}

/** Enters a folder and what is in it into an archive, with its permissions and for root, whom containers run as. */
async function fill(archive: Pack, from: string, name: string): Promise<void> {
  archive.entry({ name, type: "directory", mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const inside = `${name}/${relative(from, path)}`;
    if (entry.isDirectory()) archive.entry({ name: inside, type: "directory", mode: 0o700 });
    else await pipeline(createReadStream(path), archive.entry({ name: inside, size: (await stat(path)).size, mode: 0o600 }));
  }
  archive.finalize();
}

async function eachEntry(container: Docker.Container, path: string, action: (header: Header, read: () => Promise<Buffer>) => Promise<void>): Promise<void> {
  const archive = await container.getArchive({ path });
  const entries = extract();
  archive.pipe(entries);
  archive.once("error", (error) => entries.destroy(error));
  for await (const entry of entries) {
    await action(entry.header, () => buffer(entry));
    entry.resume();
  }
}
