import type { AbortConditions } from "../scenario/scenario.ts";
import { formatDuration } from "../units/duration.ts";

/** What ends the run before its time, each as a few words: `no leader for 1 m`, `violated: log lines with /panic/ over the run`. */
export function abortWords({ noLeaderForMs, nothingAcknowledgedForMs, violated }: AbortConditions): string[] {
  return [
    ...(noLeaderForMs === undefined ? [] : [`no leader for ${formatDuration(noLeaderForMs)}`]),
    ...(nothingAcknowledgedForMs === undefined ? [] : [`nothing acknowledged for ${formatDuration(nothingAcknowledgedForMs)}`]),
    ...violated.map(({ title }) => `violated: ${title}`),
  ];
}
