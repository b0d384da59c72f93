import { checkStrictSerializable } from "./src/check/strict-serializable.ts";
import { checkNoLostWrites } from "./src/check/no-lost-writes.ts";
import { correctHistory } from "./test/check/histories.ts";
const which = process.argv[2];
const h = correctHistory(1, which === "a" ? { operations: 200_000, clients: 30, keys: 50, kinds: ["put","get"], unknown: 0.01, failed: 0 } : { operations: 200_000, clients: 30, keys: 1000, kinds: ["put", "get", "put", "get", "swap", "delete", "serializable-get"], unknown: 0.01, failed: 0 });
for (const f of [checkStrictSerializable, checkNoLostWrites]) { const c0 = process.cpuUsage(); f(h); const c = process.cpuUsage(c0); console.log(which, f.name, (c.user + c.system) / 1000); }
