import type { Counterexample, ShownOperation } from "../../check/counterexample.ts";
import { formatDuration } from "../../units/duration.ts";

/** How an outcome is told: always a word, so that colour is never alone. */
export const outcomeNames = { ok: "ok", fail: "failed", info: "unknown", told: "told" } as const satisfies Record<ShownOperation["outcome"], string>;

/** The part that an operation has in what is wrong, as glyph and words; undefined for the others. */
export function partOf({ name }: ShownOperation, { illegal, legal }: Counterexample): { readonly kind: "illegal" | "legal"; readonly glyph: string; readonly words: string } | undefined {
  if (name === illegal) return { kind: "illegal", glyph: "✗", words: "first illegal" };
  return name === legal ? { kind: "legal", glyph: "✓", words: "last legal" } : undefined;
}

/** Every moment that the operations and what they began have. */
export function momentsOf(operations: readonly ShownOperation[], { lasting = [] }: Counterexample): number[] {
  const names = new Set(operations.map(({ name }) => name));
  return [...operations.flatMap((each) => (each.return === null ? [each.invoke] : [each.invoke, each.return])), ...lasting.flatMap(({ by, from, to }) => (names.has(by) ? [from, to] : []))];
}

/** Tells moments: as seconds on the run's clock with as many digits as tell them apart, or as numbers of events in a file. */
export function momentNamer({ clock }: Counterexample, moments: readonly number[]): (at: number) => string {
  if (clock === "file") return (at) => String(at);
  const all = [...new Set(moments)];
  const digits = [3, 4, 5].find((each) => new Set(all.map((at) => (at / 1e9).toFixed(each))).size === all.length) ?? 6;
  return (at) => (at / 1e9).toFixed(digits);
}

/** How long it was from one moment to another: `1.24 s`, `12 events`. */
export function stretchText({ clock }: Counterexample, from: number, to: number): string {
  return clock === "file" ? `${to - from} events` : formatDuration((to - from) / 1e6);
}
