import { z } from "zod";
import type { Random } from "../random.ts";

const symbols = ["leader", "follower", "minority", "majority", "random", "all"] as const;

/** Whom a fault hits: a symbol that is resolved at injection, or a member's name. */
export const targetSchema = z
  .union([z.enum(symbols), z.string().regex(/^etcd-[1-9]$/)])
  .meta({ description: "Whom it hits, resolved at injection: leader, follower, minority, majority, random, all, or a member's name such as etcd-1." });
export type Target = z.infer<typeof targetSchema>;

export interface Leadership {
  readonly leader: string | undefined;
  readonly term: number | undefined;
}

export interface ResolvedTarget {
  readonly members: readonly string[];
  /** Why those: `etcd-2 is the leader at term 3`. */
  readonly because: string;
}

/**
 * The members that a target stands for now. `undefined` when it stands for none, as
 * `leader` does where nobody leads. Random choices come from the given generator alone.
 */
export function resolveTarget(
  target: Target,
  members: readonly string[],
  { leader, term }: Leadership,
  random: Random,
): ResolvedTarget | undefined {
  const led = leader === undefined ? "no member leads" : `${leader} is the leader at term ${term ?? "?"}`;
  const followers = members.filter((name) => name !== leader);
  const minoritySize = Math.floor((members.length - 1) / 2);
  switch (target) {
    case "leader":
      return leader === undefined ? undefined : { members: [leader], because: led };
    case "follower":
      if (leader === undefined || followers.length === 0) return undefined;
      return { members: [random.pick(followers)], because: `picked among the followers; ${led}` };
    case "random":
      return { members: [random.pick(members)], because: `picked among all ${members.length}` };
    case "minority":
    case "majority": {
      const size = target === "minority" ? minoritySize : members.length - minoritySize;
      if (size === 0) return undefined;
      return { members: sample(members, size, random), because: `${size} of ${members.length}, picked among all; ${led}` };
    }
    case "all":
      return { members: [...members], because: "all members" };
    default:
      return members.includes(target) ? { members: [target], because: "named in the scenario" } : undefined;
  }
}

/** So many of the items, without repetition, in their own order. */
function sample(items: readonly string[], size: number, random: Random): string[] {
  const left = [...items];
  while (left.length > size) left.splice(random.int(0, left.length - 1), 1);
  return left;
}
