import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { health } from "../health.ts";
import { log } from "../log.ts";
import { unlessBusy } from "../unhurried.ts";
import type { Verdict } from "../verdict.ts";
import { checkSense } from "./check.ts";
import { compile, windowText, type Compiled } from "./compile.ts";
import { ExpressionError } from "./error.ts";
import { unitOf } from "./functions.ts";
import { judgeExpression } from "./judge.ts";
import { matchOf } from "./log-tests.ts";
import { printTerm, printWindow } from "./printer.ts";
import { quantitiesOf } from "./quantities.ts";
import { settle, type Settled } from "./settle.ts";
import type { Comparison, Operator, Order, State, Statement, Term, Window } from "./syntax.ts";

/** How one statement is judged. */
export interface StatementJudge {
  /** What is asked for, in words. */
  readonly bound: string;
  /** The assertion in the long form that says the same; undefined where none can. */
  readonly compiled: Compiled | undefined;
  /** For a comparison what it is judged by where there is no long form. */
  readonly settled?: Settled;
  judge(recording: Recording): Verdict;
}

/**
 * What can be said in the long form is judged as that form.
 *
 * @param isNegated it stands under a `not`
 * @throws ExpressionError where it makes no sense
 */
export function statementJudge(statement: Statement, isNegated: boolean): StatementJudge {
  switch (statement.type) {
    case "comparison": {
      checkSense(statement, isNegated);
      const oriented = turnedToMeasured(statement);
      const settled = settle(oriented);
      const bound = boundText(oriented);
      const compiled = compile(settled);
      if (compiled !== undefined) {
        const judged = byKind(compiled, bound);
        return { ...judged, settled, judge: unlessBusyBoth(judged.judge, isNegated && isTimeBound(settled)) };
      }
      const judge = (recording: Recording): Verdict => judgeExpression(recording, settled, bound);
      const patient = (recording: Recording): Verdict => (isTimeBound(settled) ? unlessBusy(recording, judge(recording), judge) : judge(recording));
      return { bound, compiled, settled, judge: unlessBusyBoth(patient, isNegated && isTimeBound(settled)) };
    }
    case "state": {
      const judged = byKind({ kind: health, options: healthOptions(statement) }, stateText(statement));
      return { ...judged, judge: unlessBusyBoth(judged.judge, isNegated) };
    }
    case "order":
      return byKind({ kind: log, options: orderOptions(statement) }, `each followed within ${formatDuration(statement.withinMs)}`);
  }
}

/** Under a `not` it is what passes that a busy machine may be the cause of. */
function unlessBusyBoth(judge: StatementJudge["judge"], isBoth: boolean): StatementJudge["judge"] {
  return isBoth ? (recording) => unlessBusy(recording, judge(recording), judge, "pass") : judge;
}

/** Whether all that it measures is how long clients waited, or how many did so in vain: a time-out is a wait too. */
function isTimeBound({ left, right }: Settled): boolean {
  return [...quantitiesOf(left), ...quantitiesOf(right)].every((quantity) => quantity.source.of === "operations" && (unitOf(quantity) === "time" || quantity.measure.name === "availability"));
}

function byKind(compiled: Compiled, bound: string): StatementJudge {
  const assertion = compiled.kind.bind(compiled.options);
  return { bound, compiled, judge: (recording) => assertion.judge(recording) };
}

function healthOptions(given: State): Compiled["options"] {
  const { temporal, serializable, window, members } = given;
  const isAtEnd = window?.type === "at";
  if (isAtEnd && (window.edge === "start" || temporal !== undefined)) {
    throw new ExpressionError(window, `"${printWindow(window)}" is not a time that members can be ${given.state} in`, { hint: window.edge === "start" ? "Such as within 2s of recovery." : `At the end there is one answer: leave out ${temporal ?? "at"}.` });
  }
  const opposite = given.state === "healthy" ? "unhealthy" : "healthy";
  return {
    state: temporal === "never" ? opposite : given.state,
    when: isAtEnd ? "at-end" : temporal === "eventually" ? "eventually" : "always",
    ...(serializable === true ? { serializable } : {}),
    of: ofMembers(members?.name),
    ...whereOf(window),
  };
}

function stateText({ temporal, state, window }: State): string {
  return window?.type === "at" ? `${state} at the end` : `${temporal ?? "always"} ${state}`;
}

function orderOptions({ first, then, withinMs, window, members, together, ...span }: Order): Compiled["options"] {
  const [match, followed] = [matchOf(first), matchOf(then)];
  if (match === undefined || followed === undefined) throw new ExpressionError(span, "one field is asked for the same thing twice", { hint: "One of the two says it all." });
  if (window?.type === "at") throw new ExpressionError(window, `"${printWindow(window)}" is one moment, in which nothing follows`, { hint: "Such as during isolated." });
  const options = { match, then: { match: followed, within: `${withinMs}ms` }, of: together === true ? "all" : ofMembers(members?.name), ...whereOf(window) };
  const [issue] = log.options.safeParse(options).error?.issues ?? [];
  if (issue !== undefined) throw new ExpressionError(span, `this cannot be asked of logs: ${issue.message}`);
  return options;
}

/** To these `all` is each. */
function ofMembers(name = "each"): string {
  return name === "all" ? "each" : name;
}

function whereOf(window: Window | undefined): Compiled["options"] {
  if (window === undefined) return {};
  const options = windowText(window);
  if (options === undefined) throw new ExpressionError(window, `"${printWindow(window)}" is possible for quantities alone`, { hint: "Name the phases: during first..last." });
  return options;
}

const opposites: Readonly<Record<Operator, Operator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" };

/** With what is measured on the left, where only one side is. */
function turnedToMeasured(comparison: Comparison): Comparison {
  const { left, right, operator } = comparison;
  if (quantitiesOf(left).length > 0 || quantitiesOf(right).length === 0) return comparison;
  return { ...comparison, left: right, operator: opposites[operator], right: left };
}

const words: Readonly<Record<Operator, string>> = { "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "not" };

function boundText({ temporal, forMs, operator, right }: Comparison): string {
  const lasting = forMs === undefined ? "" : ` for ${formatDuration(forMs)} on end`;
  const moments = temporal === undefined ? "" : `${temporal} `;
  return `${moments}${words[operator]} ${sideText(right)}${lasting}`;
}

function sideText(right: Term): string {
  return right.type === "literal" && right.unit === "duration" ? formatDuration(right.value) : printTerm(right);
}
