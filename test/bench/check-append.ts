import { checkAppend } from "../../src/check/append.ts";
import { isKind, type Operation } from "../../src/recording/operation.ts";
import { append } from "../../src/workloads/append.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { cpuMsOf } from "../support/cpu.ts";
import { printTable } from "./table.ts";

const rounds = 5;
const operations = 100_000;

/** The checker of lists on a hundred thousand transactions: correct ones, and with one read of a list as if it were not there. */
export function benchAppend(): void {
  const history = simulatedLoad(append.bind({ clients: 30 }), 1, { operations, unknown: 0.01, failed: 0.01 });
  const rows = [["correct", history], ["a stale read", withStaleRead(history)]] as const;
  printTable(`append, ${operations.toLocaleString("en-US")} transactions of 30 clients, 1 % of unknown outcome`, "ms CPU", rows.map(([name, each]) => ({ name, values: Array.from({ length: rounds }, () => cpuMsOf(() => checkAppend(each))) })));
}

function withStaleRead(history: readonly Operation[]): Operation[] {
  const stale = history.filter(isKind("txn")).findLast(({ succeeded, compares, responses = [] }) => {
    return succeeded === true && compares.length === 0 && responses.some((answer) => answer.op === "get" && (answer.value ?? "").length > 40);
  });
  return history.map((each) => (each === stale ? { ...stale, responses: (stale.responses ?? []).map(() => ({ op: "get", value: null })) } : each));
}
