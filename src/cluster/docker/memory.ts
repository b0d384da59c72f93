import type Docker from "dockerode";
import { HarnessError, messageOf } from "../../errors.ts";

const mebibyte = 1024 * 1024;
/** The engine takes no limit below this. */
const limitMinBytes = 6 * mebibyte;
/** The kernel refuses a limit below what cannot be reclaimed: the smallest of these that it takes. */
const headroomsBytes = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64].map((mebibytes) => mebibytes * mebibyte);

/** Leaves a running container a little more than it uses, page cache apart. @returns the limit in bytes */
export async function limitMemory(container: Docker.Container): Promise<number> {
  const { memory_stats: memory } = await container.stats({ stream: false, "one-shot": true });
  // What is cache is called `cache` in control groups of version 1, and `file` in those of version 2.
  const pages = new Map(Object.entries(memory.stats));
  const usedBytes = memory.usage - (pages.get("cache") ?? pages.get("file") ?? 0);
  if (!(usedBytes > 0)) throw new HarnessError("fault", "the engine does not say how much memory the container uses");
  let refusal = "";
  for (const headroomBytes of headroomsBytes) {
    const limitBytes = Math.max(limitMinBytes, Math.ceil(usedBytes + headroomBytes));
    try {
      await container.update({ Memory: limitBytes, MemorySwap: limitBytes });
      return limitBytes;
    } catch (error) {
      refusal = messageOf(error);
    }
  }
  throw new HarnessError("fault", `the engine refuses to limit the container's memory: ${refusal}`);
}

/** Idempotent. The engine does not take a limit back, only a higher one: all that the machine has. */
export async function unlimitMemory(docker: Docker, container: Docker.Container): Promise<void> {
  const info: { MemTotal: number } = await docker.info();
  await container.update({ Memory: info.MemTotal, MemorySwap: -1 });
}
