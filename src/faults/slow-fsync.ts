import { z } from "zod";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { describeDurations, quantileBucket, readDurations, since, slowerThan, type Durations } from "./disk-durations.ts";
import { DiskRules, fileNames, filesOf, filesOption, provokeUntil, settleMs, together, type RuledFile } from "./disk-rules.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault, type Seen } from "./fault.ts";
import { excuse } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z
  .strictObject({
    target: targetSchema,
    delay: durationOption("How much longer each sync takes."),
    "up-to": durationOption("Each takes longer by a time of its own between the delay and this, evenly spread.").optional(),
    files: filesOption,
    probability: z.number().gt(0).max(1).default(1).meta({ description: "The share of syncs that are slow, up to 1 for all." }),
  })
  .refine(({ delay }) => delay > 0, { path: ["delay"], message: "must be longer than zero" })
  .refine(({ delay, "up-to": upTo = delay }) => upTo >= delay, { path: ["up-to"], message: "must not be less than the delay" });

/** As many slow syncs are seen before it counts as effective, and as many quick ones before it counts as healed. */
const fewest = 3;
const settleLimitMs = 10_000;
const idleProvokeMs = 2_000;

/**
 * Holds the targets' fsync and fdatasync calls for a while before they are done. etcd's own
 * histograms show it, and the wrapper's count of the calls that it held; syncs are provoked, as
 * an idle member has none.
 */
export const slowFsync = defineFault({
  kind: "slow-fsync",
  summary: "Slows the target's disk: each sync of the write-ahead log or the database takes longer.",
  glyph: "⛁",
  options,
  needs: ["disk"],
  title: ({ target, delay, "up-to": upTo, files, probability }) =>
    `slow fsync on ${target}, ${formatDuration(delay)}${upTo === undefined ? "" : ` to ${formatDuration(upTo)}`}${files === "both" ? "" : `, ${fileNames[files]} only`}${probability === 1 ? "" : `, ${probability * 100} % of them`}`,
  async inject({ targets, clock, signal }, { delay: fromMs, "up-to": toMs = fromMs, files, probability }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const before = new Map<string, Durations | undefined>();
    await toEach(targets, async (member) => {
      for (const file of filesOf(files)) before.set(keyOf({ member, file }), await readDurations(member, file));
    });
    const rules = await DiskRules.put(targets, filesOf(files), "slowed on disk", { call: "sync", delayMs: { from: fromMs, to: toMs }, outcome: "sync", probability });
    const spanMs = (fewest * 2 * toMs) / probability;
    const watched = await watch(rules.files).catch(async (error: unknown) => {
      throw await undoAfter(error, () => rules.lift());
    });
    return {
      async effect() {
        const slow = ({ ruled, base }: Watched): Promise<Seen> =>
          provokeUntil(ruled.member, () => proofOfSlowness(ruled, base, before.get(keyOf(ruled)), { fromMs, every: probability === 1 }), {
            limitMs: settleLimitMs + 2 * spanMs,
            provokeMs: idleProvokeMs + 4 * toMs,
            clock,
            signal,
          });
        return together(await Promise.all(watched.map(slow)));
      },
      heal: () => rules.lift(),
      async healed() {
        await clock.sleep(settleMs);
        const again = await watch(rules.files);
        const quick = ({ ruled, base, applied }: Watched): Promise<Seen> =>
          provokeUntil(ruled.member, () => proofOfQuickness(ruled, base, before.get(keyOf(ruled)), { fromMs, applied, rules }), { limitMs: settleLimitMs, provokeMs: idleProvokeMs, clock });
        return together(await Promise.all(again.map(quick)), [await rules.proofLifted()]);
      },
    };
  },
});

/** A file, what etcd had measured of it when the watch began, and to how many syncs the rule had been applied by then. */
interface Watched {
  readonly ruled: RuledFile;
  readonly base: Durations | undefined;
  readonly applied: number;
}

function watch(files: readonly RuledFile[]): Promise<Watched[]> {
  return Promise.all(files.map(async (ruled) => ({ ruled, base: await readDurations(ruled.member, ruled.file), applied: (await ruled.rule.counts()).applied })));
}

function keyOf({ member, file }: Pick<RuledFile, "file"> & { readonly member: Member }): string {
  return `${member.name} ${file}`;
}

const nothing: Durations = { count: 0, sumMs: 0, buckets: [] };

/** Both must say so: the wrapper that it held calls, and etcd that its syncs took as much longer. */
async function proofOfSlowness({ member, file, rule }: RuledFile, base: Durations | undefined, before: Durations | undefined, { fromMs, every }: { fromMs: number; every: boolean }): Promise<Proof> {
  const { calls, applied } = await rule.counts();
  const now = await readDurations(member, file);
  const source = "fsync histogram";
  if (now === undefined) return { source, text: `${member.name} does not give its metrics`, holds: false };
  const during = since(now, base ?? nothing);
  const earlier = before === undefined ? "none were known before" : `since its start before ${describeDurations(before, file)}`;
  // One may have begun before the rule was there.
  const asSlow = !every || during.sumMs >= 0.95 * fromMs * (during.count - 1);
  const holds = applied >= fewest && slowerThan(during, fromMs) >= fewest && asSlow;
  const mean = during.count === 0 ? "" : `, mean ${formatDuration(Math.round(during.sumMs / during.count))}`;
  return { source, text: `${member.name}: ${describeDurations(during, file)}${mean}; ${earlier}; the wrapper held ${applied} of ${calls} ${fileNames[file]} syncs`, holds };
}

/** The wrapper holds none any more, and etcd finds most as quick as before; what another fault does to the member is not ours to prove. */
async function proofOfQuickness({ member, file, rule }: RuledFile, base: Durations | undefined, before: Durations | undefined, { fromMs, applied, rules }: { fromMs: number; applied: number; rules: DiskRules }): Promise<Proof> {
  const source = "fsync histogram";
  const other = excuse([member], ["slowed on disk", "lied to by its disk", "stalled", "paused", "killed"], rules.holds);
  if (other !== undefined) return { source, text: other, holds: true };
  const counts = await rule.counts();
  const now = await readDurations(member, file);
  if (now === undefined) return { source, text: `${member.name} does not give its metrics`, holds: false };
  const after = since(now, base ?? nothing);
  // A disk that was as slow by itself before cannot be told from the fault by its pace.
  const limitMs = Math.max(fromMs, (before && quantileBucket(before, 0.99)?.upToMs) ?? 0);
  const quick = after.count - slowerThan(after, limitMs);
  const holds = counts.applied === applied && quick >= fewest && quick >= after.count / 2;
  return { source, text: `${member.name}: ${describeDurations(after, file)} since; the wrapper held ${counts.applied - applied} of them`, holds };
}
