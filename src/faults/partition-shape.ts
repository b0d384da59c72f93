import type { Member } from "../cluster/member.ts";
import { pairsAcross, type Pair } from "./cut-links.ts";

export const shapes = ["group", "each", "bridge", "ring", "links"] as const;
export const directions = ["both", "in", "out"] as const;

/** What a partition looks like. */
export interface PartitionShape {
  readonly shape: (typeof shapes)[number];
  /** Seen from the targets: what they are sent, what they send, or both. */
  readonly direction: (typeof directions)[number];
  /** `etcd-1 -> etcd-2` or `etcd-1 <-> etcd-2`, for `links` alone. */
  readonly links?: readonly string[] | undefined;
}

/** Which members no longer hear each other, each pair once. */
export function cutPairs(targets: readonly Member[], members: readonly Member[], { shape, direction, links = [] }: PartitionShape): Pair[] {
  switch (shape) {
    case "group":
      return directed(pairsAcross(targets, members), direction);
    case "each":
      return joined(targets.flatMap((a) => directed(members.filter((b) => b !== a).map((b) => ({ a, b })), direction)));
    case "bridge": {
      const others = members.filter((member) => !targets.includes(member));
      const [left, right] = [others.slice(0, Math.ceil(others.length / 2)), others.slice(Math.ceil(others.length / 2))];
      return left.flatMap((a) => right.map((b) => ({ a, b })));
    }
    case "ring":
      return pairsAcross(members, members).filter(({ a, b }) => !neighbours(members.indexOf(a), members.indexOf(b), members.length));
    case "links":
      return joined(links.flatMap((text) => pairNamed(text, members)));
  }
}

function directed(pairs: readonly Pair[], direction: PartitionShape["direction"]): Pair[] {
  if (direction === "both") return [...pairs];
  return pairs.map(({ a, b }) => (direction === "out" ? { a, b, oneWay: true } : { a: b, b: a, oneWay: true }));
}

/** Each pair once: cut both ways where it is so twice, or once in each direction. */
function joined(pairs: readonly Pair[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const pair of pairs) {
    const { a, b } = pair;
    const key = [a.name, b.name].sort().join();
    const other = found.get(key);
    found.set(key, other === undefined || (other.a === a && other.oneWay === pair.oneWay) ? pair : { a: other.a, b: other.b });
  }
  return [...found.values()];
}

function neighbours(one: number, two: number, count: number): boolean {
  const apart = Math.abs(one - two);
  return apart === 1 || apart === count - 1;
}

export const linkPattern = /^(etcd-[1-9]) (<?->) (etcd-[1-9])$/;

/** The two ends that a link of the `links` shape names. */
export function endsOf(text: string): readonly string[] {
  const [, from = "", , to = ""] = linkPattern.exec(text) ?? [];
  return [from, to];
}

function pairNamed(text: string, members: readonly Member[]): Pair[] {
  const [a, b] = endsOf(text).map((end) => members.find(({ name }) => name === end));
  if (a === undefined || b === undefined) return [];
  return [text.includes("<->") ? { a, b } : { a, b, oneWay: true }];
}

/** So many members a target stands for, as far as it can be known before. */
export function sizeOf(target: string, memberCount: number): number {
  const minority = Math.floor((memberCount - 1) / 2);
  switch (target) {
    case "all":
      return memberCount;
    case "minority":
      return minority;
    case "majority":
      return memberCount - minority;
    default:
      return 1;
  }
}
