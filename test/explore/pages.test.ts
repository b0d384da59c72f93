import { expect } from "chai";
import { issueText } from "../../src/report/explore/issue.ts";
import { outcomeOfSearch, sentenceOfSearch, type Explored } from "../../src/report/explore/explored.ts";
import { renderExplored } from "../../src/report/explore/text.ts";
import { renderExploredHtml } from "../../src/report/html/explore-page.tsx";
import { finding, searched } from "./searched.ts";

const plainText = (explored: Explored): string => renderExplored(explored, { columns: 120, colour: false });

describe("what is told of a search", () => {
  it("is which promises were broken, in how many runs", () => {
    expect(sentenceOfSearch(searched)).to.equal("1 promise was seen broken in 84 runs of etcd 3.4.23: watch/reliable");
    expect(outcomeOfSearch(searched)).to.equal("fail");
  });

  it("is a pass only where runs were judged to their end", () => {
    const none = { ...searched, findings: [] };
    expect(outcomeOfSearch(none)).to.equal("pass");
    expect(sentenceOfSearch(none)).to.include("no promise was seen broken");
    for (const runs of [{ pass: 0, fail: 0, inconclusive: 0, broken: 0 }, { pass: 2, fail: 0, inconclusive: 0, broken: 40 }]) expect(outcomeOfSearch({ ...none, runs }), JSON.stringify(runs)).to.equal("inconclusive");
    expect(sentenceOfSearch({ ...none, runs: { pass: 0, fail: 0, inconclusive: 0, broken: 0 } })).to.equal("nothing was run");
  });

  it("is at the terminal the smallest scenario of each finding, with its operations and the command", () => {
    const text = plainText(searched);
    expect(text).to.include("description: <b>hostile</b>").and.to.include(finding.scenario.command).and.to.include("delete k1 @7").and.to.include(finding.became);
    expect(text).to.include("60 passed, 20 failed, 3 inconclusive, 1 without a verdict");
  });

  it("is on the page the same, with nothing of it taken for markup", () => {
    const page = renderExploredHtml(searched);
    expect(page).to.include("watch/reliable").and.to.include("kill (2)").and.to.include('href="findings/1-watch-reliable/run/report.html"');
    expect(page).to.include("&lt;b>hostile").and.to.not.include("<script>alert");
  });

  it("stays small with many findings, and says what is left out", () => {
    const page = renderExploredHtml({ ...searched, findings: Array.from({ length: 500 }, (_, index) => ({ ...finding, number: index + 1, sentence: "x".repeat(50_000) })) });
    expect(Buffer.byteLength(page)).to.be.below(2_000_000);
    expect(page).to.include("470 further findings");
  });

  it("is for an issue tracker what was seen, the scenario whole, and how to run it", () => {
    const text = issueText(searched, finding);
    expect(text).to.match(/^# watch\/reliable: the watch through etcd-1/);
    expect(text).to.include("etcd 3.4.23").and.to.include(finding.scenario.command).and.to.include("told put k2 @8");
    // The scenario has a fence in it, and stays within its own.
    expect(text).to.include("````yaml\ndescription: <b>hostile</b>\n```\n````");
  });
});
