import { elementsOf } from "../../recording/list-value.ts";
import type { Violated } from "../finding.ts";
import type { ListHistory } from "./history.ts";
import type { Transaction } from "./transaction.ts";

/** What a transaction did to lists, and whose it is: `append 2s to a0-1 and read a3-0 by process 3 on etcd-1`. */
export function named(transaction: Transaction, history: Pick<ListHistory, "lists">): string {
  const { process, member } = transaction.operation;
  return `${didText(transaction, history)} by process ${process} on ${member}`;
}

/** `append 2s to a0-1 and read a3-0`. */
export function didText(transaction: Transaction, { lists }: Pick<ListHistory, "lists">): string {
  const { reads, puts } = transaction;
  const own = (key: string, list: string): string[] => elementsOf(list).filter((element) => lists.get(key)?.appends.get(element)?.by === transaction);
  const appends = puts.flatMap(({ key, list }) => own(key, list).map((element) => `append ${element} to ${key}`));
  // The reads at the end are of all lists.
  const names = reads.length > namesMax ? [`read ${reads.length} lists`] : reads.map(({ key }) => `read ${key}`);
  return [...appends, ...names].join(" and ");
}

const namesMax = 6;

/** The finding that a transaction shows, together with others. */
export function violatedAt(illegal: Transaction, others: readonly Transaction[], said: Pick<Violated, "rule" | "sentence" | "expected" | "seen" | "order" | "did">): Violated {
  const operations = [...new Set([illegal, ...others].map(({ operation }) => operation))].sort((a, b) => a.invokeNs - b.invokeNs);
  const [legal] = others;
  return { kind: "violated", ...said, operations, illegal: illegal.operation, ...(legal === undefined ? {} : { legal: legal.operation }) };
}
