import { checkLeases } from "../../src/check/lease.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkSerializable } from "../../src/check/serializable.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { readHistory } from "../../src/recording/read.ts";
import { cpuMsOf } from "../support/cpu.ts";

/* Reads the history in a folder and checks it as asked, and says what CPU time each step took and how much memory the process had at most. */

const checks: Readonly<Record<string, (operations: readonly Operation[]) => { readonly kind: string }>> = {
  "strict-serializable": (operations) => checkStrictSerializable(operations),
  "no-lost-writes": checkNoLostWrites,
  serializable: (operations) => checkSerializable(operations, () => false),
  lease: (operations) => checkLeases(operations, { slackNs: 15e9 }),
  lock: checkLocks,
};

const [folder = "", ...asked] = process.argv.slice(2);
const defects: string[] = [];
const before = process.cpuUsage();
const operations = await readHistory(folder, "history.jsonl", defects);
const { user, system } = process.cpuUsage(before);
if (defects.length > 0) throw new Error(defects.join("; "));
const said: Record<string, number> = { read: (user + system) / 1_000 };
for (const name of asked) {
  said[name] = cpuMsOf(() => {
    const finding = checks[name]?.(operations);
    if (finding?.kind !== "ok") throw new Error(JSON.stringify(finding));
  });
}
process.stdout.write(JSON.stringify({ ...said, memory: process.resourceUsage().maxRSS / 1_024 }));
