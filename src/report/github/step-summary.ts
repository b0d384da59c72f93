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
  const roomForNote = 200;
  let bytes = 0;
  const shown: string[] = [];
  for (const { markdown } of worstFirst(parts, ({ outcome }) => outcome)) {
    bytes += Buffer.byteLength(markdown) + 1;
    if (bytes > bytesMax - roomForNote) break;
    shown.push(markdown);
  }
  const left = parts.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`${counted(left, "more summary", "more summaries")} would not fit here: see the reports that were kept.\n`])].join("\n");
}
