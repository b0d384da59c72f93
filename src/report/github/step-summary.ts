import type { Outcome } from "../../../assertions/verdict.ts";
import { worstFirst } from "../outcome-words.ts";
import { counted } from "../text.ts";

/** What GitHub shows of one step's summary; of a larger one it shows nothing at all. */
export const stepSummaryBytesMax = 1_000_000;

/** A run's part of it, in Markdown. */
export interface SummaryPart {
  readonly outcome: Outcome;
  readonly markdown: string;
}

/** The summary of a step: runs that failed first, as many as fit; how many do not is said. */
export function stepSummary(parts: readonly SummaryPart[], bytesMax = stepSummaryBytesMax): string {
  const sorted = worstFirst(parts, ({ outcome }) => outcome).map(({ markdown }) => markdown);
  const shown = fitting(sorted, bytesMax - roomForNote);
  const left = parts.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`${counted(left, "more summary", "more summaries")} would not fit here: see the reports that were kept.\n`])].join("\n");
}

const roomForNote = 200;

/** The first of several texts, as many as are no larger together, with a line break between each two. */
export function fitting(texts: readonly string[], bytesMax: number): readonly string[] {
  let bytes = 0;
  const end = texts.findIndex((text) => (bytes += Buffer.byteLength(text) + 1) > bytesMax);
  return end < 0 ? texts : texts.slice(0, end);
}
