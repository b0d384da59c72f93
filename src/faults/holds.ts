import type { Link } from "../cluster/links.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";

/** What a fault keeps a link or a member in. `killed`: its process is down, whether it was killed or stopped. */
export type Condition =
  | "cut" | "slowed" | "impaired" // links
  | "paused" | "starved" | "filtered" | "set to a wrong time" | "killed" | "added" // members
  | "slowed on disk" | "lied to by its disk" | "full" | "stalled" | "told what to do at a failpoint";

/** One fault's hand on one link or member. */
export interface Hold {
  readonly condition: Condition;
  /** What exactly was done, to tell two holds of one condition apart. */
  readonly detail: string;
  /** Idempotent. */
  release(): void;
}

/** Whoever has hands on links or members. */
export interface Holder {
  readonly holds: readonly Hold[];
}

const holds = new WeakMap<Link | Member, Set<Hold>>();

/** Notes that a fault keeps something in a condition until it releases it. */
export function hold(what: Link | Member, condition: Condition, detail = ""): Hold {
  const all = holds.get(what) ?? new Set<Hold>();
  holds.set(what, all);
  const held: Hold = { condition, detail, release: () => void all.delete(held) };
  all.add(held);
  return held;
}

/**
 * The holds that other faults have on something. Several faults may be in force at once, and
 * one that has healed must not be blamed for what another still does; but only a fault that
 * is known to be in force excuses anything: a toxic that somebody forgot does not.
 */
export function holdsOfOthers(what: Link | Member, own: readonly Hold[] = []): Hold[] {
  return [...(holds.get(what) ?? [])].filter((held) => !own.includes(held));
}

/** `etcd-1-to-etcd-2 is cut by another fault`; undefined when no other fault keeps any of them in any of the conditions. */
export function excuse(all: readonly (Link | Member)[], conditions: readonly Condition[], own: readonly Hold[] = []): string | undefined {
  for (const what of all) {
    const found = holdsOfOthers(what, own).find(({ condition }) => conditions.includes(condition));
    if (found !== undefined) return `${what.name} is ${found.condition} by another fault`;
  }
  return undefined;
}

/** The links that no other fault keeps in any of the conditions, nor the member they lead to; and why the rest cannot be expected to work. */
export function excused(links: readonly Link[], members: readonly Member[], conditions: readonly Condition[], own: readonly Hold[]): { free: Link[]; excuses: string[] } {
  const reasons = new Map(links.map((link) => [link, excuse([link, ...members.filter(({ name }) => name === link.to)], conditions, own)]));
  const excuses = new Set([...reasons.values()].flatMap((reason) => reason ?? []));
  return { free: links.filter((link) => reasons.get(link) === undefined), excuses: [...excuses] };
}

/** Holds a member that no other fault has in the same condition: two would heal each other. @throws HarnessError `fault` */
export function claim(member: Member, condition: Condition): Hold {
  const taken = excuse([member], [condition]);
  if (taken !== undefined) throw new HarnessError("fault", `${taken} already`);
  return hold(member, condition);
}
