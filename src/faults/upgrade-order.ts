import type { MemberStatus } from "../cluster/gateway.ts";
import type { Member } from "../cluster/member.ts";

export const orders = ["by-number", "leader-first", "leader-last"] as const;

/** The members in the order of their turns; by number where nobody knows the leader. */
export function sortForUpgrade(members: readonly Member[], order: (typeof orders)[number], statuses: ReadonlyMap<string, MemberStatus | undefined>): Member[] {
  const byNumber = [...members].sort((a, b) => a.number - b.number);
  if (order === "by-number") return byNumber;
  const leaders = new Set([...statuses.values()].map((status) => status?.leader));
  const [leading, following] = [true, false].map((leads) => byNumber.filter(({ id }) => leaders.has(id) === leads));
  return order === "leader-first" ? [...(leading ?? []), ...(following ?? [])] : [...(following ?? []), ...(leading ?? [])];
}
