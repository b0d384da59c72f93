import type { Member } from "../cluster/member.ts";
import type { Link, Links } from "../cluster/links.ts";

/** Two members, without direction. */
export interface Pair {
  readonly a: Member;
  readonly b: Member;
}

/**
 * The pairs that a fault on `targets` stands between: each target and each member that is not
 * one. Where all members are targets there is no other side, and everyone is apart from everyone.
 */
export function pairsAcross(targets: readonly Member[], members: readonly Member[]): Pair[] {
  const others = members.filter((member) => !targets.includes(member));
  if (others.length > 0) return targets.flatMap((a) => others.map((b) => ({ a, b })));
  return targets.flatMap((a, index) => targets.slice(index + 1).map((b) => ({ a, b })));
}

/** The links of the pairs in both directions of dialling. */
export function linksOf(pairs: readonly Pair[], links: Links): Link[] {
  return pairs.flatMap(({ a, b }) => [links.between(a.name, b.name), links.between(b.name, a.name)]);
}

/** `etcd-1 ⇄ etcd-2` */
export function nameOf({ a, b }: Pair): string {
  return `${a.name} ⇄ ${b.name}`;
}
