import { messageOf } from "../../errors.ts";
import type { HistoryEvent } from "./event.ts";
import { invalidHistory, type Place } from "./position.ts";

/** What is taken from a line of `history.jsonl`. */
interface Line {
  readonly process: number;
  readonly op: "put" | "get" | "delete";
  readonly key: string;
  readonly value: string | null;
  readonly invokeNs: number;
  readonly returnNs: number;
  readonly outcome: "ok" | "fail" | "info";
  /** A read that may be of the past on purpose. */
  readonly ofThePast: boolean;
}

/** The beginning or end of an operation at its time. */
interface Timed {
  readonly event: HistoryEvent;
  readonly atNs: number;
}

/**
 * Our own `history.jsonl` of puts, gets and deletes of single keys, without what its revisions tell. Serializable reads,
 * and those of an old revision, are left out, and so is a torn last line, as a killed writer leaves it.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function readEtcdChaos(text: string, fileName: string): HistoryEvent[] {
  const lines = text.split("\n");
  lines.pop();
  return lines
    .flatMap((line, index) => {
      const at = { line: index + 1, column: 1 };
      return line === "" || isFinal(line) ? [] : timed(lineOf(parsedLine(line, fileName, at), fileName, at), at);
    })
    // The sort is stable: of one time beginnings come first, as they are concurrent with what ends then.
    .sort((a, b) => a.atNs - b.atNs || Number(b.event.type === "invoke") - Number(a.event.type === "invoke"))
    .map(({ event }) => event);
}

/** The JSON of a line. @throws HarnessError `history-invalid` with file, line and column where it is none */
export function parsedLine(text: string, fileName: string, { line }: Place): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const column = Number(/position (\d+)/.exec(messageOf(error))?.[1] ?? text.length) + 1;
    throw invalidHistory(fileName, { line, column }, "this is no JSON");
  }
}

/** The reads after a load's end are ranges of all keys, which only the model of etcd knows. */
function isFinal(line: string): boolean {
  return line.includes('"op":"range"') && line.includes('"final":true');
}

/** An object any key of which may be missing or be anything. */
type Loose = { readonly [Key in keyof Line | "end" | "serializable" | "atRevision"]?: unknown };

function isLoose(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lineOf(value: unknown, fileName: string, at: Place): Line {
  if (!isLoose(value)) throw invalidHistory(fileName, at, "this is no operation of a history");
  const { process, op, key, value: found = null, invokeNs, returnNs, outcome, end, serializable, atRevision } = value;
  if (typeof op === "string" && ((op !== "put" && op !== "get" && op !== "delete") || end !== undefined)) throw invalidHistory(fileName, at, `${op}${end === undefined ? "" : " of several keys"} is no operation of the models without revisions`, "The model etcd knows all operations of a run: --model etcd.");
  const isWhole = typeof process === "number" && typeof key === "string" && typeof invokeNs === "number" && typeof returnNs === "number" && returnNs >= invokeNs;
  if (!isWhole || (op !== "put" && op !== "get" && op !== "delete") || (found !== null && typeof found !== "string") || (outcome !== "ok" && outcome !== "fail" && outcome !== "info")) {
    throw invalidHistory(fileName, at, "this is no operation of a history");
  }
  return { process, op, key, value: found, invokeNs, returnNs, outcome, ofThePast: serializable !== undefined || atRevision !== undefined };
}

function timed({ process, op, key, value, invokeNs, returnNs, outcome, ofThePast }: Line, at: Place): Timed[] {
  if (ofThePast) return [];
  const event = { process, f: op, key, at };
  return [
    { event: { ...event, type: "invoke", value: op === "put" ? value : null }, atNs: invokeNs },
    { event: { ...event, type: outcome, value }, atNs: returnNs },
  ];
}
