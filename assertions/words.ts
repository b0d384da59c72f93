const grouped = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number as people read it: `12,345`, `0.0012`. */
export function figure(value: number): string {
  return Number.isInteger(value) ? whole.format(value) : grouped.format(value);
}

/** `1 change`, `2 changes`. */
export function counted(things: number, one: string, many = `${one}s`): string {
  return `${whole.format(things)} ${things === 1 ? one : many}`;
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
