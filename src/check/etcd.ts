import { decodeOperation } from "../recording/decode.ts";
import type { Operation } from "../recording/operation.ts";
import { counterexampleOfRun, type Checked } from "./counterexample.ts";
import { parsedLine } from "./import/etcd-chaos.ts";
import { invalidHistory } from "./import/position.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/**
 * Checks the text of a run's own `history.jsonl` by its revisions. A torn last line is left out.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function checkEtcd(text: string, fileName: string): Checked {
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
  return finding.kind === "violated" ? { kind: "violated", counterexample: counterexampleOfRun(finding, (each) => ("op" in each ? at.get(each) : undefined)) } : finding;
}
