import type { LabelMatcher, LabelSign } from "../labels.ts";

/** A stretch of an expression's text, as offsets; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name that was written, and where. */
export interface Named extends Span {
  readonly name: string;
}

/** An expression as it was written: the result of the parser, which `printer.ts` writes again. */
export type Expression = Statement | Joined | Negation;

/** What can be so or not. */
export type Statement = Comparison | State | Order;

/** Several of which all are to be so, or one at least; two of them or more. */
export interface Joined extends Span {
  readonly type: "and" | "or";
  readonly parts: readonly Expression[];
  /** Of all parts that have none of their own: it stands after the brackets around them. */
  readonly window?: Window;
}

/** Whether several are joined. */
export function isJoined(expression: Expression): expression is Joined {
  return expression.type === "and" || expression.type === "or";
}

export interface Negation extends Span {
  readonly type: "not";
  readonly part: Expression;
}

/** One side compared with the other. */
export interface Comparison extends Span {
  readonly type: "comparison";
  /** Over moments; absent where the comparison is made once, of the whole window. */
  readonly temporal?: Temporal;
  /** For `always`: how long on end it is to hold. */
  readonly forMs?: number;
  readonly left: Term;
  readonly operator: Operator;
  readonly right: Term;
  readonly window?: Window;
  readonly members?: Members;
}

export const temporals = ["eventually", "always", "never"] as const;
export type Temporal = (typeof temporals)[number];

export const operators = ["<", "<=", ">", ">=", "==", "!="] as const;
export type Operator = (typeof operators)[number];

/** What members say of themselves: `always` where no other word stands before it. */
export interface State extends Span {
  readonly type: "state";
  readonly temporal?: Temporal;
  readonly state: (typeof states)[number];
  /** The member is asked alone, without a quorum. */
  readonly serializable?: true;
  readonly window?: Window;
  readonly members?: Members;
}

export const states = ["healthy", "unhealthy"] as const;

/** Each line of the first kind is followed by one of the second. */
export interface Order extends Span {
  readonly type: "order";
  readonly first: LogLines;
  readonly then: LogLines;
  readonly withinMs: number;
  readonly window?: Window;
  readonly members?: Members;
  /** Of one member or another: all logs are one. */
  readonly together?: true;
}

export type Term = Span & (Literal | Quantity | Negative | Binary);

interface Literal {
  readonly type: "literal";
  /** Of per cents the ratio, of a duration the milliseconds. */
  readonly value: number;
  readonly unit: "number" | "percent" | "duration";
}

interface Negative {
  readonly type: "negative";
  readonly operand: Term;
}

interface Binary {
  readonly type: "binary";
  readonly sign: "+" | "-" | "*" | "/";
  readonly left: Term;
  readonly right: Term;
}

/** What is measured, and of which part of the run and which members where it says so itself. */
export interface Quantity {
  readonly type: "quantity";
  readonly measure: Measure;
  readonly source: Source;
  /** The members are added up: `sum(…)`. */
  readonly summed?: true;
  readonly window?: Window;
  readonly members?: Members;
}

export type Measure =
  | { readonly name: "increase" | "rate" | "delta" | "min" | "max" | "avg" | "value" | "count" | "first" | "availability" | "unavailability" | "leader-changes" }
  | { readonly name: "quantile"; readonly quantile: number };

export type Source =
  | (Span & { readonly of: "metric"; readonly name: string; readonly labels: readonly LabelMatcher[] })
  /** `op` is a kind of operation, or `any`. */
  | (Span & { readonly of: "operations"; readonly op: string; readonly outcome?: OutcomeFilter })
  | { readonly of: "log"; readonly lines: LogLines }
  /** What a field comes to in the lines. */
  | { readonly of: "log-field"; readonly lines: LogLines; readonly field: string }
  | { readonly of: "leaders" };

/** Lines of logs: what is asked of their messages and of other fields, all of which has to be so. */
export interface LogLines {
  readonly message?: { readonly type: "pattern" | "text"; readonly text: string };
  readonly fields: readonly FieldAsked[];
}

export type FieldAsked =
  | { readonly field: string; readonly sign: LabelSign; readonly value: string }
  | { readonly field: string; readonly sign: "<" | "<=" | ">" | ">="; readonly bound: number; readonly unit: "number" | "duration" };

export const outcomeFilters = ["ok", "fail", "info", "any"] as const;
export type OutcomeFilter = (typeof outcomeFilters)[number];

/** From the beginning of one phase to the end of another, or of the same. */
export interface Phases extends Span {
  readonly first: Named;
  readonly last: Named;
}

export type Window = Span &
  (
    | { readonly type: "during"; readonly phases: Phases; readonly afterMs?: number }
    | { readonly type: "within"; readonly withinMs: number; readonly phases: Phases; readonly afterMs?: number }
    /** The whole run but for its beginning. */
    | { readonly type: "after"; readonly afterMs: number }
    | { readonly type: "before"; readonly phase: Named }
    /** A moment; of the whole run where no phases are named. */
    | { readonly type: "at"; readonly edge: "start" | "end"; readonly phases?: Phases }
  );

export const memberWords = ["each", "all", "any", "leader", "faulted", "unfaulted"] as const;

/** `each`, or a member's name. */
export interface Members extends Named {}
