import { expect } from "chai";
import fc from "fast-check";
import { ExpressionError } from "../../../assertions/expression/error.ts";
import { expressions } from "../../../assertions/expression/language.ts";
import { parseExpression } from "../../../assertions/expression/parser.ts";
import { printExpression } from "../../../assertions/expression/printer.ts";
import type { Comparison } from "../../../assertions/expression/syntax.ts";
import { expression } from "./arbitraries.ts";
import { problemOf } from "./expressions.ts";

/** Without the places, which depend on how it was written. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "start" && key !== "end").map(([key, inner]) => [key, bare(inner)]));
}

function comparisonOf(text: string): Comparison {
  const parsed = parseExpression(text);
  if (parsed.type !== "comparison") throw new Error(`${text} is no comparison`);
  return parsed;
}

const word = fc.constantFrom(
  ...["eventually", "always", "never", "increase", "rate", "p99", "p99.9", "quantile", "sum", "count", "value", "leader-changes", "log", "and", "or", "not", "then", "healthy", "unhealthy", "serializable", "together", "took", "put", "any", "etcd_x_total", "outcome", "during", "within", "of", "after", "before", "at", "end", "start", "for", "on", "each", "etcd-1", "isolated", "run"],
  ...["(", ")", "{", "}", ",", "..", "=", "=~", "!~", ".", "!=", '"x"', "==", "<", "<=", "!", "+", "-", "*", "/", "%", '"', "\\", "/a/", "5", "5s", "0.99", "1e9", "ms", "#", "\n", "é", "\u{1F600}", "\uD800"],
);

describe("the parser of expressions", () => {
  it("reads what the printer writes, as it was", () => {
    fc.assert(
      fc.property(expression, (given) => {
        const printed = printExpression(given);
        // Longer ones are refused, whatever they are.
        fc.pre(printed.length <= 1_000);
        expect(bare(parseExpression(printed)), printed).to.deep.equal(bare(given));
      }),
      { numRuns: 1_000 },
    );
  }).timeout(60_000);

  it("throws nothing but its own error, at a place in the text, whatever the text", () => {
    const survives = (text: string): void => {
      try {
        parseExpression(text);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        expect(error.message).to.not.equal("");
        expect(error.span.start).to.be.within(0, text.length);
        expect(error.span.end).to.be.within(error.span.start, text.length);
      }
    };
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), survives), { numRuns: 500 });
    fc.assert(fc.property(fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")), survives), { numRuns: 2_000 });
    fc.assert(fc.property(expression.map(printExpression), fc.nat(100), fc.nat(5), word, (text, at, cut, put) => survives(text.slice(0, at) + put + text.slice(at + cut))), { numRuns: 1_000 });
    for (const text of ["(".repeat(1_000), "-".repeat(1_000), "1+".repeat(500), "((1".repeat(300), "9".repeat(1_000), "5m".repeat(500), "a".repeat(2_000)]) survives(text);
  }).timeout(60_000);

  it("never throws where a scenario asks what is wrong, nor leaves anything out of an expression that it takes", () => {
    fc.assert(
      fc.property(expression.map(printExpression), (text) => {
        const read = expressions.read(text);
        expect("problem" in read || read.assertion.title === text.trim().replace(/\s+/g, " ")).to.equal(true);
      }),
      { numRuns: 1_000 },
    );
  }).timeout(60_000);

  it("binds * and / closer than + and -, and each to the left", () => {
    expect(bare(parseExpression("1 + 2 * 3 - 4 / 5 < 0"))).to.deep.equal(bare(parseExpression("((1 + (2 * 3)) - (4 / 5)) < 0")));
    expect(bare(parseExpression("1 - 2 - 3 < 0"))).to.not.deep.equal(bare(parseExpression("1 - (2 - 3) < 0")));
    expect(bare(parseExpression("-1 * 2 < 0"))).to.deep.equal(bare(parseExpression("(-1) * 2 < 0")));
  });

  it("gives a window to the quantity before it, and a second one to the comparison", () => {
    const { left, right, window } = comparisonOf("p99(put) during a <= 2 * p99(put) during b within 5s of c");
    expect(left).to.deep.include({ window: { type: "during", phases: { first: { name: "a", start: 16, end: 17 }, last: { name: "a", start: 16, end: 17 }, start: 16, end: 17 }, start: 9, end: 17 } });
    expect(right).to.have.nested.property("right.window.phases.first.name", "b");
    expect(window).to.deep.include({ type: "within", withinMs: 5_000 });
  });

  const refused: Readonly<Record<string, string>> = {
    "": '"": a quantity such as p99(put), or a number is expected here, not the end',
    "p99(put)": '"": a comparison (<, <=, >, >=, ==, !=) is expected here, not the end',
    "p99(put) = 5s": '"=": a comparison (<, <=, >, >=, ==, !=) is expected here, not "=" | Equality is written ==.',
    "p99(put) < 5": '"5": "p99(put)" is a time, and this has no unit | Did you mean 5s or 5ms?',
    "incraese(a_b) > 5": '"incraese": unknown function "incraese" | incraese may be one of 15 | Possible here: increase, rate, delta, min, max, avg, value, count, first, availability, unavailability, p99, quantile, sum, leader-changes.',
    "p101(put) < 5s": '"p101": there is no p101: percentiles go from p0 to p100',
    "p99(putt) < 5s": '"putt": a metric, operations of clients, such as put or any, or a field of log lines, such as log("took too long").took is expected here, not "putt" | putt may be one of 15 | A metric\'s name has an underscore, such as etcd_server_has_leader. Kinds of operations: any, ops, put, get, range, delete, txn, compact, lease-grant, lease-keep-alive, lease-revoke, lease-time-to-live, lock-acquire, lock-release, guarded-write.',
    "count(a_b) > 5": '"a_b": count is of operations of clients, such as put or any or log lines, such as log /elected leader/ | Functions of a metric: increase, rate, delta, min, max, avg, value, p99.',
    "increase(put) > 5": '"put": increase is of a metric | Functions of operations of clients, such as put or any: rate, min, max, avg, count, availability, unavailability, p99.',
    "p99(put, outcome=info) < 5s": '"put, outcome=info": p99 is of operations that ended ok | Other outcomes can be chosen for count and rate.',
    "count(put, outcome=lost) > 5": '"lost": "lost" is no outcome | lost may be one of 4 | Outcomes: ok, fail, info, any.',
    "etcd_server_has_leader == 1": '"etcd_server_has_leader": a metric by itself is no quantity | Say what of it: value(etcd_server_has_leader), increase(etcd_server_has_leader) or another of increase, rate, delta, min, max, avg, value, p99.',
    "increase(a_b{To=1}) > 5": '"1": the label\'s value in double quotes is expected here, not "1"',
    'increase(a_b{To=="x"}) > 5': '"==": =, !=, =~ or !~ is expected here, not "==" | That a label is something is written with one =.',
    'increase(a_b{To=~"("}) > 5': '"\"(\"": Invalid regular expression: /(/: Unterminated group',
    'increase(a_b{To="x", To="y"}) > 5': '"To": the label "To" is here twice',
    "count(log elected) > 0": '"elected": a regular expression between slashes is expected here, not "elected" | Such as log /elected leader/, or log("took too long", took > 200ms, level = "warn"); a slash within a pattern is written \\/. Text that holds " #" has to be in quotes.',
    "p99(put) < 50 ms": '"ms": the end is expected here, not "ms" | A duration has no space in it: 50ms.',
    "p99 put < 5s": '"p99": "p99" needs what it is of in brackets | Such as p99(…).',
    "availability(any) >= 90 %": '"%": % belongs right after a number | Per cents are written without a space, such as 99%.',
    "count(log /(/) > 0": '"/(/": Invalid regular expression: /(/: Unterminated group',
    "increase(a_b) > 5 dring isolated": '"dring": the end, or a window such as during isolated is expected here, not "dring" | dring may be one of 9 | Possible here: during, within, after, before, at, on, for, and, or.',
    "increase(a_b) > 5 and": '"": a quantity such as p99(put), or a number is expected here, not the end',
    "increase(a_b) > 5 during a and increase(a_c) > 5": '"increase(a_c) > 5": of which part of the run this is, is not said: "during a" is of another part | Write "during a" after it too, or after brackets around all of it; "during run" is the whole run.',
    "(increase(a_b) > 5 during a or healthy during b) during c": '"during c": every part has its window already | Leave out "during c".',
    "(healthy and leader-changes == 0) on any": '"on": each part is for members of its own | Write "on …" within the brackets, after each of them.',
    "not (healthy during a) during b": '"during b": what stands in the brackets has its window already',
    "(count(put) > 5": '">": ")" is expected here, not ">" | Brackets around comparisons have to be closed, and no word such as always stands before them.',
    "healthy(etcd-1)": '"etcd-1": serializable is expected here, not "etcd-1" | Members are named after on: healthy on etcd-1.',
    "healthy at start of a": '"at start of a": "at start of a" is not a time that members can be healthy in | Such as within 2s of recovery.',
    "always healthy at end": '"at end": "at end" is not a time that members can be healthy in | At the end there is one answer: leave out always.',
    "healthy before a": '"before a": "before a" is possible for quantities alone | Name the phases: during first..last.',
    "log /a/ >= 1": '">=": then, and what follows is expected here, not ">=" | Lines by themselves are no quantity: how many there are is count(log …), and when the first comes is first(log …).',
    "log /a/ then log /b/": '"": within, and how soon is expected here, not the end | Such as: log /lost leader/ then log /elected leader/ within 5s.',
    "log /a/ then b within 5s": '"b": log lines, such as log /elected leader/ is expected here, not "b"',
    "log /a/ then log /b/ within 5s at end": '"at end": "at end" is one moment, in which nothing follows | Such as during isolated.',
    "count(put) > 5 on all together": '"together": the end is expected here, not "together" | Members are added up by sum(…) around the quantity.',
    "count(log(level == \"warn\")) > 0": '"==": =, !=, =~, !~, <, <=, > or >= is expected here, not "==" | That a field is something is written with one =.',
    "count(log(\"a\", took > \"5\")) > 0": '""5"": a number, or a duration such as 200ms is expected here, not "5"',
    "count(log(\"\")) > 0": '"\"\"": there is no text here that a message could have',
    "count(log(\"a\").took) > 0": '"log(\"a\").took": count is of operations of clients, such as put or any or log lines, such as log /elected leader/ | Functions of a field of log lines, such as log("took too long").took: min, max, avg, p99.',
    "1 < increase(a_b) < 5": '"<": the end is expected here, not "<" | A comparison has two sides: join it with the next one by and.',
    "increase(a_b) > 5 within 30s": '"": of, and a phase is expected here, not the end | Such as "within 30s of isolated": counted from that phase\'s beginning.',
    "increase(a_b) > 5 within 30 of a": '"30": a duration such as 5s is expected here, not "30" | Did you mean 30s or 30ms?',
    "increase(a_b) > 5 within 0s of a": '"0s": this must be longer than zero',
    "increase(a_b) > 5 on leadr": '"leadr": "leadr" is no member | leadr may be one of 7 | Possible here: each, all, any, leader, faulted, unfaulted, or a member\'s name such as etcd-1.',
    "increase(a_b) > 5 on sum": '"sum": "sum" is no member | Members are added up by sum(…) around the quantity.',
    "increase(a_b) > 5 during a during b": '"during": the comparison has its window already',
    "increase(a_b) > 5 on any on each": '"on": for which members it is to hold is said already',
    "value(a_b) > 5 for 5s": '"for": for belongs to always | Such as: always value(…) == 1 for 5s during recovery.',
    "increase(a_b) > 5x": '"5x": "5x" is neither a number nor a duration | Durations are a number and a unit, without a space: 250ms, 5s, 1m30s, 2h.',
    'increase(a_b{To="x}) > 5': '""": this text in quotes does not end | A quote within it is written \\", a backslash \\\\.',
    "increase(a_b) > 5 # why": '"#": "#" means nothing here',
  };
  for (const [text, problem] of Object.entries(refused)) {
    it(`refuses ${text === "" ? "nothing at all" : text}`, () => {
      expect(problemOf(text)).to.equal(problem);
    });
  }
});
