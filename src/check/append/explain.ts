import type { Violated } from "../finding.ts";
import type { Cycle } from "./cycles.ts";
import { kinds, type Graph } from "./graph.ts";
import type { ListHistory } from "./history.ts";
import type { Transaction } from "./transaction.ts";
import { named, violatedAt } from "./words.ts";

/** One transaction comes before another, and why, in words that follow the first one's name. */
interface Link {
  readonly from: Transaction;
  readonly to: Transaction;
  readonly why: string;
}

/** A cycle as a finding: each of its transactions comes before the next, and the last before the first. */
export function cycleFound({ name, steps }: Cycle, graph: Graph, history: ListHistory): Violated {
  const links = linksOf(steps, graph, history.happened);
  const transactions = links.map(({ from }) => from);
  const [latest] = [...transactions].sort((a, b) => b.operation.returnNs - a.operation.returnNs);
  const label = new Map(transactions.map((transaction, index) => [transaction, `T${index + 1}`]));
  const whys = links.map(({ from, to, why }) => `${label.get(from) ?? ""} ${why.replace("%", label.get(to) ?? "")}`);
  const who = transactions.map((transaction) => `${label.get(transaction) ?? ""} = ${named(transaction, history)}`);
  const sentence = `no order has room for ${transactions.length} transactions (${who.join("; ")}): ${whys.join("; ")}`;
  if (latest === undefined) throw new RangeError("a cycle has no transactions");
  return violatedAt(latest, transactions.filter((transaction) => transaction !== latest), { rule: name, sentence });
}

/** The steps with the moments left out that they pass. */
function linksOf(steps: Cycle["steps"], graph: Graph, happened: readonly Transaction[]): Link[] {
  const first = steps.findIndex(({ from }) => from < happened.length);
  const turned = [...steps.slice(first), ...steps.slice(0, first)];
  return turned.flatMap(({ from, edge }, index) => {
    const begin = happened[from];
    const end = turned.slice(index).map(({ to }) => happened[to]).find((transaction) => transaction !== undefined);
    return begin === undefined || end === undefined ? [] : [{ from: begin, to: end, why: whyOf(graph, edge) }];
  });
}

/** `%` stands for the name of the one that comes later. */
function whyOf(graph: Graph, edge: number): string {
  const { key = "", element = "" } = graph.reason(edge) ?? {};
  switch (graph.kind(edge)) {
    case kinds.ww:
      return `appended to ${key} before % appended ${element} (ww)`;
    case kinds.wr:
      return `appended ${element} to ${key}, which % read (wr)`;
    case kinds.rw:
      return `read ${key} without ${element}, which % appended (rw)`;
    case kinds.process:
      return "came before % in one process (process)";
    default:
      return "had ended before % began (realtime)";
  }
}
