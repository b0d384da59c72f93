import type { Operation } from "../recording/operation.ts";
import type { Finding, Violated } from "./finding.ts";
import { queueHistory, type Item, type QueueHistory } from "./queues/items.ts";
import { followQueue } from "./queues/order.ts";
import { inTermsOfQueue } from "./queues/words.ts";
import { named, violatedAt } from "./revisions/problem.ts";
import { byInvocation, inRealTime, type Timed } from "./revisions/real-time.ts";
import { staleAnswer } from "./revisions/staleness.ts";

/**
 * Whether a queue keeps what it promises, by revisions: what was put in is there until somebody takes it out, nobody
 * is given what another was given, the first in is the first out, and nothing comes from nowhere. What became of
 * an operation of unknown outcome is left open unless others saw it. It looks at the keys of the queue alone.
 *
 * It takes time in proportion to the operations and to the length of the queue.
 */
export function checkQueue(history: readonly Operation[]): Finding {
  const queue = queueHistory(inRealTime(byInvocation(history)));
  const problem = fromNowhere(queue) ?? takenTwice(queue) ?? cameBack(queue) ?? staleAnswer(queue.operations) ?? followQueue(queue);
  return problem === undefined ? { kind: "ok", checked: queue.operations.length } : inTermsOfQueue(problem);
}

/** How many items were handed out. */
export function handedOut(history: readonly Operation[]): number {
  const { items } = queueHistory(inRealTime(byInvocation(history)));
  return [...items.values()].filter(({ taken }) => taken.length > 0).length;
}

/** Items that nobody can have put in, or not then, or that are not as they were put in. */
function fromNowhere({ items }: QueueHistory): Violated | undefined {
  for (const item of items.values()) {
    const [first] = item.told;
    for (const { by, revision } of item.told) {
      const began = item.enqueues.find(({ operation }) => operation.outcome !== "fail" && operation.invokeNs < by.operation.returnNs);
      if (began === undefined) return nobodys(item, by);
      if (first !== undefined && first.revision !== revision) {
        const sentence = `${named(by)} knows ${item.key} of revision ${revision}, and ${named(first.by)} of revision ${first.revision}: it was put in once`;
        return violatedAt(by, { rule: "item put in twice", sentence, keys: [], others: [first.by], expected: `revision ${first.revision}`, seen: `revision ${revision}` });
      }
      const at = by.operation.revision ?? 0;
      const isTake = item.taken.includes(by);
      if (at < revision || (isTake && at === revision)) {
        return violatedAt(by, { rule: "item from nowhere", sentence: `${named(by)} is answered revision ${at}, and knows ${item.key}, which was put in at revision ${revision}`, keys: [], others: [began], expected: `revision ${isTake ? revision + 1 : revision} or later`, seen: `revision ${at}` });
      }
    }
  }
  return undefined;
}

function nobodys(item: Item, by: Timed): Violated {
  const [other] = item.enqueues;
  const why = other === undefined ? "which nobody put in" : other.operation.outcome === "fail" ? `and ${named(other)} had failed` : `and ${named(other)} began only later`;
  return violatedAt(by, { rule: "item from nowhere", sentence: `${named(by)} finds ${item.key}, ${why}`, keys: [], others: [other], expected: `no ${item.key}`, seen: item.key });
}

function takenTwice({ items }: QueueHistory): Violated | undefined {
  for (const { key, taken: [first, second] } of items.values()) {
    if (first === undefined || second === undefined) continue;
    const sentence = `${named(second)} was given ${key} at revision ${second.operation.revision ?? 0}, and ${named(first)} at revision ${first.operation.revision ?? 0}`;
    return violatedAt(second, { rule: "handed out twice", sentence, keys: [], others: [first], expected: `${key} for one of them`, seen: `${key} for both` });
  }
  return undefined;
}

/** Items that are found after they were taken out. */
function cameBack({ items, looks }: QueueHistory): Violated | undefined {
  for (const look of looks) {
    for (const key of look.found.keys()) {
      const [taken] = items.get(key)?.taken ?? [];
      const revision = taken?.operation.revision ?? Infinity;
      if (taken === undefined || revision > look.revision) continue;
      const sentence = `${named(look.timed)} finds ${key} at revision ${look.revision}, and ${named(taken)} had taken it out at revision ${revision}`;
      return violatedAt(look.timed, { rule: "item came back", sentence, keys: [], others: [taken], expected: `no ${key} from revision ${revision} on`, seen: `${key} at revision ${look.revision}` });
    }
  }
  return undefined;
}
