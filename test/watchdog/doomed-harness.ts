import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runFolder } from "../../src/marks.ts";
import { startWatchdog } from "../../src/watchdog/watchdog.ts";
import { startMarked } from "./marked.ts";

// A harness in small: a watchdog, a process and a member's folder of the run that it is told. It waits to be killed.
const [runId = ""] = process.argv.slice(2);
await startWatchdog(runId);
const child = await startMarked(runId);
await mkdir(join(runFolder(runId), "etcd-1", "data"), { recursive: true });
await writeFile(join(runFolder(runId), "etcd-1", "data", "wal"), "entries");
process.stdout.write(`up ${child.pid}\n`);
