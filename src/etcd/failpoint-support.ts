import { open } from "node:fs/promises";

/** gofail reads this from the environment: its name is in every binary that has failpoints, and in no other etcd. */
const trace = "GOFAIL_HTTP";
const chunkBytes = 4 * 1024 * 1024;

/** Whether an etcd binary was built with failpoints. */
export async function hasFailpoints(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const chunk = Buffer.alloc(chunkBytes + trace.length);
    for (let at = 0; ; at += chunkBytes) {
      // Chunks overlap by the length of the name, which may lie across their border.
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (chunk.subarray(0, bytesRead).includes(trace)) return true;
      if (bytesRead < chunk.length) return false;
    }
  } finally {
    await file.close();
  }
}
