import { checkQueue, handedOut } from "../../../src/check/queue.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { queue } from "../../../src/workloads/queue.ts";
import { judgesMadeUpHistories } from "../made-up-histories.ts";
import { simulatedLoad } from "../simulated-load.ts";
import { wrongs } from "./changes.ts";

function made(seed: number): Operation[] {
  const workload = queue.bind({ clients: 2 + (seed % 7), length: 1 + (seed % 9), enqueues: 0.4 + (seed % 3) * 0.2 });
  return simulatedLoad(workload, seed, { operations: 40 + (seed % 5) * 50, unknown: (seed % 6) * 0.04 });
}

describe("the checker of queues, on made-up histories", function () {
  this.timeout(600_000);

  judgesMadeUpHistories({ made, check: (history) => checkQueue(history), tells: (history) => handedOut(history), wrongs });
});
