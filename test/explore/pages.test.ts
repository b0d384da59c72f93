import { expect } from "chai";
import { issueText } from "../../src/report/explore/issue.ts";
import { outcomeOfSearch, sentenceOfSearch, type Explored, type ExploredFinding } from "../../src/report/explore/explored.ts";
import { renderExplored } from "../../src/report/explore/text.ts";
import { renderExploredHtml } from "../../src/report/html/explore-page.tsx";

const finding: ExploredFinding = {
  number: 1, guarantee: "watch/reliable", shape: "told after write", sentence: "the watch through etcd-1 was never told delete k1 of revision 7", run: 3, afterMs: 12_000, again: 4, reduced: "shrunk",
  became: "From 7 to 1 in its timeline, fails 5 of 5",
  scenario: { path: "findings/1-watch-reliable/shrunk.yaml", text: "description: <b>hostile</b>\n```\n", entries: 1, entriesBefore: 7, command: "npm run scenario -- shrunk.yaml --seed 4" },
  report: "findings/1-watch-reliable/run/report.html",
  counterexample: {
    rule: "reliable", sentence: "never told", clock: "run", illegal: "2",
    operations: [
      { name: "1", lane: "process 1", label: "delete k1 @7", what: "delete k1", outcome: "ok", invoke: 1e9, return: 1.1e9, revision: 7 },
      { name: "2", lane: "watcher 1", label: "told put k2 @8", what: "watcher 1 is told", outcome: "told", invoke: 2e9, return: 2e9, revision: 8 },
    ],
  },
};
const searched: Explored = {
  id: "20261127t080000000z-5", etcd: "3.4.23", runtime: "local", seed: 5, replay: "npm run explore -- --etcd 3.4 --seed 5", tookMs: 600_000, sideBySide: 2,
  runs: { pass: 60, fail: 20, inconclusive: 3, broken: 1 }, reducing: 40, endedBy: "its time limit", findings: [finding],
  coverage: [{ of: "fault", covered: [{ name: "kill", count: 2, firstRun: 1 }] }], troubles: ["exit code 3: </li><script>alert(1)</script>"],
};
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
