import { messageOf } from "../../errors.ts";
import { decodeOperation } from "../../recording/decode.ts";
import type { Operation } from "../../recording/operation.ts";
import type { HistoryEvent } from "./event.ts";
import { invalidHistory } from "./position.ts";

/** The beginning or end of an operation at its time. */
interface Timed {
  readonly event: HistoryEvent;
  readonly atNs: number;
}

/**
 * Our own `history.jsonl`, without what its revisions tell. A last line that is torn, as a killed writer leaves it, is left out.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function readEtcdChaos(text: string, fileName: string): HistoryEvent[] {
  const lines = text.split("\n");
  lines.pop();
  return lines
    .flatMap((line, index) => (line === "" ? [] : timed(operationOf(line, fileName, index + 1), index + 1)))
    // The sort is stable: of one time beginnings come first, as they are concurrent with what ends then.
    .sort((a, b) => a.atNs - b.atNs || Number(b.event.type === "invoke") - Number(a.event.type === "invoke"))
    .map(({ event }) => event);
}

function operationOf(text: string, fileName: string, line: number): Operation {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const column = Number(/position (\d+)/.exec(messageOf(error))?.[1] ?? text.length) + 1;
    throw invalidHistory(fileName, { line, column }, "this is no JSON");
  }
  const operation = decodeOperation(parsed);
  if (operation === undefined) throw invalidHistory(fileName, { line, column: 1 }, "this is no operation of a history");
  return operation;
}

function timed({ process, op, key, value, invokeNs, returnNs, outcome }: Operation, line: number): Timed[] {
  const event = { process, f: op, key, at: { line, column: 1 } };
  return [
    { event: { ...event, type: "invoke", value: op === "get" ? null : (value ?? null) }, atNs: invokeNs },
    { event: { ...event, type: outcome, value: value ?? null }, atNs: returnNs },
  ];
}
