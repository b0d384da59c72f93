import type { Member } from "../cluster/member.ts";
import type { Link, Links, Streams } from "../cluster/links.ts";

/** Two members between whom something is cut: all, or only what `a` sends to `b`. */
export interface Pair {
  readonly a: Member;
  readonly b: Member;
  readonly oneWay?: true;
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

/**
 * What must be held back on which link so that the pairs are cut. A member dials the stream on
 * which it receives, and the sender writes into the answer; requests go beside it from the
 * sender. So what `a` sends to `b` goes up the link from a to b and down the one from b to a.
 */
export function cutsOf(pairs: readonly Pair[], links: Links): Map<Link, Streams> {
  return new Map(
    pairs.flatMap(({ a, b, oneWay }) => [
      [links.between(a.name, b.name), oneWay ? "upstream" : "both"] as const,
      [links.between(b.name, a.name), oneWay ? "downstream" : "both"] as const,
    ]),
  );
}

/** `etcd-1 ⇄ etcd-2`, `etcd-1 → etcd-2` */
export function nameOf({ a, b, oneWay }: Pair): string {
  return `${a.name} ${oneWay ? "→" : "⇄"} ${b.name}`;
}
