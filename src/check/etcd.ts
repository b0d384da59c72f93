import { decodeOperation } from "../recording/decode.ts";
import { requestText } from "../recording/operation-text.ts";
import type { Operation } from "../recording/operation.ts";
import type { Finding } from "./finding.ts";
import { parsedLine } from "./import/etcd-chaos.ts";
import { invalidHistory } from "./import/position.ts";
import type { ShownCall } from "./linearizable/shown-call.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/**
 * Checks the text of a run's own `history.jsonl` by its revisions. A torn last line is left out.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function checkEtcd(text: string, fileName: string): Finding<ShownCall> {
  const lines = text.split("\n");
  lines.pop();
  const at = new Map<Operation, number>();
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const place = { line: index + 1, column: 1 };
    const operation = decodeOperation(parsedLine(line, fileName, place));
    if (operation === undefined) throw invalidHistory(fileName, place, "this is no operation of a history");
    at.set(operation, place.line);
  }
  const finding = checkStrictSerializable([...at.keys()]);
  if (finding.kind !== "violated") return finding;
  const { operations, illegal, legal, ...rest } = finding;
  const shown = new Map(operations.map((operation) => [operation, shownCall(operation, at.get(operation) ?? 0)]));
  const shownLegal = legal && shown.get(legal);
  return { ...rest, operations: [...shown.values()], illegal: shown.get(illegal) ?? shownCall(illegal, at.get(illegal) ?? 0), ...(shownLegal === undefined ? {} : { legal: shownLegal }) };
}

function shownCall(operation: Operation, line: number): ShownCall {
  const { process, invokeNs, returnNs, outcome, revision } = operation;
  return { process, invoke: invokeNs, return: outcome === "info" ? null : returnNs, what: `${requestText(operation)}${revision === undefined ? "" : ` at revision ${revision}`}`, line };
}
