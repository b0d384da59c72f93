import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { shimCommand } from "../disk/disk-shim.ts";
import type { DiskReach } from "../disk/rule.ts";
import type { DiskFolder } from "../disk/disk-control.ts";
import { readFileIn, unpackInto } from "./container-files.ts";

const folder = "/disk-faults";

/** What stands before etcd in the command of a container that has the wrapper. */
export function containerShimCommand(reach: DiskReach): readonly string[] {
  return shimCommand(`${folder}/disk-shim`, folder, reach);
}

/** Puts the wrapper into a container that was created and not yet started. */
export async function installDiskShim(container: Docker.Container, shimPath: string, rules: string): Promise<void> {
  const archive = pack();
  // Whatever user the image runs etcd as has to write there.
  archive.entry({ name: folder, type: "directory", mode: 0o777 });
  archive.entry({ name: `${folder}/disk-shim`, mode: 0o755 }, await readFile(shimPath));
  archive.entry({ name: `${folder}/rules`, mode: 0o644 }, rules);
  await unpackInto(container, archive, "/");
}

/**
 * The disk folder inside a container. Files are copied in and out by the engine, which needs
 * no folder that both share, and works also while the container is frozen or down.
 */
export function containerDiskFolder(container: () => Docker.Container): DiskFolder {
  return {
    readCounts: () => textIn(container(), `${folder}/counts`),
    readRules: () => textIn(container(), `${folder}/rules`),
    async writeRules(text) {
      const archive = pack();
      archive.entry({ name: "rules", mode: 0o644 }, text);
      await unpackInto(container(), archive, folder);
    },
  };
}

async function textIn(container: Docker.Container, path: string): Promise<string> {
  return (await readFileIn(container, path)).toString("utf8");
}
