import { z } from "zod";
import type { Member } from "../cluster/member.ts";
import { cutsOf, type Pair } from "./cut-links.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { Impairments } from "./impairments.ts";
import { stillFlowing } from "./one-way-traffic.ts";
import { answersAgain, cutProof } from "./partition-links.ts";
import { cutPairs, directions, endsOf, linkPattern, shapes, sizeOf, type PartitionShape } from "./partition-shape.ts";
import { flowsAgain, silence, watchFlow } from "./partition-traffic.ts";
import { roundTrips } from "./probe.ts";
import { targetSchema, type Target } from "./target.ts";

const shapeTexts = [
  "group: the targets against the rest",
  "each: every target apart from everyone",
  "bridge: the targets see everyone, the others are split in two halves that do not see each other",
  "ring: each member sees only its two neighbours",
  "links: as listed",
];

const options = z
  .strictObject({
    target: targetSchema,
    mode: z
      .enum(["blocking", "closing"])
      .default("blocking")
      .meta({ description: "blocking holds data back and keeps connections open, as a lost network does (etcd notices after some 5 s); closing closes them and refuses new ones." }),
    shape: z.enum(shapes).default("group").meta({ description: `${shapeTexts.join("; ")}.` }),
    direction: z
      .enum(directions)
      .default("both")
      .meta({ description: "in cuts only what the targets are sent, out only what they send, both both." }),
    links: z
      .array(z.string().regex(linkPattern, "must be two members with an arrow such as etcd-1 -> etcd-2 or etcd-1 <-> etcd-2"))
      .min(1)
      .optional()
      .meta({ description: 'For the shape links: "etcd-1 -> etcd-2" cuts what etcd-1 sends to etcd-2, "etcd-1 <-> etcd-2" both directions.' }),
  })
  .superRefine((asked, { addIssue }) => {
    for (const [path, message] of contradictions(asked)) addIssue({ code: "custom", path: [path], message });
  });

interface Asked extends PartitionShape {
  readonly target: Target;
  readonly mode: "blocking" | "closing";
}

/** What makes no sense together, by the option to change. */
function* contradictions({ target, mode, shape, direction, links = [] }: Asked): Generator<[keyof Asked, string]> {
  const listing = shape === "links";
  if (listing !== links.length > 0) yield listing ? ["shape", "needs the list of links"] : ["links", "go with shape: links alone"];
  if (direction !== "both" && shape !== "group" && shape !== "each") yield ["direction", `is of the shapes group and each; ${listing ? "arrows say it for links" : `a ${shape} is cut both ways`}`];
  if (direction !== "both" && target === "all") yield ["direction", "makes no difference where all members are targets"];
  const oneWay = direction !== "both" || links.some((text) => !text.includes("<->"));
  if (oneWay && mode === "closing") yield ["mode", "must be blocking for one direction: a connection is closed in both"];
  if ((listing || shape === "ring") && target !== "all") yield ["target", `must be all for the shape ${shape}, which is about all members`];
  if (shape === "bridge" && target === "all") yield ["target", "must leave others than the bridge itself"];
  if (links.some((text) => linkPattern.test(text) && new Set(endsOf(text)).size < 2)) yield ["links", "must be between two members"];
}

/** What is looked at before the cut may hold it up by so much: a member that is already frozen never answers. */
const beforeLimitMs = 1_000;
const answerLimitMinMs = 300;

/**
 * Cuts members off from each other on the peer links: the targets from the rest, in both
 * directions, unless told otherwise. Client links stay: clients of a member that is cut off
 * see what it can still do alone.
 *
 * Three things show it: the toxics are read back, no link gives an answer that did before, and
 * the raft bytes that were flowing in the directions that are cut stop. Where it is one way,
 * those of the other direction go on.
 */
export const partition = defineFault({
  kind: "partition",
  summary: "Cuts the target off from the other members, in one direction or both, or other shapes; clients still reach all.",
  glyph: "✂",
  options,
  needs: [],
  title: ({ target, mode, shape, direction, links = [] }) => `partition ${titleOf({ target, shape, direction, links })}, ${mode}`,
  unfit: unfitPartition,
  async inject(context, { mode, ...shape }): Promise<ActiveFault> {
    const { cluster, targets, clock, signal } = context;
    const pairs = cutPairs(targets, cluster.members, shape);
    const streams = cutsOf(pairs, cluster.links);
    const links = [...streams.keys()];
    const [before, flowBefore] = await Promise.all([
      roundTrips(links, clock, { limitMs: beforeLimitMs, signal }),
      watchFlow(pairs, context, beforeLimitMs),
    ]);
    const slowestMs = Math.max(...before.map(({ tookMs = 0 }) => tookMs));
    const cuts = await Impairments.put(links, "cut", (link) => link.cut(mode, streams.get(link)));
    const cutMs = clock.nowMs();
    return {
      async effect() {
        const limitMs = Math.max(answerLimitMinMs, 3 * slowestMs);
        const [after, silent] = await Promise.all([roundTrips(links, clock, { limitMs, signal }), silence(pairs, context, flowBefore, cutMs)]);
        const open = await stillFlowing(pairs, context);
        const traffic = [silent, open].flatMap((seen) => (seen === undefined ? [] : [seen.proof]));
        return { sinceMs: silent?.sinceMs ?? cutMs, proofs: [await cuts.proofInForce(), cutProof(before, after, judged(targets, pairs), limitMs), ...traffic] };
      },
      heal: () => cuts.lift(),
      async healed() {
        const [answering, flowing] = await Promise.all([answersAgain(links, context, cuts), flowsAgain(pairs, context, cuts)]);
        return { sinceMs: Math.max(answering.sinceMs, flowing.sinceMs), proofs: [await cuts.proofLifted(), answering.proof, flowing.proof] };
      },
    };
  },
});

function titleOf({ target, shape, direction, links = [] }: PartitionShape & { readonly target: Target }): string {
  const oneWay = direction === "both" ? "" : `, ${direction}`;
  switch (shape) {
    case "group":
      return `${target}${oneWay}`;
    case "each":
      return `${target}, each${oneWay}`;
    case "bridge":
      return `with ${target} as a bridge`;
    case "ring":
      return "into a ring";
    case "links":
      return links.join(", ");
  }
}

function unfitPartition({ target, shape, links = [] }: Asked, memberCount: number): string | undefined {
  if (memberCount < 2) return "a cluster of one member has no peer links that could be cut";
  if (shape === "ring" && memberCount < 5) return `in a ring of ${memberCount} everyone has everyone as a neighbour`;
  if (shape === "bridge" && memberCount - sizeOf(target, memberCount) < 2) return `of ${memberCount} members the bridge leaves too few to be split`;
  const unknown = links.flatMap(endsOf).find((name) => Number(name.slice("etcd-".length)) > memberCount);
  return unknown === undefined ? undefined : `a cluster of ${memberCount} has no ${unknown}`;
}

/** Those who must have been heard before: the targets that are cut off from someone, or all who are. */
function judged(targets: readonly Member[], pairs: readonly Pair[]): Member[] {
  const parted = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const hit = parted.filter((member) => targets.includes(member));
  return hit.length > 0 ? hit : parted;
}
