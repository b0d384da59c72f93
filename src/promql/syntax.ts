import { parser } from "@prometheus-io/lezer-promql";

/** A node of a parsed query, as far as it is looked at here. */
type Node = ReturnType<typeof parser.parse>["topNode"];

/** What is wrong with a query, and where in it, as offsets. */
export interface QueryTrouble {
  readonly start: number;
  readonly end: number;
  /** A clause without a full stop. */
  readonly message: string;
  readonly hint?: string;
}

/**
 * Why a text is no PromQL query that can be asked over a stretch of time; undefined where it is one.
 * By Prometheus' own grammar, without a Prometheus; of the types of expressions only what is most often
 * mistaken, since the Prometheus that is asked checks the rest.
 */
export function queryTrouble(query: string): QueryTrouble | undefined {
  const tree = parser.parse(query);
  const nodes: Node[] = [];
  tree.iterate({ enter: ({ node }) => void nodes.push(node) });
  const torn = nodes.find(({ type }) => type.isError);
  if (torn !== undefined) return tornAt(query, torn);
  return wholeTrouble(tree.topNode, query) ?? nodes.map((node) => callTrouble(node, query)).find((trouble) => trouble !== undefined);
}

function tornAt(query: string, { from, to }: Node): QueryTrouble {
  const name = /(\w+)\s*$/.exec(query.slice(0, from))?.[1];
  if (name !== undefined && query[from] === "(") return { start: from - name.length, end: from, message: `PromQL has no function "${name}"` };
  const rest = query.slice(from).trim();
  if (rest === "") return { start: query.trimEnd().length, end: query.length, message: query.trim() === "" ? "the query is empty" : "the query ends where more must follow", hint: "Is a bracket or a quotation mark open?" };
  const word = /^(?:\w+|\s*\S)/.exec(query.slice(from))?.[0] ?? rest;
  return { start: from, end: Math.max(to, from + word.length), message: `no PromQL can go on with "${word.trim()}" here` };
}

/** A query that is asked over time needs one value a series at each moment. */
function wholeTrouble(top: Node, query: string): QueryTrouble | undefined {
  const whole = unwrapped(top.getChild("Expr") ?? top.lastChild);
  if (whole === null) return undefined;
  const at = { start: whole.from, end: whole.to };
  if (isRange(whole)) return { ...at, message: `${query.slice(whole.from, whole.to)} is many values at each moment, and one is needed`, hint: "Put it into a function such as rate(…) or max_over_time(…)." };
  return whole.name === "StringLiteral" ? { ...at, message: "a text is no value that can be judged" } : undefined;
}

const overRange = /^(?:\w+_over_time|rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|holt_winters|double_exponential_smoothing)$/;

function callTrouble(node: Node, query: string): QueryTrouble | undefined {
  if (node.name !== "FunctionCall") return undefined;
  const [called, body] = [node.firstChild, node.lastChild];
  if (called === null || body === null) return undefined;
  const name = query.slice(called.from, called.to);
  if (!overRange.test(name)) return undefined;
  const given = childrenOf(body).map(unwrapped);
  if (given.some((each) => each !== null && isRange(each))) return undefined;
  return { start: node.from, end: node.to, message: `${name} needs values over a range`, hint: `Write ${name}(…[2s]).` };
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** What stands in brackets, or is looked at another time. */
function unwrapped(node: Node | null): Node | null {
  return node !== null && (node.name === "ParenExpr" || node.name === "OffsetExpr" || node.name === "StepInvariantExpr") ? unwrapped(node.firstChild) : node;
}

function isRange({ name }: Node): boolean {
  return name === "MatrixSelector" || name === "SubqueryExpr";
}
