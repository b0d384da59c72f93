import type { FaultWindow } from "../../analysis/fault-windows.ts";

/** How the end of a fault is shown: glyph and word. */
export const faultWords = {
  proven: { glyph: "✓", word: "took effect and healed, both proven", tone: "pass" },
  ineffective: { glyph: "?", word: "no evidence that it took effect", tone: "inconclusive" },
  unhealed: { glyph: "✗", word: "not healed", tone: "fail" },
  failed: { glyph: "✗", word: "failed", tone: "fail" },
  "cut-short": { glyph: "?", word: "cut short by the end of the run", tone: "inconclusive" },
} as const satisfies Record<FaultWindow["outcome"], { glyph: string; word: string; tone: string }>;
