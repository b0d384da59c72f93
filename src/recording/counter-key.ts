/** The keys of all counters. One that is not there stands at 0. */
export const counterRange = { key: "number/", end: "number0" } as const;

/** The key of a counter. */
export function counterKey(counter: number): string {
  return `${counterRange.key}${counter}`;
}

/** Whether a key is a counter. */
export function isCounterKey(key: string): boolean {
  return key.startsWith(counterRange.key);
}

/** What a counter's value says; undefined where it is no whole number. */
export function countOf(value: string | null): number | undefined {
  if (value === null) return 0;
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
