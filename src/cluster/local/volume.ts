import { access, mkdir, open, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessError } from "../../errors.ts";
import { runFolder } from "../../marks.ts";
import { runCommand } from "../../process.ts";
import { withSystemPrograms } from "../../system-programs.ts";
import { needDiskShim } from "../disk/disk-shim.ts";

/** A file system in a file. It is mounted by the member in its own mount namespace, and so goes with its process. */
export interface Volume {
  readonly image: string;
  readonly mountPoint: string;
}

// etcd allots two log files of 64 MB each ahead; the image is sparse.
const sizeBytes = 512 * 1024 * 1024;

/** Makes an empty volume in a member's folder. @throws HarnessError `environment` */
export async function makeVolume(home: string): Promise<Volume> {
  const volume = { image: join(home, "volume.ext4"), mountPoint: join(home, "volume") };
  await mkdir(volume.mountPoint, { recursive: true });
  const image = await open(volume.image, "w");
  await image.truncate(sizeBytes);
  await image.close();
  const { exitCode, stderr } = await runCommand("mkfs.ext4", ["-q", "-F", "-m", "0", volume.image], { env: withSystemPrograms() });
  if (exitCode !== 0) throw new HarnessError("environment", `mkfs.ext4 failed: ${stderr.trim()}`);
  return volume;
}

/** The command that mounts the volume and runs another one. The loop device goes with the mount. */
export function withVolume({ image, mountPoint }: Volume, command: readonly string[]): string[] {
  return ["/bin/sh", "-c", 'mount -o loop "$1" "$2" && shift 2 && exec "$@"', "sh", image, mountPoint, ...command];
}

/** The volume as it is seen from outside of the process's mount namespace. */
export function volumeOf(pid: number, mountPoint: string): string {
  return `/proc/${pid}/root${mountPoint}`;
}

/** Ends the file system as a loss of power does. @throws HarnessError `fault` where it goes on */
export async function cutPower(mountPoint: string): Promise<void> {
  const { exitCode, stderr } = await runCommand(await needDiskShim(), ["--cut-power", mountPoint]);
  if (exitCode !== 0) throw new HarnessError("fault", `the power could not be cut: ${stderr.trim()}`);
}

const loopsFolder = "/sys/block";

/**
 * Thaws every volume of a run that somebody left frozen: a process that waits for one cannot be
 * killed. Its mount may be gone with the member's namespace; the loop device stays as long as
 * something waits, and mounted once more it is the same file system.
 */
export async function thawVolumes(runId: string): Promise<void> {
  const names = (await readdir(loopsFolder).catch(() => [])).filter((name) => name.startsWith("loop"));
  const folder = `${runFolder(runId)}/`;
  await Promise.all(
    names.map(async (name) => {
      const backing = `${loopsFolder}/${name}/loop/backing_file`;
      if (!(await readFile(backing, "utf8").catch(() => "")).startsWith(folder)) return;
      // Looked at again once it is mounted: until then the device may have passed to another run.
      const script = 'mount "$1" "$2" && case "$(cat "$3")" in "$4"*) fsfreeze -u "$2" ;; esac';
      await runCommand("unshare", ["-m", "--", "/bin/sh", "-c", script, "sh", `/dev/${name}`, tmpdir(), backing, folder], { env: withSystemPrograms() }).catch(() => undefined);
    }),
  );
}

/** Why members cannot have file systems of their own here; undefined where they can. */
export async function whyNoVolumes(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "a file system of its own for each member needs root, to mount it from a file";
  if (!(await access("/dev/loop-control").then(() => true, () => false))) return "a file system of its own for each member needs loop devices, and there is no /dev/loop-control";
  const makes = await runCommand("mkfs.ext4", ["-V"], { env: withSystemPrograms() }).then(({ exitCode }) => exitCode === 0, () => false);
  return makes ? undefined : "a file system of its own for each member needs mkfs.ext4: install the package e2fsprogs";
}
