import { access, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { HarnessError } from "../../errors.ts";
import { runCommand } from "../../process.ts";
import { withSystemPrograms } from "../../system-programs.ts";
import { needDiskShim, whyNoDiskFaults } from "../disk/disk-shim.ts";

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

/** Why members cannot lose power here; undefined where they can. */
export async function whyNoPowerLoss(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "power loss needs root: each member has a file system of its own, mounted from a file";
  if (!(await access("/dev/loop-control").then(() => true, () => false))) return "power loss needs loop devices, and there is no /dev/loop-control";
  const makes = await runCommand("mkfs.ext4", ["-V"], { env: withSystemPrograms() }).then(({ exitCode }) => exitCode === 0, () => false);
  if (!makes) return "power loss needs mkfs.ext4: install the package e2fsprogs";
  return whyNoDiskFaults();
}
