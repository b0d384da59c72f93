import { formatDuration } from "../../src/units/duration.ts";
import type { Part } from "../members.ts";
import type { Evidence, Verdict } from "../verdict.ts";
import { figure } from "../words.ts";
import { checkUnits, termUnit, type UnitOf } from "./check.ts";
import { ExpressionError } from "./error.ts";
import { unitOf } from "./functions.ts";
import { compared, type Interval } from "./interval.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Settled } from "./settle.ts";
import type { Sized, Unsized } from "./sized.ts";
import type { Quantity, Span, Term } from "./syntax.ts";
import { termValue } from "./value.ts";

export type Sizing = (quantity: Quantity & Span) => Sized | Unsized;

/** Makes the comparison once, with what each of its quantities came to. */
export function evaluate({ left, operator, right }: Settled, who: string, bound: string, size: Sizing): Part {
  const sizes = new Map([...quantitiesOf(left), ...quantitiesOf(right)].map((quantity) => [quantity, size(quantity)] as const));
  const known = new Map<Quantity, Sized>();
  for (const [quantity, found] of sizes) {
    if ("reason" in found) return { who, outcome: "inconclusive", observed: "nothing", reason: found.reason, badness: 0, evidence: interleaved([...known.values()]) };
    known.set(quantity, found);
  }
  const unitSeen: UnitOf = (quantity) => known.get(quantity)?.unit ?? unitOf(quantity);
  const amiss = unitsAmiss({ left, right }, unitSeen);
  if (amiss !== undefined) return { who, outcome: "inconclusive", observed: [...known.values()].map(({ text }) => text).join(", "), reason: amiss, badness: 0, evidence: interleaved([...known.values()]) };
  const [one, other] = [sideOf(left, known, unitSeen), sideOf(right, known, unitSeen)];
  const outcome = compared(one.interval, operator, other.interval);
  const observed = quantitiesOf(right).length === 0 ? one.text : `${one.text} against ${other.text}`;
  const doubts = [...new Set([...known.values()].flatMap(({ doubt }) => doubt ?? []))];
  const reason = outcome === "fail" ? `${observed}, not ${bound}` : `${observed} is what was seen, but ${doubts.join("; ") || "that is no number"}`;
  const difference = one.interval.value - other.interval.value;
  const badness = operator === "<" || operator === "<=" ? difference : operator === "==" ? Math.abs(difference) : operator === "!=" ? -Math.abs(difference) : -difference;
  return { who, outcome, observed, ...(outcome === "pass" ? {} : { reason }), badness: Number.isNaN(badness) ? 0 : badness, evidence: interleaved([...known.values()]) };
}

/** What fields of a log are counted in is known only now. */
function unitsAmiss(sides: Pick<Settled, "left" | "right">, unitSeen: UnitOf): string | undefined {
  try {
    checkUnits(sides, unitSeen);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

function sideOf(term: Term, known: ReadonlyMap<Quantity, Sized>, unitSeen: UnitOf): Pick<Sized, "interval" | "text"> {
  const sized = term.type === "quantity" ? known.get(term) : undefined;
  if (sized !== undefined) return sized;
  const interval = termValue(term, (quantity) => known.get(quantity)?.interval ?? nothing);
  return { interval, text: intervalText(interval, termUnit(term, unitSeen) === "time") };
}

const nothing: Interval = { value: NaN, low: -Infinity, high: Infinity };

function intervalText({ value, low, high }: Interval, inSeconds: boolean): string {
  if (!Number.isFinite(value)) return "something divided by 0";
  const sign = low === -Infinity && high !== Infinity ? "at most " : low !== -Infinity && high === Infinity ? "at least " : "";
  return `${sign}${inSeconds ? formatDuration(value * 1_000) : figure(value)}`;
}

/** The first of each, then the second of each: where there is room for few, all quantities have some. */
export function interleaved(sizes: readonly Pick<Sized, "evidence">[]): Evidence[] {
  const most = Math.max(0, ...sizes.map(({ evidence }) => evidence.length));
  return Array.from({ length: most }, (_, index) => sizes.flatMap(({ evidence }) => evidence[index] ?? [])).flat();
}

/** The verdict where there is nobody to tell apart. */
export function verdictOfOne({ who, outcome, observed, reason, evidence }: Part, bound: string): Verdict {
  return { outcome, observed: who === "" ? observed : `${observed} on ${who}`, bound, ...(reason === undefined ? {} : { reason }), evidence: evidence.slice(0, 10) };
}
