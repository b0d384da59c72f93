import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { isHealthy } from "../cluster/gateway.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { proofOfRebirth, restartAll, restartable, type Restarted } from "./rebirth.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  graceful: z.boolean().default(true).meta({ description: "Ends each in order (SIGTERM) where true, and kills it (SIGKILL) otherwise." }),
  pause: durationOption("Between one that is healthy again and the end of the next.").default(1_000),
});

/**
 * Restarts the targets one after the other, as a careful upgrade does: the next one's turn comes
 * when the one before is healthy by quorum. Healing ends it after the one whose turn it is.
 */
export const rollingRestart = defineFault({
  kind: "rolling-restart",
  summary: "Restarts the target's members one after the other, each when the one before is healthy again.",
  glyph: "⟳",
  options,
  needs: ["kill", "stop", "restart"],
  title: ({ target, graceful, pause }) => `rolling restart of ${target}, ${formatDuration(pause)} apart${graceful ? "" : ", killing"}`,
  async inject({ targets, clock, signal }, { graceful, pause }): Promise<ActiveFault> {
    const members = targets.map(restartable);
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const beganMs = clock.nowMs();
    const ending = new AbortController();
    const going = AbortSignal.any([signal, ending.signal]);
    const rolling = roll(members, { graceful, pauseMs: pause, clock, signal: going });
    // Whoever asks for the effect is told; nobody may ask.
    rolling.catch(() => undefined);
    return {
      effect: async () => ({ sinceMs: beganMs, proofs: await rolling }),
      async heal() {
        ending.abort(new HarnessError("fault", "it was healed before the last member's turn"));
        await rolling.catch(() => undefined);
      },
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "restart", [], clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

interface Rolling {
  readonly graceful: boolean;
  readonly pauseMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const healthLimitMs = 30_000;

/** @returns two proofs for each member. Throws when it is aborted, or when one does not come back: the others are left alone then. */
async function roll(members: readonly Restarted[], { graceful, pauseMs, clock, signal }: Rolling): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const [index, member] of members.entries()) {
    if (index > 0) await clock.sleep(pauseMs, signal);
    const rebirths = await restartAll([member], graceful, clock, signal);
    proofs.push(...(await Promise.all(rebirths.map((rebirth) => proofOfRebirth(rebirth, clock, signal)))));
    const startedMs = clock.nowMs();
    const healthy = await waitFor(clock, async () => ((await isHealthy(member.directUrl)) ? true : undefined), { limitMs: healthLimitMs, signal });
    if (healthy === undefined) throw new HarnessError("fault", `${member.name} was not healthy within ${formatDuration(healthLimitMs)} of its restart; it goes no further`);
    proofs.push({ source: "health", text: `${member.name} was healthy by quorum ${formatDuration(Math.round(clock.nowMs() - startedMs))} after its start, before the next one's turn`, holds: true });
  }
  return proofs;
}
