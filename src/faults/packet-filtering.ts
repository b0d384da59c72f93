import { z } from "zod";
import { waitFor } from "../clock.ts";
import { capabilities, type Member, type PacketFilterable } from "../cluster/member.ts";
import type { PacketCounts, PacketDirection, PacketDrop, PacketFilter } from "../cluster/packets.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { linksOf, type Pair } from "./cut-links.ts";
import { toEach, undoAfter } from "./each.ts";
import type { FaultContext } from "./fault.ts";
import { claim, excuse, hold, type Condition, type Hold, type Holder } from "./holds.ts";
import { cutPairs } from "./partition-shape.ts";
import { listed } from "./probe.ts";

export const directionOption = z
  .enum(["both", "in", "out"])
  .default("both")
  .meta({ description: "in drops only packets that the target is sent, out only those it sends. A connection needs both, so that in the end nothing gets through either way." });

/** What the faults on packets are called by, where they are told a direction. */
export function wayOf(direction: PacketDirection): string {
  return direction === "both" ? "" : `, ${direction}`;
}

export function unfitWithoutPeers(_: unknown, memberCount: number): string | undefined {
  return memberCount < 2 ? "a cluster of one member has no peers to exchange packets with" : undefined;
}

/** A filter is on a member, so that every target is apart from everyone, other targets too. */
export function filteredPairs({ targets, cluster }: FaultContext, direction: PacketDirection): Pair[] {
  return cutPairs(targets, cluster.members, { shape: "each", direction });
}

const handoverLimitMs = 2_000;

/** Waits a moment for a fault of the phase before to be lifted, before anything is measured: a member takes one filter at a time. */
export async function untilUnfiltered({ targets, clock, signal }: FaultContext): Promise<void> {
  await waitFor(clock, () => (excuse(targets, ["filtered"]) === undefined ? true : undefined), { limitMs: handoverLimitMs, everyMs: 10, signal });
}

type Filterable = Member & PacketFilterable;

interface Filtered {
  readonly member: Filterable;
  readonly filter: PacketFilter;
}

const source = "packet filter";

/** The same filter on several members, put on and lifted together. */
export class PacketFiltering implements Holder {
  readonly #drop: PacketDrop;
  readonly #filtered: Filtered[] = [];
  readonly #held = new Map<Filterable, Hold[]>();

  private constructor(drop: PacketDrop) {
    this.#drop = drop;
  }

  /** Filters every target at once. Lifts what was done and throws where one refuses, or is filtered by another fault: of two filters one hides packets from the other. */
  static async put({ targets, cluster, signal }: FaultContext, drop: PacketDrop, condition: Condition & ("cut" | "impaired")): Promise<PacketFiltering> {
    signal.throwIfAborted();
    const filtering = new PacketFiltering(drop);
    try {
      await toEach(targets.map(filterable), async (member) => {
        const links = linksOf(cutPairs([member], cluster.members, { shape: "each", direction: "both" }), cluster.links);
        filtering.#held.set(member, [claim(member, "filtered")]);
        filtering.#filtered.push({ member, filter: await member.dropPackets(drop) });
        filtering.#held.get(member)?.push(...links.map((link) => hold(link, condition, "packets")));
      });
    } catch (error) {
      throw await undoAfter(error, () => filtering.lift());
    }
    return filtering;
  }

  get holds(): readonly Hold[] {
    return [...this.#held.values()].flat();
  }

  /** Idempotent; those that could not be lifted are tried again by the next call. */
  async lift(): Promise<void> {
    const refused = new Set<Filterable>();
    try {
      await toEach(this.#filtered, async ({ member, filter }) => {
        refused.add(member);
        await filter.lift();
        refused.delete(member);
      });
    } finally {
      for (const [member, held] of this.#held) if (!refused.has(member)) held.forEach((each) => each.release());
    }
  }

  /** Read from the kernel, member by member; undefined where the filter is not in force. */
  async counts(): Promise<Counted[]> {
    return Promise.all(this.#filtered.map(async ({ member, filter }) => ({ member, description: filter.description, counts: await filter.counts() })));
  }

  /** Reads back that none is left. */
  async proofLifted(): Promise<Proof> {
    const left = (await this.counts()).filter(({ counts }) => counts !== undefined).map(({ member }) => member.name);
    return { source, text: left.length === 0 ? `gone from ${listed(this.#filtered.map(({ member }) => member.name))}` : `still there: ${listed(left)}`, holds: left.length === 0 };
  }

  get drop(): PacketDrop {
    return this.#drop;
  }
}

/** What the kernel counted for one member. */
export interface Counted {
  readonly member: Member;
  readonly description: string;
  readonly counts: PacketCounts | undefined;
}

/** The counts as a proof, in words: `etcd-1: DROP out: dropped 57 of 57 sent, 0 of 21 received`. */
export function countsProof({ member, description, counts }: Counted, holds: boolean): Proof {
  if (counts === undefined) return { source, text: `${member.name}: ${description} is not in force`, holds: false };
  return { source, text: `${member.name}: ${description}: dropped ${counts.in.dropped} of ${counts.in.seen} packets received, ${counts.out.dropped} of ${counts.out.seen} sent`, holds };
}

function filterable(member: Member): Filterable {
  if (capabilities.packets(member)) return member;
  throw new HarnessError("fault", `packets of ${member.name} cannot be dropped in this runtime`);
}
