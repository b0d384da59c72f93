import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/process.ts";
import { correctHistory } from "../check/histories.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { printTable } from "./table.ts";

const rounds = 3;
const operations = 1_000_000;
const memoryMb = 1_000;
const figures = ["read", "strict-serializable", "no-lost-writes", "memory"] as const;
const units = { read: "ms", "strict-serializable": "ms", "no-lost-writes": "ms", memory: "MB" } as const;

/** The checkers by revisions on a history of a million operations, in a process whose heap may have 1 GB. */
export async function benchRevisions(): Promise<void> {
  for (const [what, keys, kinds] of [
    ["puts and gets of 50 keys", 50, ["put", "get"]],
    ["puts, gets, swaps and deletes of 1,000 keys", 1_000, ["put", "get", "put", "get", "swap", "delete", "serializable-get"]],
  ] as const) {
    using folder = temporaryFolder();
    const path = `${folder.path}/history.jsonl`;
    const file = createWriteStream(path);
    for (const operation of correctHistory(1, { operations, clients: 30, keys, kinds, unknown: 0.01, failed: 0 })) file.write(`${JSON.stringify(operation)}\n`);
    file.end();
    await once(file, "close");
    const measured = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(folder.path));
    for (const name of figures) printTable(`${name}, ${operations.toLocaleString("en-US")} operations of 30 clients, 1 % of unknown outcome: ${what}`, units[name], [{ name, values: measured.map((each) => each[name]) }]);
  }
}

async function measure(folder: string): Promise<Record<(typeof figures)[number], number>> {
  const program = fileURLToPath(new URL("check-history.ts", import.meta.url));
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, [`--max-old-space-size=${memoryMb}`, "--import", "tsx", program, folder], { timeoutMs: 120_000 });
  if (exitCode !== 0) throw new Error(`checking ended with ${exitCode}: ${stderr.trim().split("\n").at(-1)}`);
  const said: Record<string, number> = JSON.parse(stdout);
  return { read: said["read"] ?? NaN, "strict-serializable": said["strict"] ?? NaN, "no-lost-writes": said["lost"] ?? NaN, memory: said["memory"] ?? NaN };
}
