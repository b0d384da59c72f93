import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import type { Results } from "../../src/judge/results.ts";
import { renderTerminal, wrap } from "../../src/report/terminal.ts";
import { plantedResults } from "./planted.ts";
import { sampleResults } from "./sample.ts";

const plain = { reportPath: "reports/partition/latest/report.html", columns: 100, colour: false };

describe("the result at a terminal", () => {
  it("begins with the verdict in words and ends with report and replay", () => {
    const lines = renderTerminal(sampleResults("mixed"), plain).trimEnd().split("\n");
    expect(lines[0]).to.equal("✗ FAIL  partition");
    expect(lines.at(-2)).to.equal(`report  ${plain.reportPath}`);
    expect(lines.at(-1)).to.equal(`replay  ${sampleResults().replay}`);
  });

  it("shows observed beside bound, violations first, with their reason below", () => {
    const lines = renderTerminal(sampleResults("mixed"), plain).split("\n");
    const row = lines.findIndex((line) => line.startsWith("✗ Fail "));
    expect(lines[row]).to.match(/availability of reads.* {2}83\.1 % of 800 +at least 99 %$/);
    expect(lines.slice(row).findIndex((line) => line.includes("→ 135 reads"))).to.be.within(1, 2);
    expect(lines.findIndex((line) => line.startsWith("? Inconclusive"))).to.be.greaterThan(row);
    expect(lines.findIndex((line) => line.startsWith("✓ Pass"))).to.be.greaterThan(row);
  });

  it("has no escape sequences when colour is off, and some when it is on", () => {
    expect(renderTerminal(sampleResults("mixed"), plain)).to.not.include("\u001b");
    const coloured = renderTerminal(sampleResults("mixed"), { ...plain, colour: true });
    expect(coloured).to.include("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).to.equal(renderTerminal(sampleResults("mixed"), plain));
  });

  for (const columns of [40, 76, 80, 120]) {
    it(`keeps its tables within ${columns} columns`, () => {
      const lines = renderTerminal(sampleResults("mixed"), { ...plain, columns }).split("\n");
      for (const line of lines.slice(0, -3)) expect(line.length, line).to.be.at.most(columns);
    });
  }

  it("shows reasons whole, at every length and width", () => {
    const [first] = sampleResults().assertions;
    if (first === undefined) throw new Error("the sample has no assertion");
    for (let columns = 76; columns <= 90; columns += 1) {
      const reason = Array.from({ length: 60 }, (_, index) => "x".repeat(1 + (index % 7))).join(" ");
      const text = renderTerminal({ ...sampleResults(), assertions: [{ ...first, verdict: { ...first.verdict, outcome: "fail", reason } }] }, { ...plain, columns });
      expect(text.replace(/\s+/g, " "), `${columns} columns`).to.include(`→ ${reason}`);
    }
  });

  it("draws the first counterexamples in lanes, within the width", () => {
    const results = plantedResults(["stale read", "two holders", "lost write"]);
    for (const columns of [40, 76, 120]) {
      const text = renderTerminal(results, { ...plain, columns });
      expect(text.match(/✗ first illegal/g)).to.have.length(2);
      expect(text).to.match(/\ntwo holders\n {2}process 1/);
      for (const line of text.trimEnd().split("\n").slice(0, -2)) expect(line.length, line).to.be.at.most(columns);
    }
  });

  it("lets no text from the run control the terminal", () => {
    const text = "\u001b[2J\u0007\r\u009b31m\u202eevil";
    const results: Results = {
      ...sampleResults(),
      scenario: text,
      sentence: text,
      replay: text,
      assertions: [{ kind: "log", title: text, verdict: { outcome: "fail", observed: text, bound: text, reason: text, evidence: [] } }],
      assumptions: [{ title: text, outcome: "fail", observed: text }],
    };
    expect(renderTerminal(results, plain)).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("says so when nothing was judged", () => {
    expect(renderTerminal({ ...sampleResults(), outcome: "inconclusive", assertions: [] }, plain)).to.include("No assertion was judged.");
  });

  it("wraps without losing a character or crossing the width", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\S{1,30}$/)), fc.integer({ min: 1, max: 20 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.every((line) => line.length <= width && line !== "")).to.equal(true);
        expect(lines.join("").replaceAll(" ", "")).to.equal(words.join(""));
      }),
    );
  });
});
