import type { Violated } from "../finding.ts";
import type { Cycle } from "./cycles.ts";
import { kinds, type Graph } from "./graph.ts";
import type { ListHistory } from "./history.ts";
import type { Transaction } from "./transaction.ts";
import { didText, named, violatedAt } from "./words.ts";

/** One transaction comes before another, and why, in words that follow the first one's name. */
interface Link {
  readonly from: Transaction;
  readonly to: Transaction;
  readonly kind: string;
  readonly why: string;
}

/** A cycle as a finding: each of its transactions comes before the next, and the last before the first. */
export function cycleFound({ name, steps }: Cycle, graph: Graph, history: ListHistory): Violated {
  const links = linksOf(steps, graph, history.happened);
  const transactions = links.map(({ from }) => from);
  const [latest, ...others] = [...transactions].sort((a, b) => b.operation.returnNs - a.operation.returnNs);
  const label = new Map(transactions.map((transaction, index) => [transaction, `T${index + 1}`]));
  const whys = links.map(({ from, to, kind, why }) => `${label.get(from) ?? ""} ${why.replace("%", label.get(to) ?? "")} (${kind})`);
  const who = transactions.map((transaction) => `${label.get(transaction) ?? ""} = ${named(transaction, history)}`);
  const sentence = `no order has room for ${transactions.length} transactions (${who.join("; ")}): ${whys.join("; ")}`;
  if (latest === undefined) throw new RangeError("a cycle has no transactions");
  const order = links.map(({ from, to, kind, why }) => ({ from: from.operation, to: to.operation, kind, why }));
  const did = new Map(transactions.map((transaction) => [transaction.operation, didText(transaction, history)]));
  return violatedAt(latest, others, { rule: name, sentence, order, did });
}

/** The steps with the moments left out that they pass. */
function linksOf(steps: Cycle["steps"], graph: Graph, happened: readonly Transaction[]): Link[] {
  const first = steps.findIndex(({ from }) => from < happened.length);
  const turned = [...steps.slice(first), ...steps.slice(0, first)];
  return turned.flatMap(({ from, edge }, index) => {
    const begin = happened[from];
    const end = turned.slice(index).map(({ to }) => happened[to]).find((transaction) => transaction !== undefined);
    return begin === undefined || end === undefined ? [] : [{ from: begin, to: end, ...whyOf(graph, edge) }];
  });
}

/** `%` stands for the name of the one that comes later. */
function whyOf(graph: Graph, edge: number): Pick<Link, "kind" | "why"> {
  const { key = "", element = "" } = graph.reason(edge) ?? {};
  switch (graph.kind(edge)) {
    case kinds.ww:
      return { kind: "ww", why: `appended to ${key} before % appended ${element}` };
    case kinds.wr:
      return { kind: "wr", why: `appended ${element} to ${key}, which % read` };
    case kinds.rw:
      return { kind: "rw", why: `read ${key} without ${element}, which % appended` };
    case kinds.process:
      return { kind: "process", why: "came before % in one process" };
    default:
      return { kind: "realtime", why: "had ended before % began" };
  }
}
