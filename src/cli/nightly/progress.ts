import type { Jobs } from "../../nightly/jobs.ts";
import type { Attempt, Turn } from "../../nightly/nightly.ts";
import { standingWords } from "../../report/nightly/words.ts";
import { counted } from "../../report/text.ts";
import { expectedMs } from "../../nightly/time.ts";
import { formatDuration } from "../../units/duration.ts";

/** What a nightly or a matrix is about to do. */
export function announced(what: string, turns: readonly Turn[], { unplayable, runtime, jobs }: { readonly unplayable: number; readonly runtime: string; readonly jobs: Jobs }): string {
  const needed = turns.reduce((sum, { timelineMs }) => sum + expectedMs(timelineMs, []), 0) / jobs.jobs;
  const without = unplayable === 0 ? "" : `, of which ${unplayable} cannot be played here`;
  return `${what}  ${counted(turns.length, "run")}${without}, ${runtime} runtime, ${jobs.jobs} at a time (${jobs.because}), about ${formatDuration(Math.ceil(needed / 60_000) * 60_000)}\n`;
}

/** One line for a run that has ended, with the reason where it did not pass. */
export function ended({ scenario, seed, etcd }: Turn, { outcome, why, tookMs, sentence }: Attempt, { done, of }: { readonly done: number; readonly of: number }): string {
  const { glyph, word } = standingWords[outcome];
  const again = why === "first" ? "" : ` again, ${why === "alone" ? "alone" : "a retry"}`;
  const because = outcome === "pass" ? "" : `: ${sentence}`;
  return `${done}/${of}  ${glyph} ${word}  ${scenario}${etcd === undefined ? "" : ` on ${etcd}`}, seed ${seed}${again}, ${formatDuration(Math.round(tookMs / 100) * 100)}${because}\n`;
}
