import { ExpressionError } from "./error.ts";
import { printTerm, printWindow } from "./printer.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Comparison, Members, Quantity, Span, Term, Window } from "./syntax.ts";

/** Selections that can be of several members, so that the comparison is made several times. */
const several: readonly string[] = ["each", "any", "faulted", "unfaulted", "leader"];

/** An expression with all that goes without saying: what is to be judged. */
export interface Settled extends Comparison {
  /** Of all quantities that have none of their own. */
  readonly window: Window;
  /** Whom the comparison is made for, one by one, or the one member; absent where it is of no member. */
  readonly over?: string;
}

type PlacedQuantity = Quantity & Span;

/**
 * Fills in which part of the run and which members each quantity is about. Without a temporal
 * word each quantity of the result has a window; with one, those without follow the moments.
 *
 * @throws ExpressionError where that would be a guess, or makes no sense
 */
export function settle(expression: Comparison): Settled {
  const quantities = [...quantitiesOf(expression.left), ...quantitiesOf(expression.right)];
  const window = commonWindow(expression, quantities);
  const over = commonMembers(expression, quantities);
  const single = quantities.length === 1;
  const fill = (quantity: PlacedQuantity): PlacedQuantity => {
    const { window: own, members: _, ...bare } = quantity;
    const members = membersOf(quantity, expression.members);
    const where = expression.temporal === undefined ? (own ?? window) : single ? undefined : own;
    return { ...bare, ...(where === undefined ? {} : { window: where }), ...(members === undefined ? {} : { members }) };
  };
  const { members: _, ...rest } = expression;
  return { ...rest, left: mapped(expression.left, fill), right: mapped(expression.right, fill), window, ...(over === undefined ? {} : { over }) };
}

function commonWindow({ window, temporal, start, end }: Comparison, quantities: readonly PlacedQuantity[]): Window {
  const own = quantities.flatMap((quantity) => quantity.window ?? []);
  const [first] = own;
  const without = quantities.find((quantity) => quantity.window === undefined);
  const whole = window ?? (quantities.length === 1 ? first : undefined);
  if (window !== undefined && without === undefined) throw new ExpressionError(window, "every quantity has its window already", { hint: `Leave out "${printWindow(window)}".` });
  if (whole === undefined && first !== undefined && without !== undefined) {
    throw new ExpressionError(without, `of which part of the run this is, is not said: "${printWindow(first)}" is of another quantity`, { hint: `Write "${printWindow(first)}" after it too, or another part; "during run" is all of it.` });
  }
  if (temporal !== undefined && without === undefined && quantities.length > 1) {
    throw new ExpressionError({ start, end }, `nothing in it changes with time, so that ${temporal} says nothing`, { hint: "Leave out the window of what is to be looked at again and again." });
  }
  for (const quantity of quantities) {
    checkMoment(quantity, quantity.window ?? whole, temporal !== undefined);
    if (temporal !== undefined && (quantity.window === undefined || quantities.length === 1)) checkMomentary(quantity, temporal);
  }
  const nowhere = { name: "run", start, end };
  return whole ?? { type: "during", phases: { first: nowhere, last: nowhere, start, end }, start, end };
}

function checkMoment({ measure }: Quantity, window: Window | undefined, isTemporal: boolean): void {
  if (window?.type !== "at") return;
  const hint = { hint: "Such as during isolated." };
  if (isTemporal) throw new ExpressionError(window, `"${printWindow(window)}" is one moment, in which nothing changes`, hint);
  if (measure.name !== "value") throw new ExpressionError(window, `"${printWindow(window)}" is a moment, and ${measure.name} needs a stretch of time`, hint);
}

/** What grows with time would be that of a second where it is looked at second by second, which nobody means. */
const growing: readonly string[] = ["increase", "delta", "count", "first", "unavailability", "leader-changes"];

function checkMomentary(quantity: PlacedQuantity, temporal: string): void {
  const { measure } = quantity;
  if (!growing.includes(measure.name)) return;
  throw new ExpressionError(quantity, `${measure.name} grows with time, and ${temporal} looks at moments`, { hint: `Leave out ${temporal}, so that it is that of the whole window, or take its rate.` });
}

/** The one selection of several members that the quantities share, or the one member that all are of. */
function commonMembers({ members, left, right }: Comparison, quantities: readonly PlacedQuantity[]): string | undefined {
  for (const quantity of quantities) checkMembers(quantity);
  if (members !== undefined && !quantities.some((quantity) => quantity.members === undefined && canChoose(quantity))) {
    throw new ExpressionError(members, `there is nothing here that could be on ${members.name} alone`, { hint: `Leave out "on ${members.name}".` });
  }
  const chosen = quantities.flatMap((quantity) => {
    const over = membersOf(quantity, members)?.name;
    return over === undefined ? [] : [{ over, quantity }];
  });
  const many = chosen.filter(({ over }) => several.includes(over));
  const [first] = many;
  const other = many.find(({ over }) => over !== first?.over);
  if (first !== undefined && other !== undefined) {
    throw new ExpressionError({ start: Math.min(left.start, right.start), end: Math.max(left.end, right.end) }, `it is to be compared on ${first.over} and on ${other.over}, and both can be several members`, { hint: `Say the same of both, or sum(${printTerm(bareOf(other.quantity))}).` });
  }
  if (first !== undefined) return first.over;
  return chosen.every(({ over }) => over === chosen[0]?.over) ? chosen[0]?.over : undefined;
}

function checkMembers(quantity: PlacedQuantity): void {
  const { measure, source, summed, members } = quantity;
  if (summed === true && (measure.name === "min" || measure.name === "max")) throw new ExpressionError(quantity, `members cannot be added up for ${measure.name}`, { hint: "Leave out sum: it then holds for each member, or say on any." });
  if (summed === true && source.of === "log-field") throw new ExpressionError(quantity, "the values of several members cannot be added up", { hint: "Leave out sum: it then holds for each member, or say on any." });
  if (summed === true && measure.name === "first") throw new ExpressionError(quantity, "times cannot be added up", { hint: "Leave out sum, and say on any." });
  if (summed === true && (source.of === "operations" || source.of === "leaders")) throw new ExpressionError(quantity, "this is of all members already", { hint: "Leave out sum." });
  if (members === undefined || canChoose(quantity)) return;
  throw new ExpressionError(members, `this is of all members ${summed === true ? "added up" : "together"}, and not on ${members.name} alone`);
}

function canChoose({ measure, source, summed }: Quantity): boolean {
  return summed !== true && source.of !== "leaders" && measure.name !== "unavailability";
}

/** Metrics and logs are of each member where nothing is said, operations of all clients together. */
function membersOf(quantity: PlacedQuantity, common: Members | undefined): Members | undefined {
  if (!canChoose(quantity)) return undefined;
  const { start, end, source } = quantity;
  const chosen = quantity.members ?? common ?? (source.of === "operations" ? undefined : { name: "each", start, end });
  return chosen?.name === "all" ? { ...chosen, name: "each" } : chosen;
}

function bareOf({ window: _, members: __, ...bare }: PlacedQuantity): Term {
  return bare;
}

function mapped(term: Term, fill: (quantity: PlacedQuantity) => PlacedQuantity): Term {
  switch (term.type) {
    case "literal":
      return term;
    case "quantity":
      return fill(term);
    case "negative":
      return { ...term, operand: mapped(term.operand, fill) };
    case "binary":
      return { ...term, left: mapped(term.left, fill), right: mapped(term.right, fill) };
  }
}
