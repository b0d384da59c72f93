import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/process.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { correctHistory, type HistoryOptions } from "../check/histories.ts";
import { playLeases, playLocks } from "../check/lease-cluster.ts";
import { keptAlive, repeated } from "../check/repeated.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { printTable } from "./table.ts";

const rounds = 3;
const operations = 1_000_000;
const memoryMb = 1_000;
const byRevision = ["strict-serializable", "no-lost-writes", "serializable"] as const;

interface LongHistory {
  readonly what: string;
  readonly checks: readonly string[];
  readonly make: () => Promise<readonly Operation[]>;
}

const ofKv = (what: string, options: Omit<HistoryOptions, "operations">): LongHistory => ({
  what: `30 clients, 1 % of unknown outcome: ${what}`,
  checks: byRevision,
  make: () => Promise.resolve(correctHistory(1, { operations, clients: 30, unknown: 0.01, failed: 0, ...options })),
});

const histories: readonly LongHistory[] = [
  ofKv("puts and gets of 50 keys", { keys: 50, kinds: ["put", "get"] }),
  ofKv("puts, gets, swaps and deletes of 1,000 keys", { keys: 1_000, kinds: ["put", "get", "put", "get", "swap", "delete", "serializable-get"] }),
  ofKv("puts, gets, and ranges and deletes of up to 20 keys", { keys: 20, kinds: ["put", "range", "delete-range", "get", "get", "get"] }),
  { what: "leases of 30 clients", checks: ["lease"], make: async () => asLong(await playLeases({ seed: 1, clients: 30 })) },
  { what: "30 leases kept alive all the time", checks: ["lease"], make: () => Promise.resolve(keptAlive(30, operations)) },
  { what: "locks of 30 clients", checks: ["lock"], make: async () => asLong(await playLocks({ seed: 1, clients: 30, fenced: true })) },
];

/** The checkers of a run's history on a million operations, in a process whose heap may have 1 GB. */
export async function benchRevisions(): Promise<void> {
  for (const { what, checks, make } of histories) {
    using folder = temporaryFolder();
    const file = createWriteStream(`${folder.path}/history.jsonl`);
    for (const operation of await make()) file.write(`${JSON.stringify(operation)}\n`);
    file.end();
    await once(file, "close");
    const measured: Readonly<Record<string, number>>[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(folder.path, checks));
    const rowOf = (name: string) => ({ name, values: measured.map((each) => each[name] ?? NaN) });
    printTable(`${operations.toLocaleString("en-US")} operations, ${what}`, "ms CPU", ["read", ...checks].map(rowOf));
    printTable("and the memory for all of that", "MB", [rowOf("memory")]);
  }
}

function asLong(history: readonly Operation[]): Operation[] {
  return repeated(history, Math.ceil(operations / history.length));
}

async function measure(folder: string, checks: readonly string[]): Promise<Record<string, number>> {
  const program = fileURLToPath(new URL("check-history.ts", import.meta.url));
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, [`--max-old-space-size=${memoryMb}`, "--import", "tsx", program, folder, ...checks], { timeoutMs: 600_000 });
  if (exitCode !== 0) throw new Error(`checking ended with ${exitCode}: ${stderr.trim().split("\n").at(-1)}`);
  const said: Record<string, number> = JSON.parse(stdout);
  return said;
}
