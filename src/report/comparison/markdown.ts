import type { Comparison } from "../../compare/comparison.ts";
import { markdown } from "../markdown.ts";
import { basisText, comparedRows, comparedTally, comparedWords } from "./words.ts";

/** `compare --markdown`: a table for a pull request. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = comparedRows(comparison);
  const about = (side: "a" | "b"): string => {
    const { label, runs, about } = comparison[side];
    return `- ${side.toUpperCase()}: ${markdown(label)}, ${runs} ${runs === 1 ? "run" : "runs"} of ${markdown(about)}`;
  };
  return [
    `### B against A: ${comparedTally(rows)}`,
    ``,
    about("a"),
    about("b"),
    ...comparison.warnings.map((warning) => `- ⚠️ ${markdown(warning)}`),
    ``,
    `| Verdict | Figure | A | B | Change | Basis |`,
    `|:--|:--|--:|--:|--:|:--|`,
    ...rows.map(({ title, a, b, change, verdict, because }) => `| ${[`${comparedWords[verdict].glyph} ${comparedWords[verdict].word}`, title, a, b, change, because].map(markdown).join(" | ")} |`),
    ``,
    basisText(comparison),
    ``,
  ].join("\n");
}

/** `compare --json`. */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, undefined, 2)}\n`;
}
