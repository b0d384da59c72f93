import { EdnReader, Keyword, type Edn } from "./edn.ts";
import type { HistoryEvent } from "./event.ts";
import { invalidHistory } from "./position.ts";

/** What comes before an operation: `INFO  jepsen.util - ` or, in later versions, `… jepsen.util: `. */
const operationLine = /\bjepsen\.util(?:\s*-|:)\s+(?=\d)/;

/**
 * Jepsen's log, whose lines about operations end with `0 :invoke :write 3`; other lines are passed over.
 * A compare-and-swap that ended with `:fail` found another value, unless something else is said instead of its values.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function* readJepsenLog(text: string, fileName: string): Generator<HistoryEvent> {
  for (const [index, line] of text.split("\n").entries()) {
    const prefix = operationLine.exec(line);
    if (prefix === null) continue;
    const start = prefix.index + prefix[0].length;
    yield eventOf(line.slice(start), fileName, { line: index + 1, column: start + 1 });
  }
}

function eventOf(text: string, fileName: string, at: { readonly line: number; readonly column: number }): HistoryEvent {
  const reader = new EdnReader(text, fileName, at);
  const [process, type, f, value] = [reader.next(), reader.next(), reader.next(), reader.next()];
  const kind = typeOf(type?.value);
  if (typeof process?.value !== "number") throw invalidHistory(fileName, at, "the number of a process should stand here");
  if (kind === undefined) throw invalidHistory(fileName, type?.at ?? reader.place, ":invoke, :ok, :fail or :info should stand here");
  if (!(f?.value instanceof Keyword)) throw invalidHistory(fileName, f?.at ?? reader.place, "what was done should stand here, such as :read");
  if (value === undefined) throw invalidHistory(fileName, reader.place, "the value is missing");
  const found = kind === "fail" && f.value.name === "cas" && Array.isArray(value.value);
  return { process: process.value, type: found ? "ok" : kind, f: f.value.name, key: undefined, value: found ? false : value.value, at };
}

function typeOf(value: Edn | undefined): HistoryEvent["type"] | undefined {
  const name = value instanceof Keyword ? value.name : undefined;
  return name === "invoke" || name === "ok" || name === "fail" || name === "info" ? name : undefined;
}
