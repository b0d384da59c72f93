import { z } from "zod";
import type { Proof } from "../recording/events.ts";
import { DiskRules, fileNames, filesOf, filesOption, provokeUntil, settleMs, together, type RuledFile } from "./disk-rules.ts";
import { defineFault, type ActiveFault, type Seen } from "./fault.ts";
import { excuse } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  files: filesOption,
  probability: z.number().gt(0).max(1).default(1).meta({ description: "The share of syncs that are not done, up to 1 for all." }),
});

/** As many lies are seen before it counts as effective, and as many honest syncs before it counts as healed. */
const fewest = 2;
const limitMs = 10_000;
const provokeMs = 2_000;

/**
 * Lets the targets' fsync and fdatasync calls succeed at once without doing anything. Only the
 * wrapper's own count can show it: etcd takes the answer for true, and quick syncs alone prove
 * nothing. By itself it does no harm; with a loss of power, what was acknowledged is lost.
 */
export const lyingFsync = defineFault({
  kind: "lying-fsync",
  summary: "The target's disk lies: syncs succeed at once and nothing is made durable.",
  glyph: "◌",
  options,
  needs: ["disk"],
  title: ({ target, files, probability }) => `lying fsync on ${target}${files === "both" ? "" : `, ${fileNames[files]} only`}${probability === 1 ? "" : `, ${probability * 100} % of them`}`,
  async inject({ targets, clock, signal }, { files, probability }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const rules = await DiskRules.put(targets, filesOf(files), "lied to by its disk", { call: "sync", delayMs: { from: 0, to: 0 }, outcome: "lie", probability });
    return {
      async effect() {
        const lied = (ruled: RuledFile): Promise<Seen> => provokeUntil(ruled.member, () => proofOfLies(ruled), { limitMs, provokeMs, clock, signal });
        return together(await Promise.all(rules.files.map(lied)));
      },
      heal: () => rules.lift(),
      async healed() {
        await clock.sleep(settleMs);
        const honest = async (ruled: RuledFile): Promise<Seen> => {
          const { member, file, rule } = ruled;
          const before = { synced: (await member.diskSyncs())[file].synced, lies: (await rule.counts()).applied };
          return provokeUntil(member, () => proofOfHonesty(ruled, before, rules), { limitMs, provokeMs, clock });
        };
        return together(await Promise.all(rules.files.map(honest)), [await rules.proofLifted()]);
      },
    };
  },
});

async function proofOfLies({ member, file, rule }: RuledFile): Promise<Proof> {
  const { calls, applied } = await rule.counts();
  return { source: "disk wrapper", text: `${member.name}: ${applied} of ${calls} ${fileNames[file]} syncs were answered and not done, by the wrapper's own count`, holds: applied >= fewest };
}

/** What was left out before becomes durable with the next sync of the same file. */
async function proofOfHonesty({ member, file, rule }: RuledFile, before: { readonly synced: number; readonly lies: number }, rules: DiskRules): Promise<Proof> {
  const source = "disk wrapper";
  const other = excuse([member], ["lied to by its disk", "slowed on disk", "stalled", "paused", "killed"], rules.holds);
  if (other !== undefined) return { source, text: other, holds: true };
  const synced = (await member.diskSyncs())[file].synced - before.synced;
  const lies = (await rule.counts()).applied - before.lies;
  return { source, text: `${member.name}: ${synced} ${fileNames[file]} syncs were done since, ${lies} were not`, holds: synced >= fewest && lies === 0 };
}
