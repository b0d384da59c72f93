import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { HarnessError } from "../../errors.ts";
import { runLabel } from "../../marks.ts";
import { needClockShim } from "../clock/clock-shim.ts";
import { ShimmedClock } from "../clock/process-clock.ts";
import { outputOf } from "./container.ts";
import { unpackInto } from "./container-files.ts";

const program = "clock-shim";
/** In the member's container nothing else is started. */
const etcdPid = "1";

/**
 * The clock of a container's process. The program comes in a container of its own that shares the
 * member's processes, and is gone when it is done: it needs the image, which is there, no root on
 * this machine, and nothing in the member's container.
 */
export function containerClock(engine: () => Docker, member: () => Docker.Container): ShimmedClock {
  return new ShimmedClock(async (args) => {
    const running = await inspectRunning(member());
    if (running === undefined) return undefined;
    const sidecar = await engine().createContainer({
      Image: running.Image,
      Labels: { [runLabel]: running.Config.Labels[runLabel] ?? "" },
      Entrypoint: [`/${program}`],
      Cmd: [etcdPid, ...args],
      User: "0",
      HostConfig: { PidMode: `container:${running.Id}`, NetworkMode: "none", CapAdd: ["SYS_PTRACE"] },
    });
    try {
      const archive = pack();
      archive.entry({ name: program, mode: 0o755 }, await readFile(await needClockShim()));
      await unpackInto(sidecar, archive, "/");
      return await run(sidecar);
    } catch (error) {
      // It may have ended meanwhile.
      if ((await inspectRunning(member()))?.State.Pid !== running.State.Pid) return undefined;
      throw error;
    } finally {
      await sidecar.remove({ v: true, force: true });
    }
  });
}

async function inspectRunning(container: Docker.Container): Promise<Docker.ContainerInspectInfo | undefined> {
  const found = await container.inspect();
  return found.State.Running ? found : undefined;
}

async function run(sidecar: Docker.Container): Promise<string> {
  const ending: Promise<{ StatusCode: number }> = sidecar.wait({ condition: "next-exit" });
  ending.catch(() => undefined);
  await sidecar.start();
  const { StatusCode } = await ending;
  const printed = await outputOf(sidecar);
  if (StatusCode !== 0) throw new HarnessError("fault", printed);
  return printed;
}
