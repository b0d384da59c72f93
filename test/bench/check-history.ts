import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { readHistory } from "../../src/recording/read.ts";

/* Reads and checks the history in a folder, and says how long each step took and how much memory the process had at most. */

const [folder = ""] = process.argv.slice(2);

async function timed<T>(work: () => T | Promise<T>): Promise<readonly [number, T]> {
  const beganMs = performance.now();
  const result = await work();
  return [performance.now() - beganMs, result];
}

const defects: string[] = [];
const [read, operations] = await timed(() => readHistory(folder, "history.jsonl", defects));
const [strict, finding] = await timed(() => checkStrictSerializable(operations));
const [lost, writes] = await timed(() => checkNoLostWrites(operations));
for (const each of [finding, writes]) if (each.kind !== "ok") throw new Error(JSON.stringify(each));
if (defects.length > 0) throw new Error(defects.join("; "));
process.stdout.write(JSON.stringify({ read, strict, lost, memory: process.resourceUsage().maxRSS / 1_024 }));
