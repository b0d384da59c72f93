const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const part = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g;
const whole = /^[-+]?(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Milliseconds of a duration as Go writes it into logs: `1.09s`, `123.4µs`, `1m2s`, `0s`; undefined for what is none. */
export function parseGoDurationMs(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  const ms = [...text.matchAll(part)].reduce((sum, [, amount = "", unit = ""]) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
  return text.startsWith("-") ? -ms : ms;
}
