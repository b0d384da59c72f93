import { z } from "zod";

import { writingKinds } from "../../src/analysis/availability.ts";
import { operationKinds } from "../../src/recording/decode.ts";
import { durationOption } from "../../src/units/duration-option.ts";
import { shareOption } from "../../src/units/share-option.ts";
import { windowShape } from "../window.ts";

const positive = (description: string) => durationOption(description).refine((ms) => ms > 0, "must be longer than zero");

const latency = z.strictObject({
  quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile, from 0 to 1." }),
  below: positive("What it is to be below, such as 200ms."),
});

const share = shareOption("The share that is to be so, such as 99.5%.");

const freshness = z
  .strictObject({
    share,
    within: durationOption("How long something newer may have been acknowledged when the read begins, such as 500ms.").optional(),
    revisions: z.number().int().min(0).optional().meta({ description: "How many revisions the read may be behind the newest one acknowledged when it begins." }),
  })
  .refine((given) => (given.within === undefined) !== (given.revisions === undefined), { error: "needs either within or revisions" });

const burnRate = z
  .strictObject({
    long: positive("The long window, such as 30s: whether it matters."),
    short: positive("The short window, such as 3s, which ends with the long one: whether it still goes on."),
    "at-most": z.number().positive().meta({ description: "How many times faster than the objective allows the budget may be spent, such as 14.4." }),
  })
  .refine((given) => given.short < given.long, { error: "must be shorter than the long window", path: ["short"] });

const recoveryShape = {
  "new-leader": durationOption("Until a new leader is seen.").optional(),
  "acknowledged-write": durationOption("Until the return of the first write that was begun after it and acknowledged.").optional(),
  "usual-latency": durationOption("Until the p99 of a second is no more than twice that before the first fault; what is not ok counts as never answered.").optional(),
};
const isSome = (given: object): boolean => Object.values(given).some((value) => value !== undefined);
const afterEffect = z.strictObject({ detected: durationOption("Until a member first wrote or said something that tells of it.").optional(), ...recoveryShape }).refine(isSome, { error: "needs at least one time" });
const afterHealing = z.strictObject(recoveryShape).refine(isSome, { error: "needs at least one time" });

/** Each is a share of what is counted, and has an error budget. */
export const shareNames = ["availability", "answered", "fresh-reads", "watch-delay"] as const;
export const objectiveNames = [...shareNames, "latency", "longest-unavailability", "recovery-within", "after-effect", "after-healing"] as const;

/** Only these may be serializable. */
const readingKinds: ReadonlySet<string> = new Set(["get", "range"]);

/** What an `slo` may ask for. */
export const sloOptions = z
  .strictObject({
    op: z.enum(["any", ...operationKinds]).default("any").meta({ description: "Which operations count; for longest-unavailability it is always those that write keys." }),
    availability: shareOption("The share of operations, by their intended start, that are to be ok, such as 0.99 or 99.5%. Those that were due and never sent, because all clients were waiting, are not ok.").optional(),
    answered: z.strictObject({ within: positive("In less than so long from the intended start, such as 100ms."), share }).optional().meta({ description: "The share of operations that are to be ok in time." }),
    "fresh-reads": freshness.optional().meta({ description: "The share of serializable reads that are not to be too far behind what was acknowledged." }),
    "watch-delay": z.strictObject({ within: durationOption("How long after the acknowledgement of a write each watcher of its key is told, such as 500ms."), share }).optional().meta({ description: "The share of acknowledged writes of which watchers are to be told in time." }),
    window: z
      .union([z.enum(["fixed", "per-phase"]), z.strictObject({ sliding: positive("The length of the stretch, such as 5s.") })], { error: "must be fixed, per-phase or { sliding: 5s }" })
      .default("fixed")
      .meta({ description: "Over what shares have to hold: all of the time in question, each phase in it, or every stretch of a length." }),
    "burn-rate": z.union([burnRate, z.array(burnRate).min(1).max(10)]).optional().meta({ description: "How fast the error budget of shares may be spent: violated where both windows burn faster at one moment." }),
    latency: latency.optional().meta({ description: "A quantile of the latency of ok operations, from their intended start." }),
    "longest-unavailability": durationOption("The longest time without an acknowledged write while writes are attempted, such as 3s.").optional(),
    "recovery-within": durationOption("How long after the window's start the last operation that is not ok may start, or be due and never sent, such as 5s.").optional(),
    "after-effect": afterEffect.optional().meta({ description: "How soon after each fault took effect." }),
    "after-healing": afterHealing.optional().meta({ description: "How soon after the harness began to heal each fault." }),
    ...windowShape,
  })
  .refine((given) => objectiveNames.some((name) => given[name] !== undefined), { error: `needs at least one of ${objectiveNames.join(", ")}` })
  .refine((given) => given.op === "any" || writingKinds.has(given.op) || given["longest-unavailability"] === undefined, {
    error: "is about writes; leave out `op`, or make it an assertion of its own",
    path: ["longest-unavailability"],
  })
  .refine((given) => given["fresh-reads"] === undefined || given.op === "any" || readingKinds.has(given.op), {
    error: "is about reads; leave out `op`, or make it an assertion of its own",
    path: ["fresh-reads"],
  })
  .refine((given) => shareNames.some((name) => given[name] !== undefined) || (given["burn-rate"] === undefined && given.window === "fixed"), {
    error: `windows and burn rates are about shares: ${shareNames.join(", ")}`,
    path: ["window"],
  })
  .refine((given) => given["burn-rate"] === undefined || shareNames.every((name) => shareIn(given[name]) !== 1), { error: "an objective of 100 % has no error budget that could burn", path: ["burn-rate"] });

export type SloOptions = z.output<typeof sloOptions>;

/** The objective of a share, which availability is by itself. */
export function shareIn(given: number | { readonly share: number } | undefined): number | undefined {
  return typeof given === "object" ? given.share : given;
}
