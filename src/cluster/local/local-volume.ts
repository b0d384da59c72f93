import type { Clock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { runVariable } from "../../marks.ts";
import { runCommand, type CommandResult } from "../../process.ts";
import type { OwnVolume } from "../member.ts";
import { withSystemPrograms } from "../../system-programs.ts";
import type { Volume } from "./volume.ts";

/** How the script below ends where the volume could not be mounted. */
const notMounted = 99;
/** A loop device that is just being given back cannot be had for a moment. */
const mountAttempts = 20;
const mountRetryMs = 50;

// What is not written yet, or freed and not yet given back, only a sync makes known. One file for
// each time: what a full disk made of a file that was to grow is not to be relied on.
const fillScript = `
  sync -f "$1"
  mkdir -p "$1/filler"
  file="$1/filler/$(ls "$1/filler" | wc -l)"
  fallocate -l "$(($(stat -f -c '%a * %S' "$1")))" "$file"
  dd if=/dev/zero of="$file" bs=4k oflag=append conv=notrunc
  sync -f "$1"`;

/**
 * A member's file system, reached by mounting it once more for a moment, in a mount namespace of
 * its own: the kernel takes the same loop device and the same file system as the member's, and
 * where the member is gone and its mount with it, it works as well.
 */
export class LocalVolume implements OwnVolume {
  readonly image: string;
  readonly mountPoint: string;
  readonly #runId: string;
  readonly #clock: Clock;
  #frozen = false;

  constructor({ image, mountPoint }: Volume, runId: string, clock: Clock) {
    this.image = image;
    this.mountPoint = mountPoint;
    this.#runId = runId;
    this.#clock = clock;
  }

  /** As far as we did it. */
  get frozen(): boolean {
    return this.#frozen;
  }

  async freeBytes(): Promise<number> {
    const { stdout } = await this.#demand("be looked at", `stat -f -c '%a %S' "$1"`);
    const [blocks = NaN, blockBytes = NaN] = stdout.trim().split(" ").map(Number);
    return blocks * blockBytes;
  }

  async fill(): Promise<void> {
    await this.#demand("be filled", fillScript);
  }

  async clear(): Promise<void> {
    await this.#demand("be cleared", `rm -rf "$1/filler" && sync -f "$1"`);
  }

  async freeze(): Promise<boolean> {
    // Known before it is so: one that is being frozen has to be thawed too.
    this.#frozen = true;
    return this.#switch("freeze", "-f", "Device or resource busy");
  }

  async thaw(): Promise<boolean> {
    const thawed = await this.#switch("thaw", "-u", "Invalid argument");
    this.#frozen = false;
    return thawed;
  }

  /** @returns false where the kernel says that it is so already */
  async #switch(verb: string, option: string, already: string): Promise<boolean> {
    const { exitCode, stderr } = await this.#within(`fsfreeze ${option} "$1"`);
    if (exitCode === 0) return true;
    if (stderr.includes(already)) return false;
    throw new HarnessError("fault", `${this.mountPoint} does not ${verb}: ${stderr.trim()}`);
  }

  async #demand(what: string, script: string): Promise<CommandResult> {
    const result = await this.#within(script);
    if (result.exitCode !== 0) throw new HarnessError("fault", `${this.mountPoint} cannot ${what}: ${result.stderr.trim()}`);
    return result;
  }

  /** Runs a script whose first argument is where the volume is mounted. */
  async #within(script: string): Promise<CommandResult> {
    const command = `mount -o loop "$1" "$2" || exit ${notMounted}; shift; ${script}`;
    // Marked, so that it is found when the harness dies meanwhile; errors are told apart by their English names.
    const env = { ...withSystemPrograms(), LC_ALL: "C", [runVariable]: this.#runId };
    for (let attempt = 1; ; attempt++) {
      const result = await runCommand("unshare", ["-m", "--", "/bin/sh", "-c", command, "sh", this.image, this.mountPoint], { env });
      if (result.exitCode !== notMounted || attempt === mountAttempts) return result;
      await this.#clock.sleep(mountRetryMs);
    }
  }
}
