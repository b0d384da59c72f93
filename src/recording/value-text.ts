const padding = /(?<=[^.])\.{3,}(…?)/u;

/**
 * A value as sentences have it: what fills it up to its size, which a workload adds as dots, is left out, and so is a
 * place where it was cut short: `3-12…`.
 */
export function valueText(value: string | null): string {
  return String(value).replace(padding, "…");
}
