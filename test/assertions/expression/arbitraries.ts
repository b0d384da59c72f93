import fc from "fast-check";
import { labelSigns } from "../../../assertions/labels.ts";
import { isJoined, operators, outcomeFilters, states, temporals, type Comparison, type Expression, type FieldAsked, type LogLines, type Measure, type Members, type Named, type Phases, type Quantity, type Source, type Statement, type Term, type Window } from "../../../assertions/expression/syntax.ts";

/** Expressions as the parser makes them of texts. Places are all 0: they are not what is compared. */

const nowhere = { start: 0, end: 0 };
const named = (names: fc.Arbitrary<string>): fc.Arbitrary<Named> => names.map((name) => ({ name, ...nowhere }));
const phaseName = named(fc.stringMatching(/^[a-z][a-z0-9]{0,5}(?:-[a-z0-9]{1,3})?$/));
const durationMs = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 90 }).map((seconds) => seconds * 1_000), fc.constantFrom(0.5, 1.25, 3_600_000));

const phases: fc.Arbitrary<Phases> = fc.oneof(
  phaseName.map((first) => ({ first, last: first, ...nowhere })),
  fc.tuple(phaseName, phaseName).filter(([a, b]) => a.name !== b.name).map(([first, last]) => ({ first, last, ...nowhere })),
);

const optional = <Value>(key: string, value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> => fc.oneof(fc.constant({}), value.map((each) => ({ [key]: each })));
const afterMs = fc.oneof(fc.constant({}), durationMs.map((ms) => ({ afterMs: ms })));

export const window: fc.Arbitrary<Window> = fc.oneof(
  fc.tuple(phases, afterMs).map(([where, after]) => ({ type: "during" as const, phases: where, ...after, ...nowhere })),
  fc.tuple(durationMs, phases, afterMs).map(([withinMs, where, after]) => ({ type: "within" as const, withinMs, phases: where, ...after, ...nowhere })),
  durationMs.map((ms) => ({ type: "after" as const, afterMs: ms, ...nowhere })),
  phaseName.map((phase) => ({ type: "before" as const, phase, ...nowhere })),
  fc.tuple(fc.constantFrom("start" as const, "end" as const), fc.option(phases, { nil: undefined })).map(([edge, where]) => ({ type: "at" as const, edge, ...(where === undefined ? {} : { phases: where }), ...nowhere })),
);

const members: fc.Arbitrary<Members> = named(fc.constantFrom("each", "all", "any", "leader", "faulted", "unfaulted", "etcd-1", "etcd-9"));

const anyText = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('"', "\\", "\n", "a b"));
const patternText = fc.constantFrom("a|b", "", "[0-9]+", "\\\\\"");
const matched = fc.constantFrom(...labelSigns).chain((sign) => (sign === "=" || sign === "!=" ? anyText : patternText).map((value) => ({ sign, value })));
const labels = fc.uniqueArray(fc.tuple(fc.constantFrom("To", "le", "grpc_code"), matched).map(([label, asked]) => ({ label, ...asked })), { maxLength: 3, selector: ({ label, sign }) => `${label}${sign}` });
const metric: fc.Arbitrary<Source> = fc.tuple(fc.oneof(fc.stringMatching(/^[a-z]{1,4}_[a-z_:]{1,6}$/), fc.constant("up")), labels).map(([name, its]) => ({ of: "metric", name, labels: its, ...nowhere }));
const op = fc.constantFrom("any", "put", "get", "txn", "lease-keep-alive");
const operations: fc.Arbitrary<Source> = op.map((each) => ({ of: "operations", op: each, ...nowhere }));
const filtered: fc.Arbitrary<Source> = fc.tuple(op, fc.option(fc.constantFrom(...outcomeFilters), { nil: undefined })).map(([each, outcome]) => ({ of: "operations", op: each, ...(outcome === undefined ? {} : { outcome }), ...nowhere }));
const message = fc.oneof(
  fc.constantFrom("elected leader", "a|b", "\\/health", "[0-9]+ \\\\").map((text) => ({ type: "pattern" as const, text })),
  anyText.filter((text) => text !== "").map((text) => ({ type: "text" as const, text })),
);
const field: fc.Arbitrary<FieldAsked> = fc.tuple(fc.constantFrom("took", "level", "remote-peer-id", "then", "log"), fc.oneof(
  matched,
  fc.tuple(fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const), fc.oneof(fc.nat(1_000).map((bound) => ({ bound, unit: "number" as const })), durationMs.map((bound) => ({ bound, unit: "duration" as const })))).map(([sign, bound]) => ({ sign, ...bound })),
)).map(([name, asked]) => ({ field: name, ...asked }));
const lines: fc.Arbitrary<LogLines> = fc.oneof(
  fc.tuple(message, fc.array(field, { maxLength: 2 })).map(([its, fields]) => ({ message: its, fields })),
  fc.array(field, { minLength: 1, maxLength: 2 }).map((fields) => ({ fields })),
);
const log: fc.Arbitrary<Source> = lines.map((its) => ({ of: "log", lines: its }));
const logField: fc.Arbitrary<Source> = fc.tuple(lines, fc.constantFrom("took", "expected-duration")).map(([its, name]) => ({ of: "log-field", lines: its, field: name }));

const quantile: fc.Arbitrary<Measure> = fc.constantFrom(0.5, 0.99, 0.999, 0.9999, 0.12345678, 0, 1).map((each) => ({ name: "quantile", quantile: each }));
const plain = (...names: Exclude<Measure["name"], "quantile">[]): fc.Arbitrary<Measure> => fc.constantFrom(...names).map((name) => ({ name }));

const measured: fc.Arbitrary<Pick<Quantity, "measure" | "source">> = fc.oneof(
  fc.record({ measure: fc.oneof(plain("increase", "rate", "delta", "min", "max", "avg", "value"), quantile), source: metric }),
  fc.record({ measure: fc.oneof(plain("min", "max", "avg", "availability", "unavailability"), quantile), source: operations }),
  fc.record({ measure: plain("count", "rate"), source: filtered }),
  fc.record({ measure: plain("count", "first"), source: log }),
  fc.record({ measure: fc.oneof(plain("min", "max", "avg"), quantile), source: logField }),
);

export const quantity: fc.Arbitrary<Term> = fc
  .tuple(
    fc.oneof(
      fc.tuple(measured, fc.boolean()).map(([each, summed]) => ({ ...each, ...(summed ? { summed: true as const } : {}) })),
      fc.constant<Pick<Quantity, "measure" | "source">>({ measure: { name: "leader-changes" }, source: { of: "leaders" } }),
    ),
    optional("window", window),
    optional("members", members),
  )
  .map(([each, where, whom]) => ({ type: "quantity", ...each, ...where, ...whom, ...nowhere }));

const literal: fc.Arbitrary<Term> = fc.oneof(
  fc.oneof(fc.nat(1_000), fc.constantFrom(0.25, 1e21, 1e-9)).map((value) => ({ type: "literal" as const, value, unit: "number" as const, ...nowhere })),
  fc.integer({ min: 0, max: 1_000 }).map((value) => ({ type: "literal" as const, value: value / 100, unit: "percent" as const, ...nowhere })),
  fc.oneof(durationMs, fc.constant(0)).map((value) => ({ type: "literal" as const, value, unit: "duration" as const, ...nowhere })),
);

const { term } = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    literal,
    quantity,
    tie("term").map((operand) => ({ type: "negative" as const, operand, ...nowhere })),
    fc.tuple(fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const), tie("term"), tie("term")).map(([sign, left, right]) => ({ type: "binary" as const, sign, left, right, ...nowhere })),
  ),
}));
export const anyTerm: fc.Arbitrary<Term> = term;

export const comparison: fc.Arbitrary<Comparison> = fc
  .tuple(fc.option(fc.constantFrom(...temporals), { nil: undefined }), term, fc.constantFrom(...operators), term, optional("window", window), optional("members", members), fc.option(durationMs, { nil: undefined }))
  .map(([temporal, left, operator, right, where, whom, forMs]) => ({
    type: "comparison",
    ...(temporal === undefined ? {} : { temporal }),
    ...(temporal === "always" && forMs !== undefined ? { forMs } : {}),
    left,
    operator,
    right,
    ...where,
    ...whom,
    ...nowhere,
  }));

const statement: fc.Arbitrary<Statement> = fc.oneof(
  comparison,
  fc.tuple(fc.option(fc.constantFrom(...temporals), { nil: undefined }), fc.constantFrom(...states), fc.boolean(), optional("window", window), optional("members", members)).map(([temporal, state, alone, where, whom]) => ({
    type: "state" as const,
    ...(temporal === undefined ? {} : { temporal }),
    state,
    ...(alone ? { serializable: true as const } : {}),
    ...where,
    ...whom,
    ...nowhere,
  })),
  fc.tuple(lines, lines, durationMs, optional("window", window), optional("members", members), fc.boolean()).map(([first, then, withinMs, where, whom, together]) => ({
    type: "order" as const,
    first,
    then,
    withinMs,
    ...where,
    ...(together ? { members: { name: "all", ...nowhere }, together: true as const } : whom),
    ...nowhere,
  })),
);

const tree = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    statement,
    tie("any").map((part) => ({ type: "not" as const, part, ...nowhere })),
    // Parts of the same kind would be read as one, if no window holds them together.
    fc.tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("any"), { minLength: 2, maxLength: 3 }), optional("window", window)).map(([type, parts, where]) => ({ type, parts: parts.flatMap((part) => (isJoined(part) && part.type === type && part.window === undefined ? part.parts : [part])), ...where, ...nowhere })),
  ),
}));

export const expression: fc.Arbitrary<Expression> = tree.any;
