const grouped = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const parts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2, roundingMode: "ceil" });

/** A number as people read it: `12,345`, `0.0012`. */
export function figure(value: number): string {
  return Number.isInteger(value) ? whole.format(value) : grouped.format(value);
}

/** How many there are; a part of one is rounded up to a hundredth, so that it is never nothing: `12,345`, `0.25`. */
export function amount(things: number): string {
  // Sums of parts are a little more or less than they are.
  return parts.format(Number(things.toPrecision(12)));
}

/** `1 change`, `2 changes`. */
export function counted(things: number, one: string, many = `${one}s`): string {
  return `${amount(things)} ${things === 1 ? one : many}`;
}

/** A ratio as per cent, rounded down, so that only all of them is `100 %`: `99.52 %`. From twice as much on, hundredths say nothing: `3,333 %`. */
export function perCent(ratio: number): string {
  if (ratio >= 2) return `${whole.format(Math.floor(ratio * 100 + 1e-9))} %`;
  return `${Math.floor(ratio * 10_000 + 1e-9) / 100} %`;
}

/** `p99`, `p99.9`, `p50`. */
export function percentile(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(4))}`;
}

/** A text that was recorded, short enough for evidence. */
export function excerpt(text: string, lengthMax = 300): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}
