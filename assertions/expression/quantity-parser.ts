import { operationKinds } from "../../src/recording/decode.ts";
import type { LabelMatcher } from "../labels.ts";
import { ExpressionError } from "./error.ts";
import { functions, functionsOf, leaderChangesName, quantileName, quantileSources, sourceWords, sumName, type SourceKind } from "./functions.ts";
import { parseLogLines, parseMatched, parseMatcher } from "./log-parser.ts";
import { outcomeFilters, type Measure, type Named, type OutcomeFilter, type Quantity, type Source } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

/** Operations of every kind; `ops` is read as `any`. */
export const anyOperation = "any";
const operationNames: readonly string[] = [anyOperation, "ops", ...operationKinds];

/** @throws ExpressionError */
export function parseQuantity(tokens: TokenReader): Quantity {
  const name = tokens.expectWord("a quantity such as p99(put)");
  if (name.name === leaderChangesName) return { type: "quantity", measure: { name: leaderChangesName }, source: { of: "leaders" } };
  if (!tokens.atSign("(")) throw noFunction(name);
  if (name.name !== sumName) return parseMeasured(name, tokens);
  tokens.expectSign("(");
  const measured = parseMeasured(tokens.expectWord("what is to be added up, such as increase(…)"), tokens);
  tokens.expectSign(")");
  return { ...measured, summed: true };
}

function parseMeasured(name: Named, tokens: TokenReader): Quantity {
  const known = measureOf(name);
  tokens.expectSign("(");
  const measure = known ?? { name: quantileName, quantile: parseFraction(tokens) };
  const source = parseSource(tokens, measure.name === "quantile" ? quantileSources : kindsOf(measure.name), name);
  tokens.expectSign(")");
  return { type: "quantity", measure, source };
}

/** Undefined for `quantile`, whose fraction stands within the brackets. */
function measureOf(written: Named): Measure | undefined {
  const { name } = written;
  if (name === quantileName) return undefined;
  if (isFunction(name)) return { name };
  const percent = percentile.exec(name)?.[1];
  if (percent === undefined) throw new ExpressionError(written, `unknown function "${name}"`, { word: name, candidates: functionNames, hint: `Possible here: ${functionNames.join(", ")}.` });
  if (Number(percent) > 100) throw new ExpressionError(written, `there is no ${name}: percentiles go from p0 to p100`);
  return { name: quantileName, quantile: Number((Number(percent) / 100).toPrecision(12)) };
}

const percentile = /^p(\d{1,3}(?:\.\d+)?)$/;
const functionNames = [...Object.keys(functions), "p99", quantileName, sumName, leaderChangesName];

function isFunction(name: string): name is keyof typeof functions {
  return Object.hasOwn(functions, name);
}

function kindsOf(name: string): readonly SourceKind[] {
  return isFunction(name) ? functions[name] : [];
}

function noFunction(written: Named): ExpressionError {
  const { name } = written;
  if (isFunction(name) || name === sumName || name === quantileName || percentile.test(name)) return new ExpressionError(written, `"${name}" needs what it is of in brackets`, { hint: `Such as ${name}(…).` });
  if (name.includes("_")) return new ExpressionError(written, "a metric by itself is no quantity", { hint: `Say what of it: value(${name}), increase(${name}) or another of ${functionsOf("metric").join(", ")}.` });
  return new ExpressionError(written, `a quantity such as p99(put) is expected here, not "${name}"`, { word: name, candidates: functionNames });
}

function parseFraction(tokens: TokenReader): number {
  const token = tokens.next;
  if (token.kind !== "number" || token.value > 1) throw tokens.unexpected("a fraction from 0 to 1", token.kind === "word" ? { hint: "Such as quantile(0.99, put), or p99(put)." } : {});
  tokens.take();
  tokens.expectSign(",");
  return token.value;
}

function parseSource(tokens: TokenReader, kinds: readonly SourceKind[], of: Named): Source {
  const words = kinds.map((kind) => sourceWords[kind]);
  const expected = words.length < 3 ? words.join(" or ") : `${words.slice(0, -1).join(", ")}, or ${words.at(-1) ?? ""}`;
  const before = tokens.next;
  const name = tokens.expectWord(expected);
  const source = sourceOf(name, tokens, kinds, expected);
  if (kinds.includes(source.of) && mayFilter(source, of)) return source;
  if (kinds.includes(source.of)) throw new ExpressionError({ start: before.start, end: tokens.lastEnd }, `${of.name} is of operations that ended ok`, { hint: "Other outcomes can be chosen for count and rate." });
  const hint = `Functions of ${sourceWords[source.of]}: ${functionsOf(source.of).join(", ")}.`;
  throw new ExpressionError({ start: before.start, end: tokens.lastEnd }, `${of.name} is of ${expected}`, { hint });
}

function mayFilter(source: Source, { name }: Named): boolean {
  return source.of !== "operations" || source.outcome === undefined || name === "count" || name === "rate";
}

function sourceOf(written: Named, tokens: TokenReader, kinds: readonly SourceKind[], expected: string): Source {
  const { name } = written;
  if (name === "log") return parseLogSource(tokens);
  if (/[_:]/.test(name) || tokens.atSign("{")) {
    if (name.includes("-")) throw new ExpressionError(written, `"${name}" is no metric's name`, { hint: "It has letters, digits and underscores." });
    return { of: "metric", name, labels: parseLabels(tokens), start: written.start, end: written.end };
  }
  if (operationNames.includes(name)) return { of: "operations", op: name === "ops" ? anyOperation : name, ...parseOutcome(tokens), start: written.start, end: written.end };
  const hint = [
    ...(kinds.includes("metric") ? ["A metric's name has an underscore, such as etcd_server_has_leader."] : []),
    ...(kinds.includes("operations") ? [`Kinds of operations: ${operationNames.join(", ")}.`] : []),
  ].join(" ");
  throw new ExpressionError(written, `${expected} is expected here, not "${name}"`, { hint, word: name, candidates: operationNames });
}

function parseLogSource(tokens: TokenReader): Source {
  const lines = parseLogLines(tokens);
  return tokens.takeSign(".") ? { of: "log-field", lines, field: tokens.expectWord("the name of a field, such as took").name } : { of: "log", lines };
}

function parseLabels(tokens: TokenReader): LabelMatcher[] {
  const labels: LabelMatcher[] = [];
  if (!tokens.takeSign("{")) return labels;
  while (!tokens.takeSign("}")) {
    const { name: label, ...written } = tokens.expectWord(labels.length === 0 ? 'a label such as To="etcd-1", or "}"' : "a label");
    const sign = parseMatcher(tokens);
    if (sign === undefined) throw tokens.unexpected("=, !=, =~ or !~", tokens.atSign("==") ? { hint: "That a label is something is written with one =." } : {});
    if (labels.some((other) => other.label === label && other.sign === sign && sign === "=")) throw new ExpressionError(written, `the label "${label}" is here twice`);
    labels.push({ label, sign, value: parseMatched(tokens, sign, "text") });
    if (!tokens.atSign("}") && !tokens.takeSign(",")) throw tokens.unexpected('"," or "}"');
  }
  return labels;
}

function parseOutcome(tokens: TokenReader): { readonly outcome?: OutcomeFilter } {
  if (!tokens.takeSign(",")) return {};
  const key = tokens.expectWord("outcome");
  if (key.name !== "outcome") throw new ExpressionError(key, `outcome is expected here, not "${key.name}"`);
  tokens.expectSign("=");
  const written = tokens.expectWord("an outcome");
  const outcome = outcomeFilters.find((each) => each === written.name);
  if (outcome === undefined) throw new ExpressionError(written, `"${written.name}" is no outcome`, { word: written.name, candidates: outcomeFilters, hint: `Outcomes: ${outcomeFilters.join(", ")}.` });
  return { outcome };
}
