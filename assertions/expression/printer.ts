import { percentile } from "../words.ts";
import type { Expression, Measure, Members, Phases, Quantity, Source, Term, Window } from "./syntax.ts";

/** Writes an expression as the parser reads it. */
export function printExpression({ temporal, forMs, left, operator, right, window, members }: Expression): string {
  return [
    temporal,
    printTerm(left),
    operator,
    printTerm(right),
    forMs === undefined ? undefined : `for ${printDuration(forMs)}`,
    window && printWindow(window),
    members && printMembers(members),
  ].filter((part) => part !== undefined).join(" ");
}

/** With brackets only where they are needed. */
export function printTerm(term: Term): string {
  switch (term.type) {
    case "literal":
      return printLiteral(term);
    case "quantity":
      return printQuantity(term);
    case "negative":
      return `-${term.operand.type === "binary" ? `(${printTerm(term.operand)})` : printTerm(term.operand)}`;
    case "binary": {
      const isProduct = term.sign === "*" || term.sign === "/";
      const isSum = (side: Term): boolean => side.type === "binary" && (side.sign === "+" || side.sign === "-");
      const left = isProduct && isSum(term.left) ? `(${printTerm(term.left)})` : printTerm(term.left);
      const right = (isProduct && term.right.type === "binary") || isSum(term.right) ? `(${printTerm(term.right)})` : printTerm(term.right);
      return `${left} ${term.sign} ${right}`;
    }
  }
}

/** In the largest unit in which it is a whole number: `1500ms`, `5s`, `2m`. */
export function printDuration(ms: number): string {
  const [unit, unitMs] = units.find(([, each]) => ms >= each && ms % each === 0) ?? ["ms", 1];
  return `${ms / unitMs}${unit}`;
}

const units = [["h", 3_600_000], ["m", 60_000], ["s", 1_000]] as const;

function printLiteral({ value, unit }: Extract<Term, { type: "literal" }>): string {
  if (unit === "percent") return `${Number((value * 100).toPrecision(12))}%`;
  return unit === "duration" ? printDuration(value) : String(value);
}

function printQuantity({ measure, source, summed, window, members }: Quantity): string {
  const measured = printMeasured(measure, source);
  return [summed === true ? `sum(${measured})` : measured, window && printWindow(window), members && printMembers(members)].filter((part) => part !== undefined).join(" ");
}

function printMeasured(measure: Measure, source: Source): string {
  if (source.of === "leaders") return measure.name;
  if (measure.name !== "quantile") return `${measure.name}(${printSource(source)})`;
  const short = percentile(measure.quantile);
  const isExact = Number((Number(short.slice(1)) / 100).toPrecision(12)) === measure.quantile;
  return isExact ? `${short}(${printSource(source)})` : `quantile(${measure.quantile}, ${printSource(source)})`;
}

function printSource(source: Exclude<Source, { of: "leaders" }>): string {
  switch (source.of) {
    case "metric": {
      const labels = Object.entries(source.labels).map(([label, value]) => `${label}="${escaped(value)}"`);
      const isPlain = labels.length === 0 && /[_:]/.test(source.name);
      return isPlain ? source.name : `${source.name}{${labels.join(", ")}}`;
    }
    case "operations":
      return `${source.op}${source.outcome === undefined ? "" : `, outcome=${source.outcome}`}`;
    case "log":
      return `log /${source.pattern}/`;
  }
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
}

/** Writes a window as the parser reads it. */
export function printWindow(window: Window): string {
  switch (window.type) {
    case "during":
      return `during ${printPhases(window.phases)}${printAfter(window.afterMs)}`;
    case "within":
      return `within ${printDuration(window.withinMs)} of ${printPhases(window.phases)}${printAfter(window.afterMs)}`;
    case "after":
      return `after ${printDuration(window.afterMs)}`;
    case "before":
      return `before ${window.phase.name}`;
    case "at":
      return `at ${window.edge}${window.phases === undefined ? "" : ` of ${printPhases(window.phases)}`}`;
  }
}

function printPhases({ first, last }: Phases): string {
  return first.name === last.name ? first.name : `${first.name}..${last.name}`;
}

function printAfter(afterMs: number | undefined): string {
  return afterMs === undefined ? "" : ` after ${printDuration(afterMs)}`;
}

function printMembers({ name }: Members): string {
  return `on ${name}`;
}
