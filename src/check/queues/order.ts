import type { Lasting, Violated } from "../finding.ts";
import type { Look } from "../revisions/looks.ts";
import { named, violatedAt } from "../revisions/problem.ts";
import type { Timed } from "../revisions/real-time.ts";
import type { Item, QueueHistory, Refusal } from "./items.ts";

/** An item, from the revision that it was put in at. */
interface Standing {
  readonly item: Item;
  readonly revision: number;
  readonly by: Timed;
}

/** What happened or was seen at a revision; what was seen comes after what happened. */
type Step =
  | { readonly at: number; readonly kind: "put in"; readonly standing: Standing }
  | { readonly at: number; readonly kind: "taken"; readonly item: Item; readonly by: Timed }
  | { readonly at: number; readonly kind: "look"; readonly look: Look }
  | { readonly at: number; readonly kind: "refusal"; readonly refusal: Refusal };

/**
 * Follows the queue from revision to revision: who takes an item takes the first, and who looks finds all that are there.
 * An item that somebody may have taken, without knowing it, may be gone from the beginning of that on.
 */
export function followQueue({ items, looks, refusals }: QueueHistory): Violated | undefined {
  const there = new Map<string, Standing>();
  for (const step of inOrder([...items.values()], looks, refusals)) {
    switch (step.kind) {
      case "put in":
        there.set(step.standing.item.key, step.standing);
        break;
      case "taken": {
        const own = there.get(step.item.key);
        const before = [...there.values()].filter(({ item, revision }) => revision < (own?.revision ?? 0) && !mayBeGone(item, step.by));
        if (own !== undefined && before[0] !== undefined) return outOfOrder(step.by, own, before[0]);
        there.delete(step.item.key);
        break;
      }
      case "look":
        for (const standing of there.values()) if (isMissedBy(step.look, standing)) return lost(step.look.timed, standing, `finds no ${standing.item.key} at revision ${step.look.revision}`);
        break;
      case "refusal": {
        const standing = there.get(step.refusal.key);
        if (standing !== undefined && !mayBeGone(standing.item, step.refusal.timed)) return lost(step.refusal.timed, standing, `is told at revision ${step.refusal.revision} that it is not as it was`);
      }
    }
  }
  return undefined;
}

function inOrder(items: readonly Item[], looks: readonly Look[], refusals: readonly Refusal[]): Step[] {
  const steps = items.flatMap((item): Step[] => {
    const [first] = item.told;
    const [by] = item.taken;
    if (first === undefined) return [];
    const standing = { item, revision: first.revision, by: first.by };
    return [{ at: first.revision, kind: "put in", standing }, ...(by === undefined ? [] : [{ at: by.operation.revision ?? 0, kind: "taken", item, by } as const])];
  });
  const seen = [...looks.map((look): Step => ({ at: look.revision, kind: "look", look })), ...refusals.map((refusal): Step => ({ at: refusal.revision, kind: "refusal", refusal }))];
  return [...steps, ...seen].sort((a, b) => a.at - b.at || rank[a.kind] - rank[b.kind]);
}

const rank = { "put in": 0, taken: 0, look: 1, refusal: 1 } as const satisfies Record<Step["kind"], number>;

function isMissedBy(look: Look, { item }: Standing): boolean {
  return look.covers(item.key) && !look.found.has(item.key) && !mayBeGone(item, look.timed);
}

function mayBeGone({ mayBeTaken }: Item, { operation: { returnNs } }: Timed): boolean {
  return mayBeTaken.some(({ operation }) => operation.invokeNs < returnNs);
}

function outOfOrder(by: Timed, own: Standing, before: Standing): Violated {
  const violated = violatedAt(by, {
    rule: "out of order",
    sentence: `${named(by)} takes ${own.item.key} out at revision ${by.operation.revision ?? 0}, which was put in at revision ${own.revision}, and ${before.item.key} was there, which was put in at revision ${before.revision} and which nobody had taken`,
    keys: [],
    others: [before.by, own.by],
    expected: `${before.item.key} of revision ${before.revision}`,
    seen: `${own.item.key} of revision ${own.revision}`,
  });
  return { ...violated, lasting: [before, own].flatMap((each) => lastingUntil(each, by.operation.returnNs)) };
}

/** An item is there once somebody was told so. */
function lastingUntil({ item, by }: Standing, untilNs: number): Lasting[] {
  const { returnNs } = by.operation;
  return returnNs < untilNs ? [{ by: by.operation, from: returnNs, to: untilNs, what: `${item.key} is in the queue` }] : [];
}

function lost(by: Timed, { item, revision, by: put }: Standing, how: string): Violated {
  const violated = violatedAt(by, {
    rule: "lost item",
    sentence: `${named(by)} ${how}, and ${named(put)} says that it was put in at revision ${revision}; nobody had taken it by then`,
    keys: [],
    others: [put],
    expected: `${item.key} of revision ${revision}`,
    seen: `no ${item.key}`,
  });
  return { ...violated, lasting: lastingUntil({ item, revision, by: put }, by.operation.returnNs) };
}
