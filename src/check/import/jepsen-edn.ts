import { EdnReader, Keyword, type Edn } from "./edn.ts";
import { ednText, type HistoryEvent } from "./event.ts";
import { invalidHistory, type Place } from "./position.ts";

const types = ["invoke", "ok", "fail", "info"] as const;

/**
 * Jepsen's `history.edn`: maps such as `{:type :invoke, :f :read, :value nil, :process 0, :time 12}`, one after
 * another or in one vector. Porcupine's text format is the same with a `:key`. The order of the file is that of time.
 * What is not of a numbered process (`:nemesis`) is left out.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function* readJepsenEdn(text: string, fileName: string): Generator<HistoryEvent> {
  for (const { value, at } of new EdnReader(text, fileName).forms()) {
    const event = eventOf(value, at, fileName);
    if (event !== undefined) yield event;
  }
}

function eventOf(form: Edn, at: Place, fileName: string): HistoryEvent | undefined {
  if (!(form instanceof Map)) throw invalidHistory(fileName, at, `${ednText(form).slice(0, 40)} is not an operation, which is a map with :process, :type and :f`);
  const map: ReadonlyMap<string, Edn> = form;
  const process = map.get(":process");
  const type = nameOf(map.get(":type"));
  const f = nameOf(map.get(":f"));
  const known = types.find((each) => each === type);
  if (process === undefined) throw invalidHistory(fileName, at, "the operation has no :process");
  if (typeof process !== "number") return undefined;
  if (known === undefined) throw invalidHistory(fileName, at, `:type is ${type === undefined ? "missing" : `:${type}`}, not one of ${types.map((each) => `:${each}`).join(", ")}`);
  if (f === undefined) throw invalidHistory(fileName, at, "the operation has no :f");
  return { process, type: known, f, key: map.get(":key"), value: map.get(":value") ?? null, at };
}

function nameOf(value: Edn | undefined): string | undefined {
  return value instanceof Keyword ? value.name : undefined;
}
