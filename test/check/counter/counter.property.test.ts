import { checkCounter } from "../../../src/check/counter.ts";
import { additionsIn } from "../../../src/check/counters/history.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { counter } from "../../../src/workloads/counter.ts";
import { judgesMadeUpHistories } from "../made-up-histories.ts";
import { simulatedLoad } from "../simulated-load.ts";
import { wrongs } from "./changes.ts";

function made(seed: number): Operation[] {
  const workload = counter.bind({ clients: 2 + (seed % 7), counters: 1 + (seed % 4), reads: 0.3 + (seed % 3) * 0.2 });
  return simulatedLoad(workload, seed, { operations: 40 + (seed % 5) * 50, unknown: (seed % 6) * 0.04 });
}

describe("the checker of counters, on made-up histories", function () {
  this.timeout(600_000);

  judgesMadeUpHistories({ made, check: (history) => checkCounter(history), tells: (history) => additionsIn(history), wrongs });
});
