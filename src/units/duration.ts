const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** What a duration looks like in a scenario file: `250ms`, `5s`, `1.5s`, `1m30s`, `2h`. */
export const durationPattern = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

const part = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/** Milliseconds of a duration such as `1m30s`; undefined when the text is not one. */
export function parseDurationMs(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(part)) {
    if (unit === "ms" || unit === "s" || unit === "m" || unit === "h") totalMs += Number(amount) * unitMs[unit];
  }
  return totalMs;
}

/** A duration for people, three significant digits at most: `85 ms`, `1.24 s`, `2 m 5 s`. */
export function formatDuration(durationMs: number): string {
  const sign = durationMs < 0 ? "−" : "";
  const ms = Math.abs(durationMs);
  if (ms < 1) return `${sign}${trim(ms, 2)} ms`;
  if (ms < 999.5) return `${sign}${trim(ms, ms < 10 ? 1 : 0)} ms`;
  if (ms < 60_000) return `${sign}${trim(ms / 1_000, ms < 10_000 ? 2 : 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms - minutes * 60_000) / 1_000);
  if (seconds === 60) return `${sign}${minutes + 1} m`;
  return seconds === 0 ? `${sign}${minutes} m` : `${sign}${minutes} m ${seconds} s`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
