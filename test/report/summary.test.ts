import { expect } from "chai";
import fc from "fast-check";
import type { Results } from "../../src/judge/results.ts";
import { markdown } from "../../src/report/markdown.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { sampleRecording, sampleResults } from "./sample.ts";

const recording = sampleRecording({ operationsPerSecond: 1 });

describe("summary.md", () => {
  it("says the verdict in words, in its first lines", () => {
    const [head, , sentence] = renderSummary(recording, sampleResults("mixed")).split("\n");
    expect(head).to.equal("### ❌ partition: fail");
    expect(sentence).to.match(/^1 of 6 assertions fails/);
  });

  it("has a row per assertion, violations first, observed beside bound", () => {
    const rows = renderSummary(recording, sampleResults("mixed")).split("\n").filter((line) => line.startsWith("| ")).slice(1);
    expect(rows).to.have.length(6);
    expect(rows[0]).to.match(/^\| ❌ Fail \| availability of reads.*135 reads.*\| 83\.1 % of 800 \| at least 99 % \|$/);
    expect(rows[1]).to.match(/^\| ❔ Inconclusive \|/);
  });

  it("has the evidence of what is violated folded away, and of nothing else", () => {
    const text = renderSummary(recording, sampleResults("mixed"));
    const [, ...folded] = text.split("<details>");
    expect(folded).to.have.length(1);
    expect(folded[0]).to.match(/^<summary>Evidence: availability of reads.*\n\n- 5\.000 s .*\n- 6\.010 s etcd\\-2: get key\\-11 timed out after 1 s\n\n<\/details>/);
  });

  it("says so when nothing was judged", () => {
    const results: Results = { ...sampleResults(), outcome: "inconclusive", assertions: [] };
    expect(renderSummary(recording, results)).to.include("No assertion was judged.");
  });

  it("names the assumptions that do not hold", () => {
    const results: Results = { ...sampleResults(), outcome: "inconclusive", assumptions: [{ title: "the load was reached", outcome: "inconclusive", observed: "40 of 200" }] };
    expect(renderSummary(recording, results)).to.include("- ❔ Inconclusive: the load was reached. 40 of 200");
  });

  it("gives the replay command as a block to copy, which backticks in it cannot leave", () => {
    const replay = "run ```x``` --seed 1";
    expect(renderSummary(recording, { ...sampleResults(), replay })).to.include("````sh\nrun ```x``` --seed 1\n````");
  });

  it("keeps pipes, backticks, tags and new lines in texts from leaving their cell", () => {
    expect(markdown("a|b `c` <img src=x>\n| d [e](f) https://x.y")).to.equal(
      "a\\|b \\`c\\` &lt;img src=x&gt; \\| d \\[e\\]\\(f\\) https:\\/\\/x.y",
    );
  });

  it("has as many cells in each row whatever the texts hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const assertion = { kind: "log", title: text, verdict: { outcome: "fail", observed: text, bound: text, reason: text, evidence: [] } } as const;
        const rows = renderSummary(recording, { ...sampleResults(), assertions: [assertion] }).split("\n").filter((line) => line.startsWith("| "));
        expect(rows).to.have.length(2);
        for (const row of rows) expect(row.replace(/\\[\\|]/g, "").split("|")).to.have.length(6);
      }),
    );
  });

  it("stays small with very many assertions, and says what it leaves out", () => {
    const assertion = { kind: "log", title: "x".repeat(5_000), verdict: { outcome: "pass", observed: "|".repeat(5_000), bound: "b", evidence: [] } } as const;
    const text = renderSummary(recording, { ...sampleResults(), assertions: Array.from({ length: 2_000 }, () => assertion) });
    expect(text.length).to.be.below(1_000_000);
    expect(text).to.include("1,800 more assertions in results.json.");
  });
});
