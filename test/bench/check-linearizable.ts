import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readJepsenLog } from "../../src/check/import/jepsen-log.ts";
import { casRegisterOperations } from "../../src/check/import/operations/register.ts";
import { pairEvents } from "../../src/check/import/pair.ts";
import type { Call } from "../../src/check/linearizable/call.ts";
import type { CellInput, CellOutput } from "../../src/check/linearizable/cell.ts";
import { decide } from "../../src/check/linearizable/decide.ts";
import { checkLinearizable } from "../../src/check/linearizable/linearizable.ts";
import { casRegister } from "../../src/check/linearizable/models/cas-register.ts";
import { relevantCalls } from "../../src/check/linearizable/relevant.ts";
import { MonotonicClock } from "../../src/clock.ts";
import { runCommand } from "../../src/process.ts";
import { simulate, type Simulation } from "../check/linearizable/simulated.ts";
import { cpuMsOf } from "../support/cpu.ts";
import { printTable, type Row } from "./table.ts";

const rounds = 5;
const clock = new MonotonicClock();
const nowMs = (): number => clock.nowMs();

/** Registers without revisions, unique writes unless it says how many values. */
const simulations: Readonly<Record<string, Omit<Simulation, "seed">>> = {
  "100k operations, 10 clients": { clients: 10, calls: 100_000 },
  "1k operations, 30 clients": { clients: 30, calls: 1_000 },
  "10k, 1 % unknown, a stale read": { clients: 10, calls: 10_000, neverReturning: 0.01, staleRead: true },
  "10k of 5 values": { clients: 10, calls: 10_000, values: 5 },
  "10k of 5 values, a stale read": { clients: 10, calls: 10_000, values: 5, staleRead: true },
  "10k of 100 values": { clients: 10, calls: 10_000, values: 100 },
  "1k of 100 values, 30 clients": { clients: 30, calls: 1_000, values: 100 },
  "10k, 30 % swaps": { clients: 10, calls: 10_000, swaps: 0.3 },
};

/** Histories without revisions; with PORCUPINE_DATA also Jepsen's of etcd, all files of which are read and checked, beside Porcupine where it is on PATH. */
export async function benchLinearizable(): Promise<void> {
  const rows = Object.entries(simulations).map(([name, simulation]): Row => ({ name, values: Array.from({ length: rounds }, (_, seed) => checkOnce({ ...simulation, seed })) }));
  printTable("a verdict on a register's history", "ms CPU", rows);
  const folder = process.env["PORCUPINE_DATA"];
  if (folder !== undefined) await benchLogs(folder);
}

function checkOnce(simulation: Simulation): number {
  const history = simulate(simulation);
  return cpuMsOf(() => {
    const { kind } = checkLinearizable(history, casRegister, { timeMs: 60_000, memoryBytes: 2e9, nowMs });
    if (kind === "unknown") process.stdout.write(`not decided: ${JSON.stringify(simulation)}\n`);
  });
}

async function benchLogs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".log")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const limits = { untilMs: Infinity, bytesMax: 2e9, nowMs };
  const callsOf = (name: string, index: number): Call<CellInput, CellOutput>[] => pairEvents(readJepsenLog(texts[index] ?? "", name), casRegisterOperations, name);
  const isLegal = (name: string, index: number): boolean => decide(relevantCalls(callsOf(name, index), casRegister), casRegister, limits).kind === "legal";
  const isExplained = (name: string, index: number): boolean => checkLinearizable(callsOf(name, index), casRegister, { timeMs: 60_000, memoryBytes: 2e9, nowMs }).kind === "ok";
  const rows = [["read, with verdicts", isLegal], ["and counterexamples", isExplained]] as const;
  const legal = names.filter(isLegal).length;
  printTable(`${names.length} histories in ${folder}, ${legal} of them legal`, "ms CPU", [
    ...(await porcupine(folder)),
    ...rows.map(([name, check]) => ({ name, values: Array.from({ length: rounds }, () => cpuMsOf(() => names.forEach(check))) })),
  ]);
}

/** Porcupine's own tests of the same histories, as `go test -c` makes them a program: the CPU time of each round. */
async function porcupine(folder: string): Promise<Row[]> {
  const program = "porcupine.test";
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { exitCode, stderr } = await runCommand("bash", ["-c", `cd "$1" && TIMEFORMAT="%U %S" && time ${program} -test.run EtcdJepsen`, "bash", join(folder, "../..")], { timeoutMs: 60_000 });
    if (exitCode !== 0) {
      process.stdout.write(`Porcupine is left out: no ${program} on PATH that runs beside ${folder}\n`);
      return [];
    }
    const [user = NaN, system = NaN] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    values.push((user + system) * 1_000);
  }
  return [{ name: "Porcupine, verdicts", values }];
}
