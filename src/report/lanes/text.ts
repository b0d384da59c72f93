import type { Counterexample, ShownOperation } from "../../check/counterexample.ts";
import { shortened } from "../../recording/operation-brief.ts";
import { counted, printable } from "../text.ts";
import { shownLanes } from "./shown-lanes.ts";
import { timeScale, type TimeScale } from "./time-scale.ts";
import { momentNamer, momentsOf, outcomeNames, partOf, stretchText } from "./words.ts";

export interface LanesTextOptions {
  /** Width in characters. */
  readonly columns: number;
  /** So many operations at most. */
  readonly most: number;
  /** Colours what has a part in it. */
  readonly paint: (kind: "illegal" | "legal" | "quiet", text: string) => string;
}

/** Below this the words stand under their bars. */
const besideMin = 72;
const barMax = 36;
const barMin = 20;
const indent = "  ";

/** A counterexample as lanes of text: a line for each operation, its bar from invocation to return, and what it was. */
export function lanesText(counterexample: Counterexample, { columns, most, paint }: LanesTextOptions): string[] {
  const { lanes, operations, left } = shownLanes(counterexample, most);
  const head = Math.min(14, Math.max(...lanes.map(({ name }) => name.length)));
  const names = Math.max(...operations.map(({ name }) => name.length));
  const isBeside = columns >= besideMin;
  const before = indent.length + head + names + 3;
  const longest = Math.max(...operations.map((operation) => operation.label.length + tailOf(operation, counterexample).length));
  const width = Math.max(isBeside ? barMin : 8, Math.min(barMax, columns - before - 2 - (isBeside ? longest : 0)));
  const scale = timeScale(momentsOf(operations, counterexample), width - 1, 2);
  const room = isBeside ? columns - before - width - 2 : columns - 2 * indent.length;
  const line = (lane: string, name: string, bar: string, words: string): string[] => {
    const start = `${indent}${shortened(printable(lane), head).padEnd(head)} ${name.padStart(names)} ${bar}`;
    return isBeside ? [`${start.padEnd(before + width)} ${words}`.trimEnd()] : [start.trimEnd(), `${indent}${indent}${words}`];
  };
  return [
    ...lanes.flatMap((lane) =>
      lane.operations.flatMap((operation, index) => [
        ...line(index === 0 ? lane.name : "", operation.name, barOf(operation, scale, width), wordsOf(operation, counterexample, room, paint)),
        ...lastingLines(operation, counterexample, scale).flatMap(({ bar, what }) => line("", "", bar, shortened(printable(what), room))),
      ]),
    ),
    ...orderLines(counterexample, columns),
    paint("quiet", `${indent}${timeNote(counterexample, scale)}${left > 0 ? `; ${counted(left, "further operation")} left out` : ""}`),
  ];
}

function wordsOf(operation: ShownOperation, counterexample: Counterexample, room: number, paint: LanesTextOptions["paint"]): string {
  const part = partOf(operation, counterexample);
  const tail = tailOf(operation, counterexample);
  const text = `${shortened(printable(operation.label), Math.max(12, room - tail.length))}${tail}`;
  return part === undefined ? text : paint(part.kind, text);
}

function tailOf(operation: ShownOperation, counterexample: Counterexample): string {
  const part = partOf(operation, counterexample);
  const outcome = operation.outcome === "ok" || operation.outcome === "told" ? "" : ` (${outcomeNames[operation.outcome]})`;
  return `${outcome}${part === undefined ? "" : `  ${part.glyph} ${part.words}`}`;
}

/** `├──┤`, and `├──┄┄▸` for one that may happen at any time from then on. */
function barOf({ outcome, invoke, return: returned }: ShownOperation, scale: TimeScale, width: number): string {
  const from = column(scale, invoke);
  if (outcome === "told") return `${" ".repeat(from)}◆`;
  const to = Math.max(from + 1, column(scale, returned ?? invoke));
  const inside = "─".repeat(to - from - 1);
  switch (outcome) {
    case "ok":
      return `${" ".repeat(from)}├${inside}┤`;
    case "fail":
      return `${" ".repeat(from)}╳${inside}╳`;
    case "info":
      return `${" ".repeat(from)}├${inside}${"┄".repeat(Math.max(1, width - to - 1))}▸`;
  }
}

function lastingLines({ name }: ShownOperation, { lasting = [] }: Counterexample, scale: TimeScale): { readonly bar: string; readonly what: string }[] {
  return lasting.filter(({ by }) => by === name).map(({ from, to, what }) => {
    const [left, right] = [column(scale, from), column(scale, to)];
    return { bar: `${" ".repeat(left)}╞${"═".repeat(Math.max(0, right - left - 1))}╡`, what };
  });
}

function column(scale: TimeScale, at: number): number {
  return Math.round(scale.place(at));
}

function orderLines({ order = [] }: Counterexample, columns: number): string[] {
  return order.map(({ from, to, kind, why }) => shortened(`${indent}${from} → ${to}  ${kind}: ${from} ${printable(why)}`, columns));
}

function timeNote(counterexample: Counterexample, { moments, isTrue }: TimeScale): string {
  const nameOf = momentNamer(counterexample, moments);
  const [first = 0, last = 0] = [moments[0], moments.at(-1)];
  const unit = counterexample.clock === "run" ? " s" : "";
  const where = first === last ? `at ${nameOf(first)}${unit}` : `from ${nameOf(first)}${unit}, ${stretchText(counterexample, first, last)}`;
  return `${counterexample.clock === "run" ? where : `events of the file, ${where}`}${isTrue ? "" : ", not to scale"}`;
}
