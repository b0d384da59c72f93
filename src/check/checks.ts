import { checkedCalls, type Checked } from "./counterexample.ts";
import type { HistoryEvent } from "./import/event.ts";
import { kvOperations } from "./import/operations/kv.ts";
import { mutexOperations } from "./import/operations/mutex.ts";
import { queueOperations } from "./import/operations/queue.ts";
import { casRegisterOperations, registerOperations } from "./import/operations/register.ts";
import { setOperations } from "./import/operations/set.ts";
import { pairEvents, type OperationReader } from "./import/pair.ts";
import { checkLinearizable, type Budget } from "./linearizable/linearizable.ts";
import type { Model } from "./linearizable/model.ts";
import { casRegister } from "./linearizable/models/cas-register.ts";
import { kv } from "./linearizable/models/kv.ts";
import { mutex } from "./linearizable/models/mutex.ts";
import { queue } from "./linearizable/models/queue.ts";
import { register } from "./linearizable/models/register.ts";
import { set } from "./linearizable/models/set.ts";

/** Checks a history that was read from a file. */
export type Check = (events: Iterable<HistoryEvent>, fileName: string, budget: Budget) => Checked;

/** What a history without revisions can be checked against, by the name of the model. */
export const checks = {
  register: against(register, registerOperations),
  "cas-register": against(casRegister, casRegisterOperations),
  kv: against(kv, kvOperations),
  mutex: against(mutex, mutexOperations),
  queue: against(queue, queueOperations),
  set: against(set, setOperations),
} as const satisfies Readonly<Record<string, Check>>;

export type ModelName = keyof typeof checks;

function against<State, Input, Output>(model: Model<State, Input, Output>, operations: OperationReader<Input, Output>): Check {
  return (events, fileName, budget) => checkedCalls(checkLinearizable(pairEvents(events, operations, fileName), model, budget));
}
