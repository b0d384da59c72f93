import fc from "fast-check";
import { operators, outcomeFilters, temporals, type Expression, type Measure, type Members, type Named, type Phases, type Quantity, type Source, type Term, type Window } from "../../../assertions/expression/syntax.ts";

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

const labels = fc.dictionary(fc.constantFrom("To", "le", "grpc_code"), fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('"', "\\", "\n", "a b")), { maxKeys: 2 });
const metric: fc.Arbitrary<Source> = fc.tuple(fc.oneof(fc.stringMatching(/^[a-z]{1,4}_[a-z_:]{1,6}$/), fc.constant("up")), labels).map(([name, its]) => ({ of: "metric", name, labels: its }));
const op = fc.constantFrom("any", "put", "get", "txn", "lease-keep-alive");
const operations: fc.Arbitrary<Source> = op.map((each) => ({ of: "operations", op: each }));
const filtered: fc.Arbitrary<Source> = fc.tuple(op, fc.option(fc.constantFrom(...outcomeFilters), { nil: undefined })).map(([each, outcome]) => ({ of: "operations", op: each, ...(outcome === undefined ? {} : { outcome }) }));
const log: fc.Arbitrary<Source> = fc.constantFrom("elected leader", "a|b", "\\/health", "[0-9]+ \\\\").map((pattern) => ({ of: "log", pattern }));

const quantile: fc.Arbitrary<Measure> = fc.constantFrom(0.5, 0.99, 0.999, 0.9999, 0.12345678, 0, 1).map((each) => ({ name: "quantile", quantile: each }));
const plain = (...names: Exclude<Measure["name"], "quantile">[]): fc.Arbitrary<Measure> => fc.constantFrom(...names).map((name) => ({ name }));

const measured: fc.Arbitrary<Pick<Quantity, "measure" | "source">> = fc.oneof(
  fc.record({ measure: fc.oneof(plain("increase", "rate", "delta", "min", "max", "avg", "value"), quantile), source: metric }),
  fc.record({ measure: fc.oneof(plain("min", "max", "avg", "availability", "unavailability"), quantile), source: operations }),
  fc.record({ measure: plain("count", "rate"), source: filtered }),
  fc.record({ measure: plain("count"), source: log }),
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

/** A window after a term whose last quantity has none would belong to that quantity. */
function isOpenAtEnd(each: Term): boolean {
  if (each.type === "quantity") return true;
  return each.type === "negative" ? isOpenAtEnd(each.operand) : each.type === "binary" && isOpenAtEnd(each.right);
}

export const expression: fc.Arbitrary<Expression> = fc
  .tuple(fc.option(fc.constantFrom(...temporals), { nil: undefined }), term, fc.constantFrom(...operators), term, optional("window", window), optional("members", members), fc.option(durationMs, { nil: undefined }))
  .map(([temporal, left, operator, right, where, whom, forMs]) => ({
    ...(temporal === undefined ? {} : { temporal }),
    ...(temporal === "always" && forMs !== undefined ? { forMs } : {}),
    left,
    operator,
    right,
    ...(isOpenAtEnd(right) ? {} : { ...where, ...whom }),
    ...nowhere,
  }));
