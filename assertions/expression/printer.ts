import { percentile } from "../words.ts";
import type { Comparison, Expression, FieldAsked, Joined, LogLines, Measure, Members, Phases, Quantity, Source, Statement, Term, Window } from "./syntax.ts";

/** Writes an expression as the parser reads it. */
export function printExpression(expression: Expression): string {
  switch (expression.type) {
    case "and":
    case "or":
      return expression.window === undefined ? printJoined(expression) : `(${printJoined(expression)}) ${printWindow(expression.window)}`;
    case "not":
      return `not ${printPart(expression.part, "not")}`;
    default:
      return printStatement(expression);
  }
}

function printJoined({ type, parts }: Joined): string {
  return parts.map((part) => printPart(part, type)).join(` ${type} `);
}

/** In brackets where it would be read otherwise, or belong to what is around it. */
function printPart(part: Expression, within: "and" | "or" | "not"): string {
  const isBracketed = (part.type === "and" || part.type === "or") && part.window === undefined && !(within === "or" && part.type === "and");
  return isBracketed ? `(${printExpression(part)})` : printExpression(part);
}

/** Writes a part that is joined with no other. */
export function printStatement(statement: Statement): string {
  const { window, members } = statement;
  const where = [window && printWindow(window), members && printMembers(members)];
  switch (statement.type) {
    case "comparison":
      return printComparison(statement, where);
    case "state":
      return joined([statement.temporal, `${statement.state}${statement.serializable === true ? "(serializable)" : ""}`, ...where]);
    case "order": {
      const { first, then, withinMs, together } = statement;
      return joined([printLines(first), "then", printLines(then), `within ${printDuration(withinMs)}`, ...where, together === true ? "together" : undefined]);
    }
  }
}

/** A window right after a quantity would be that quantity's. */
function printComparison({ temporal, forMs, left, operator, right }: Comparison, where: readonly (string | undefined)[]): string {
  const compared = joined([temporal, printTerm(left), operator, printTerm(right), forMs === undefined ? undefined : `for ${printDuration(forMs)}`]);
  const isAmbiguous = forMs === undefined && endsInQuantity(right) && where.some((part) => part !== undefined);
  return joined([isAmbiguous ? `(${compared})` : compared, ...where]);
}

function endsInQuantity(term: Term): boolean {
  if (term.type === "quantity") return true;
  return term.type === "negative" ? endsInQuantity(term.operand) : term.type === "binary" && endsInQuantity(term.right);
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
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
  return joined([summed === true ? `sum(${measured})` : measured, window && printWindow(window), members && printMembers(members)]);
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
      const labels = source.labels.map(({ label, sign, value }) => `${label}${sign}"${escaped(value)}"`);
      const isPlain = labels.length === 0 && /[_:]/.test(source.name);
      return isPlain ? source.name : `${source.name}{${labels.join(", ")}}`;
    }
    case "operations":
      return `${source.op}${source.outcome === undefined ? "" : `, outcome=${source.outcome}`}`;
    case "log":
      return printLines(source.lines);
    case "log-field":
      return `${printLines(source.lines)}.${source.field}`;
  }
}

function printLines({ message, fields }: LogLines): string {
  const written = message && (message.type === "pattern" ? `/${message.text}/` : `"${escaped(message.text)}"`);
  if (message?.type === "pattern" && fields.length === 0) return `log ${written}`;
  return `log(${[...(written === undefined ? [] : [written]), ...fields.map(printField)].join(", ")})`;
}

function printField(asked: FieldAsked): string {
  if ("value" in asked) return `${asked.field} ${asked.sign} "${escaped(asked.value)}"`;
  return `${asked.field} ${asked.sign} ${asked.unit === "duration" ? printDuration(asked.bound) : asked.bound}`;
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
