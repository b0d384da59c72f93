import { expect } from "chai";
import { compareRuns } from "../../../src/compare/compare.ts";
import { renderComparisonMarkdown } from "../../../src/report/comparison/markdown.ts";
import { renderComparison } from "../../../src/report/comparison/terminal.ts";
import { renderComparisonHtml } from "../../../src/report/html/runs/compare-page.tsx";
import { entries } from "../../ledger/entries.ts";
import { sideOf } from "../../compare/sides.ts";
import { readable, tagsOf } from "../html/tags.ts";

const hostile = `<img src=x> | **a**`;
const comparison = compareRuns(
  sideOf("etcd=3.4", entries(8, (number) => ({ figures: { "put-p99-during": 100 + number, availability: 0.9 } }))),
  sideOf(hostile, entries(8, (number) => ({ id: `b${number}`, outcome: number < 2 ? "fail" : "pass", figures: { "put-p99-during": 200 + 2 * number, availability: 0.9 } }))),
);

describe("a comparison", () => {
  it("is a table in the terminal: verdict by glyph and word, both values and the change, with intervals", () => {
    const text = renderComparison(comparison, { columns: 120, colour: false });
    expect(text).to.match(/▼ worse +put p99 during the fault +104 ms \(10\d ms to 10\d ms\) +207 ms \(20\d ms to 21\d ms\) +\+100 % \(\+9\d % to \+10\d %\)/);
    expect(text).to.match(/= within noise +availability +90 % \(90 % to 90 %\) +90 % \(90 % to 90 %\) +0 points/);
    expect(text).to.match(/= within noise +runs: fail +0 of 8 \(0–32 %\) +2 of 8 \(7–59 %\) +\+25 points/);
    expect(text).to.include("B against A: 1 worse, 4 within noise");
  });

  it("is the same on its page and in Markdown, with what each verdict rests on", () => {
    const page = renderComparisonHtml(comparison);
    for (const text of [readable(page), renderComparisonMarkdown(comparison).replaceAll("\\", "")]) {
      expect(text).to.include("B against A: 1 worse, 4 within noise").and.include("8 and 8 runs, rank-sum test, p").and.include("Fisher's exact test");
    }
  });

  it("shows hostile text as text", () => {
    expect(tagsOf(renderComparisonHtml(comparison)).map(({ name }) => name)).to.not.include("img");
    expect(renderComparisonMarkdown(comparison)).to.not.include("<img").and.not.include("**a**");
  });
});
