import { createServer } from "node:net";
import { once } from "node:events";
import { HarnessError } from "../../errors.ts";

// Below the ephemeral ports, so that no outgoing connection takes one between our look and the engine's use.
const [lowest, highest] = [20_000, 31_999] as const;

/**
 * So many free ports of 127.0.0.1. They are named rather than left to the engine, because it
 * would choose others when a container is started again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const range = highest - lowest + 1;
  const first = Number(process.hrtime.bigint() % BigInt(range));
  const found: number[] = [];
  for (let step = 0; step < range && found.length < count; step++) {
    const port = lowest + ((first + step) % range);
    if (await isFree(port)) found.push(port);
  }
  if (found.length < count) throw new HarnessError("environment", `127.0.0.1 has no ${count} free ports between ${lowest} and ${highest}`);
  return found;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen({ host: "127.0.0.1", port, exclusive: true });
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
