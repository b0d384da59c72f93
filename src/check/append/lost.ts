import { elementsOf } from "../../recording/list-value.ts";
import type { Violated } from "../finding.ts";
import type { ListHistory } from "./history.ts";
import type { Transaction } from "./transaction.ts";
import { named, violatedAt } from "./words.ts";

/** A list at the end of the load, as somebody read it. */
interface FinalRead {
  readonly by: Transaction;
  readonly list: string;
}

/** An append that was acknowledged, and that none of the reads at the end of the load knows. */
export function findLostAppend(history: ListHistory): Violated | undefined {
  const { lists, happened } = history;
  const lost: { readonly key: string; readonly element: string; readonly by: Transaction; readonly shownBy: FinalRead }[] = [];
  let acknowledged = 0;
  for (const [key, reads] of finalReads(happened)) {
    const there = new Set(reads.flatMap(({ list }) => elementsOf(list)));
    for (const [element, { by }] of lists.get(key)?.appends ?? []) {
      if (by.operation.outcome !== "ok") continue;
      acknowledged += 1;
      const shownBy = there.has(element) ? undefined : reads.find((read) => read.by.operation.invokeNs > by.operation.returnNs);
      if (shownBy !== undefined) lost.push({ key, element, by, shownBy });
    }
  }
  const [first] = lost.sort((a, b) => a.by.operation.returnNs - b.by.operation.returnNs);
  if (first === undefined) return undefined;
  const { key, element, by, shownBy } = first;
  const count = lost.length === 1 ? `1 of ${acknowledged} acknowledged appends is lost` : `${lost.length} of ${acknowledged} acknowledged appends are lost, the first of them`;
  return violatedAt(shownBy.by, [by], {
    rule: "lost append",
    sentence: `${count}: ${element} in ${key}, of ${named(by, history)}, is in none of the lists that were read at the end`,
    expected: `${key} with ${element}`,
    seen: `${key} = ${shownBy.list}`,
  });
}

function finalReads(happened: readonly Transaction[]): Map<string, FinalRead[]> {
  const found = new Map<string, FinalRead[]>();
  for (const by of happened) {
    if (by.operation.final !== true) continue;
    for (const { key, list } of by.reads) {
      const known = found.get(key);
      if (known === undefined) found.set(key, [{ by, list }]);
      else known.push({ by, list });
    }
  }
  return found;
}
