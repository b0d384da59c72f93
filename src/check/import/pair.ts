import type { Call } from "../linearizable/call.ts";
import type { HistoryEvent } from "./event.ts";
import { invalidHistory } from "./position.ts";

/** How a model's operations are written in a history. */
export interface OperationReader<Input, Output> {
  /** @returns undefined when the model has no such operation, or it is written otherwise */
  input(event: HistoryEvent): Input | undefined;
  /** What came back. @returns undefined when it cannot be read */
  output(input: Input, ok: HistoryEvent): Output | undefined;
  /** `:read and :write`, for messages. */
  readonly operations: string;
}

interface Begun<Input> {
  readonly event: HistoryEvent;
  readonly input: Input;
  readonly index: number;
  readonly time: number;
}

/**
 * Joins the beginnings and ends of operations; the order of the events is their time. An operation without an end,
 * or whose end is `:info`, may have happened at any time.
 * @throws HarnessError `history-invalid` where an end has no beginning, a process does two things at once, or the model has no such operation
 */
export function pairEvents<Input, Output>(events: Iterable<HistoryEvent>, reader: OperationReader<Input, Output>, fileName: string): Call<Input, Output>[] {
  const calls: Call<Input, Output>[] = [];
  const open = new Map<number, Begun<Input>>();
  let time = 0;
  for (const event of events) {
    time += 1;
    const begun = open.get(event.process);
    if (event.type === "invoke") {
      if (begun !== undefined) throw invalidHistory(fileName, event.at, `process ${event.process} begins an operation before the one of line ${begun.event.at.line} has ended`);
      const input = reader.input(event);
      if (input === undefined) throw invalidHistory(fileName, event.at, `:${event.f} with this value is no operation of the model`, `The model has ${reader.operations}.`);
      open.set(event.process, { event, input, index: calls.length, time });
      calls.push({ process: event.process, invoke: time, return: Infinity, input, output: undefined, outcome: "info", line: event.at.line });
    } else if (begun === undefined) {
      // What is told outside of any operation, as a worker does that starts, is no end of one.
      if (event.type !== "info") throw invalidHistory(fileName, event.at, `process ${event.process} ends an operation that it had not begun`);
    } else {
      open.delete(event.process);
      calls[begun.index] = endedBy(event, begun, time, reader, fileName);
    }
  }
  return calls;
}

function endedBy<Input, Output>(event: HistoryEvent, begun: Begun<Input>, time: number, reader: OperationReader<Input, Output>, fileName: string): Call<Input, Output> {
  const { event: beginning, input, time: invoke } = begun;
  if (event.f !== beginning.f) throw invalidHistory(fileName, event.at, `process ${event.process} ends :${event.f}, but had begun :${beginning.f} in line ${beginning.at.line}`);
  const call = { process: event.process, invoke, return: time, input, output: undefined, line: beginning.at.line };
  if (event.type !== "ok") return { ...call, outcome: event.type === "fail" ? "fail" : "info" };
  const output = reader.output(input, event);
  if (output === undefined) throw invalidHistory(fileName, event.at, `what :${event.f} gave back cannot be read`);
  return { ...call, output, outcome: "ok" };
}
