import { quantileSorted } from "d3-array";

/** What was measured of one thing, once a round. */
export interface Row {
  readonly name: string;
  readonly values: readonly number[];
}

/** Prints medians with their spread, and each as a ratio to the first row. */
export function printTable(title: string, unit: string, rows: readonly Row[], digits = 0): void {
  const base = median(rows[0]?.values ?? []);
  const lines = rows.map(({ name, values }) => {
    const shown = [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
    return `  ${name.padEnd(34)} ${(shown[0] ?? "").padStart(9)} ${unit.padEnd(7)} ${`${shown[1]}–${shown[2]}`.padStart(19)}  ${(median(values) / base).toFixed(2).padStart(6)} ×`;
  });
  process.stdout.write(`${[`${title} (median, range, ratio to the first)`, ...lines].join("\n")}\n\n`);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], p: number): number {
  return quantileSorted([...values].sort((a, b) => a - b), p) ?? NaN;
}
