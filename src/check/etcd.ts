import { decodeOperation } from "../recording/decode.ts";
import type { Operation } from "../recording/operation.ts";
import { counterexampleOfRun, type Checked } from "./counterexample.ts";
import { parsedLine } from "./import/etcd-chaos.ts";
import { invalidHistory } from "./import/position.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/** A run's own `history.jsonl`, taken line by line, so that nothing of its text has to be kept, and checked by its revisions. */
export class EtcdHistory {
  readonly #fileName: string;
  readonly #operations: Operation[] = [];
  /** The line of each. */
  readonly #lines: number[] = [];

  constructor(fileName: string) {
    this.#fileName = fileName;
  }

  /**
   * Takes the next whole line; undefined stands for one too long to be true.
   * @throws HarnessError `history-invalid` with file, line and column
   */
  add(text: string | undefined, line: number): void {
    if (text === "") return;
    const place = { line, column: 1 };
    const operation = text === undefined ? undefined : decodeOperation(parsedLine(text, this.#fileName, place));
    if (operation === undefined) throw invalidHistory(this.#fileName, place, "this is no operation of a history");
    this.#operations.push(operation);
    this.#lines.push(line);
  }

  check(): Checked {
    const finding = checkStrictSerializable(this.#operations);
    if (finding.kind !== "violated") return finding;
    return { kind: "violated", counterexample: counterexampleOfRun(finding, (each) => ("op" in each ? this.#lines[this.#operations.indexOf(each)] : undefined)) };
  }
}
