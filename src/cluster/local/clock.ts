import { HarnessError } from "../../errors.ts";
import { runCommand } from "../../process.ts";
import { needClockShim } from "../clock/clock-shim.ts";
import { ShimmedClock } from "../clock/process-clock.ts";

/** The clock of a process of this machine, under whatever pid it has at the time. */
export function localClock(pid: () => number | undefined): ShimmedClock {
  return new ShimmedClock(async (args) => {
    const id = pid();
    if (id === undefined) return undefined;
    const { exitCode, stdout, stderr } = await runCommand(await needClockShim(), [String(id), ...args]);
    if (exitCode === 0) return stdout;
    // It may have ended meanwhile.
    if (pid() !== id) return undefined;
    throw new HarnessError("fault", stderr.trim());
  });
}
