import { z } from "zod";
import { clients, type Link, type Toxic } from "../cluster/links.ts";
import { linksOf, pairsAcross } from "./cut-links.ts";
import { toEach, undoAfter } from "./each.ts";
import type { ActiveFault, FaultContext } from "./fault.ts";
import { HeldConnections } from "./held-connections.ts";
import { Impairments } from "./impairments.ts";
import type { LinkProbe } from "./link-probe.ts";
import { LinkTrial } from "./link-trial.ts";
import { targetSchema } from "./target.ts";
import type { On } from "./transfer.ts";

/** What all faults that put a toxic on links can be told. */
export const toxicOptions = {
  target: targetSchema,
  on: z
    .enum(["peers", "clients"])
    .default("peers")
    .meta({ description: "The links between the target and the other members, or those from the clients to the target." }),
  toxicity: z
    .number()
    .min(0.1, "must be at least 0.1: what strikes fewer connections cannot be proven with a bounded number of them")
    .max(1)
    .default(1)
    .meta({ description: "The share of connections that it strikes, drawn for each connection and direction." }),
};

/** Which of a link's data a toxic is on. */
export const streamOption = z
  .enum(["both", "upstream", "downstream"])
  .meta({ description: "upstream is what flows from the one who opened a connection, downstream what flows back to it. Each member opens connections to all its peers." });

/** ` on leader's peer links, half of the connections` */
export function whereOf({ target, on, toxicity }: { readonly target: string; readonly on: On; readonly toxicity: number }): string {
  return ` on ${target}'s ${on === "peers" ? "peer" : "client"} links${toxicity < 1 ? `, ${Number((toxicity * 100).toFixed(1))}% of connections` : ""}`;
}

/** Peer links are only where there are peers. */
export function unfitAlone({ on }: { readonly on: On }, memberCount: number): string | undefined {
  return on === "peers" && memberCount < 2 ? 'a cluster of one member has no peer links, only those "on: clients"' : undefined;
}

/** The links that a fault on the targets' peer or client links is about. */
export function linksOn({ cluster, targets }: FaultContext, on: On): Link[] {
  if (on === "clients") return targets.map((target) => cluster.links.between(clients, target.name));
  return linksOf(pairsAcross(targets, cluster.members), cluster.links);
}

export interface ToxicFault {
  readonly on: On;
  readonly toxic: Toxic;
  /** Each must show it, on every link. */
  readonly probes: readonly LinkProbe[];
  /** Ends the connections there are, so that they are opened anew under the toxic. */
  readonly reconnect?: true;
}

/**
 * Puts a toxic on all links of the targets. Two things show it: it is read back, and
 * connections over each link go as they must with it and went otherwise before.
 */
export async function putToxic(context: FaultContext, { on, toxic, probes, reconnect }: ToxicFault): Promise<ActiveFault> {
  const links = linksOn(context, on);
  const trials: LinkTrial[] = [];
  // One after the other: a long transfer would slow the measuring of the next.
  for (const probe of probes) trials.push(await LinkTrial.before(links, probe, toxic.toxicity, context));
  const held = reconnect === undefined ? undefined : await HeldConnections.open(links, context);
  let put: Impairments;
  try {
    put = await Impairments.put(links, "impaired", (link) => link.impair(toxic));
  } catch (error) {
    held?.drop();
    throw error;
  }
  try {
    if (reconnect !== undefined) await toEach(links, reopen);
  } catch (error) {
    held?.drop();
    throw await undoAfter(error, () => put.lift());
  }
  return {
    async effect() {
      const seen = [];
      for (const trial of trials) seen.push(await trial.untilStruck());
      const ended = held === undefined ? [] : [await held.ended()];
      return { sinceMs: Math.max(...seen.map(({ sinceMs }) => sinceMs)), proofs: [await put.proofInForce(), ...ended, ...seen.map(({ proof }) => proof)] };
    },
    async heal() {
      held?.drop();
      await put.lift();
    },
    async healed() {
      const seen = [];
      for (const trial of trials) seen.push(await trial.untilFree(put));
      return { sinceMs: Math.max(...seen.map(({ sinceMs }) => sinceMs)), proofs: [await put.proofLifted(), ...seen.map(({ proof }) => proof)] };
    },
  };
}

/** Closed and opened again at once, unless another fault keeps it closed. */
async function reopen(link: Link): Promise<void> {
  const closing = await link.cut("closing");
  try {
    await closing.lift();
  } catch (error) {
    throw await undoAfter(error, () => closing.lift());
  }
}
