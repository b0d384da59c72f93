import { z } from "zod";

import { isCutShort, phaseWindow, runWindow, whyUnfinished, type TimeWindow } from "../src/analysis/windows.ts";
import type { Recording } from "../src/recording/recording.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import type { Verdict } from "./verdict.ts";

const wholeRun = "run";
/** The name of a phase, as scenarios write it. */
export const phaseName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "must be the name of a phase");

/** Options that say which part of the run an assertion is about; to be spread into its schema. */
export const windowShape = {
  during: z
    .union([phaseName, z.tuple([phaseName, phaseName])], { error: "must be the name of a phase, run, or the names of a first and a last phase" })
    .default(wholeRun)
    .meta({ description: "The part of the run it is about: a phase, [first phase, last phase], or run for the whole timeline." }),
  after: durationOption("Skip so much of its beginning, such as 2s.").optional(),
  within: durationOption("Only so much of it, counted from its beginning (or from `after`), such as 5s.")
    .refine((ms) => ms > 0, "must be longer than zero")
    .optional(),
};

const windowSchema = z.strictObject(windowShape);
export type WindowOptions = z.output<typeof windowSchema>;

/** The phases that the options name, for the parser to check. */
export function windowPhases({ during }: WindowOptions): readonly string[] {
  return during === wholeRun ? [] : [during].flat();
}

/** `during isolated`, `over the run`, `during the first 5 s of isolated after 2 s`. */
export function windowTitle({ during, after, within }: WindowOptions): string {
  const phases = typeof during === "string" ? during : during.join(" to ");
  const whole = during === wholeRun ? "the run" : phases;
  const skipped = after === undefined ? "" : ` after ${formatDuration(after)}`;
  if (within !== undefined) return `during the first ${formatDuration(within)} of ${whole}${skipped}`;
  return during === wholeRun ? `over the run${skipped}` : `during ${whole}${skipped}`;
}

/** A window as far as the recording covers it. */
export interface SeenWindow extends TimeWindow {
  /** It has its full length; where not, only what was seen in it is certain. */
  readonly complete: boolean;
}

/**
 * Judges a window. One that the recording lacks is inconclusive. In one that was cut short
 * only violations stand: `judge` is to fail there only for what was seen, not for what is missing.
 */
export function judgeWindow(recording: Recording, options: WindowOptions, bound: string, judge: (window: SeenWindow) => Verdict): Verdict {
  const found = findWindow(recording, options);
  if ("reason" in found) return { outcome: "inconclusive", observed: "no such time in the recording", bound, reason: found.reason, evidence: [] };
  const verdict = judge(found);
  if (found.complete || verdict.outcome === "fail") return verdict;
  const reason = `${found.name} was cut short at ${formatDuration(found.endMs)}: ${whyUnfinished(recording) ?? "it has no end"}`;
  return { ...verdict, outcome: "inconclusive", reason };
}

/** The window that the options stand for, or why there is none. */
export function findWindow(recording: Recording, { during, after = 0, within = Infinity }: WindowOptions): SeenWindow | { readonly reason: string } {
  const whole = wholeWindow(recording, during);
  if ("reason" in whole) return whole;
  const startMs = whole.startMs + after;
  const wantedMs = startMs + within;
  const endMs = Math.min(whole.endMs, wantedMs);
  if (startMs < endMs) return { name: whole.name, startMs, endMs, complete: whole.complete || wantedMs <= whole.endMs };
  const lasted = `${whole.name} lasted ${formatDuration(whole.endMs - whole.startMs)}`;
  return { reason: `nothing is left of the window: ${lasted}${after === 0 ? "" : `, and ${formatDuration(after)} of it are skipped`}` };
}

function wholeWindow(recording: Recording, during: WindowOptions["during"]): SeenWindow | { readonly reason: string } {
  if (during === wholeRun) {
    if (recording.phases.length === 0) return { reason: neverBegan(recording, "the timeline") };
    return { ...runWindow(recording), complete: recording.info.status === "finished" };
  }
  const [firstName = "", lastName = firstName] = [during].flat();
  const [first, last] = [phaseWindow(recording, firstName), phaseWindow(recording, lastName)];
  if (first === undefined) return { reason: neverBegan(recording, firstName) };
  if (last === undefined) return partOfWindow(recording, first, lastName);
  if (last.endMs < first.startMs) return { reason: `${lastName} comes before ${firstName}` };
  const name = firstName === lastName ? firstName : `${firstName} to ${lastName}`;
  return { name, startMs: first.startMs, endMs: last.endMs, complete: !isCutShort(recording, last) };
}

/** From a phase that ran to one that never began: up to where the run came. */
function partOfWindow(recording: Recording, first: TimeWindow, lastName: string): SeenWindow | { readonly reason: string } {
  if (recording.info.status === "finished") return { reason: neverBegan(recording, lastName) };
  return { name: `${first.name} to ${lastName}`, startMs: first.startMs, endMs: runWindow(recording).endMs, complete: false };
}

function neverBegan(recording: Recording, what: string): string {
  return `${what} never began: ${whyUnfinished(recording) ?? "the recording has no such phase"}`;
}
