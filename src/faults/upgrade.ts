import { z } from "zod";
import { HarnessError } from "../errors.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { orders, sortForUpgrade } from "./upgrade-order.ts";
import { targetSchema } from "./target.ts";
import { Rollout } from "./rollout.ts";
import { proofOfClusterVersion, proofOfVersion } from "./versions.ts";

const etcdPattern = /^(?:v?\d{1,4}\.\d{1,4}(?:\.\d{1,6}(?:-[0-9A-Za-z.]+)?)?|image:\S+|.*\/.*)$/;

const options = z.strictObject({
  target: targetSchema,
  to: z
    .string({ error: "must be text, so that 3.10 is not 3.1: write it in quotes" })
    .regex(etcdPattern, "must be a series such as \"3.5\", a version such as \"3.5.30\", image:… or the path of a binary")
    .meta({ description: "The etcd that members are started by: a series (\"3.5\"), a version (\"3.5.30\"), image:… or the path of a binary." }),
  order: z.enum(orders).default("by-number").meta({ description: "Whose turn comes when: by-number, or the leader as the first or the last." }),
  pause: durationOption("Between one that is healthy again and the end of the next.").default(1_000),
  back: z.boolean().default(false).meta({ description: "Healing starts them by the etcd they had before; only while some members are not upgraded, for etcd refuses it afterwards." }),
});

/**
 * Stops the targets one after the other and starts each by another etcd on its data. They stay
 * upgraded, as they do with an operator, unless they are to go back: until the last member is
 * upgraded the cluster keeps its version, and etcd of that version still takes the data.
 */
export const upgrade = defineFault({
  kind: "upgrade",
  summary: "Starts the target's members by another version of etcd on their data, one after the other, each when the one before is healthy.",
  glyph: "⇧",
  options,
  needs: ["kill", "stop", "restart", "upgrade"],
  etcds: ({ to }) => [to],
  title: ({ target, to, order, pause, back }) => `upgrade ${target} to etcd ${to}${order === "by-number" ? "" : `, ${order}`}, ${formatDuration(pause)} apart${back ? ", and back" : ""}`,
  unfit: ({ target, back }, memberCount) => (back && (target === "all" || memberCount === 1) ? "once all members are upgraded etcd refuses to go back" : undefined),
  async inject({ cluster, targets, clock, signal }, { to, order, pause, back }): Promise<ActiveFault> {
    const before = await statusesOf(cluster.members);
    signal.throwIfAborted();
    const members = sortForUpgrade(targets, order, before);
    const beganMs = clock.nowMs();
    const rollout = new Rollout(pause, clock);
    const ending = new AbortController();
    const until = AbortSignal.any([signal, ending.signal]);
    const going = rollout.forward(members, to, until).catch((cause: unknown) => {
      if (!until.aborted) throw cause;
      throw new HarnessError("fault", `it ended when ${rollout.turns} of ${members.length} members had had their turn`, { cause });
    });
    // Whoever asks for the effect is told; nobody may ask.
    going.catch(() => undefined);
    return {
      async effect() {
        const proofs = await going;
        return { sinceMs: beganMs, proofs: [...proofs, await proofOfClusterVersion(cluster, clock, { mayLag: true, signal })] };
      },
      async heal() {
        ending.abort();
        await going.catch(() => undefined);
        if (back) await rollout.backward();
      },
      async healed() {
        const returns = members.flatMap((member) => {
          const runs = rollout.versionOf(member) ?? before.get(member.name)?.version;
          return [proofOfReturn(member, before.get(member.name), "upgrade", [], clock), proofOfVersion(member, runs, clock)];
        });
        return { sinceMs: clock.nowMs(), proofs: await Promise.all([...returns, proofOfClusterVersion(cluster, clock), proofOfHealth(cluster, clock)]) };
      },
    };
  },
});
