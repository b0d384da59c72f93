import { expect } from "chai";
import fc from "fast-check";
import type { EndedTurn } from "../../../src/nightly/nightly.ts";
import { renderNightlyJunit } from "../../../src/report/nightly/junit.ts";
import { renderNightlyHtml } from "../../../src/report/nightly/page.tsx";
import { renderNightlySummary } from "../../../src/report/nightly/summary.ts";
import { renderNightlyTerminal } from "../../../src/report/nightly/terminal.ts";
import { nightlyOutcome, nightlySentence, turnText } from "../../../src/report/nightly/words.ts";
import { attemptWith, nightlyOf, oneOfEach, played, turnOf } from "../../nightly/turns.ts";
import { expectJunit } from "../junit-schema.ts";
import { parseXml, type XmlElement } from "../well-formed.ts";

const nightly = nightlyOf(oneOfEach);
const green = nightlyOf([{ ...turnOf("steady"), end: played("pass") }]);

function turn(scenario: string): EndedTurn {
  return oneOfEach.find((each) => each.scenario === scenario) ?? expect.fail(`no turn of ${scenario}`);
}

describe("the words of a nightly", () => {
  it("count every kind of end", () => {
    expect(nightlySentence(nightly)).to.equal("1 failed, 1 flaked, 1 broken, 1 inconclusive, 1 interrupted, 1 not run, 1 cannot be played here, 1 passed: 8 scenarios in the local runtime, in 1 m 1 s");
  });

  it("say of a flake how often it did not pass, and what each attempt came to", () => {
    expect(turnText(turn("latency"))).to.equal("1 of 2 did not pass (fail beside 2 others; pass alone): it ended: fail");
  });

  it("say so where the machine was busy, which may be why", () => {
    const end = { kind: "played", attempts: [attemptWith("fail", { cpuPressure: 0.86 })] } as const;
    expect(turnText({ ...turnOf("x"), end: { ...end, attempts: [...end.attempts] } })).to.equal("fail alone, on a busy machine (CPU pressure 86 %): it ended: fail");
  });

  it("say why something cannot be played here, was not run or not repeated", () => {
    expect(turnText(turn("power-loss"))).to.equal("cannot be played here, because only root may mount");
    expect(turnText(turn("no-space"))).to.equal("not run: it would not have ended within the time limit");
    expect(turnText({ ...turnOf("x"), end: { kind: "played", attempts: [attemptWith("fail")], unrepeated: "no time" } })).to.match(/it ended: fail; not repeated: no time$/);
  });

  it("are green only where all that could be played passed", () => {
    const outcome = (...standings: readonly string[]) => nightlyOutcome(nightlyOf(oneOfEach.filter(({ scenario }) => standings.includes(scenario))));
    expect(outcome("steady")).to.equal("pass");
    expect(outcome("steady", "power-loss")).to.equal("pass");
    expect(outcome("power-loss")).to.equal("inconclusive");
    expect(outcome()).to.equal("inconclusive");
    for (const open of ["compaction", "upgrade", "mixed", "no-space"]) expect(outcome("steady", open), open).to.equal("inconclusive");
    for (const red of ["partition", "latency"]) expect(outcome("steady", red), red).to.equal("fail");
    expect(nightlyOutcome(nightlyOf([turn("steady"), turn("latency")], { flakesOk: true }))).to.equal("pass");
    expect(nightlyOutcome(nightlyOf([turn("steady")], { signal: "SIGINT" }))).to.equal("inconclusive");
  });
});

describe("nightly.junit.xml", () => {
  const caseOf = (root: XmlElement, scenario: string): XmlElement => {
    const suite = root.children.find(({ attributes }) => attributes["name"] === scenario);
    return suite?.children.find(({ name }) => name === "testcase") ?? expect.fail(`no case of ${scenario}`);
  };

  it("is such as Jenkins, GitLab and GitHub's reporters read", () => {
    for (const each of [nightly, green, nightlyOf([]), { ...nightly, flakesOk: true }]) expectJunit(parseXml(renderNightlyJunit(each)));
  });

  it("shows a flake as failure, what was not run as error, and what cannot be played as skipped with the reason", () => {
    const root = parseXml(renderNightlyJunit(nightly));
    const marks = oneOfEach.map(({ scenario }) => [scenario, caseOf(root, scenario).children[0]?.name]);
    expect(Object.fromEntries(marks)).to.deep.equal({ steady: "system-out", partition: "failure", latency: "failure", compaction: "error", upgrade: "error", mixed: "error", "no-space": "error", "power-loss": "skipped" });
    expect(caseOf(root, "latency").children[0]?.attributes).to.include({ type: "flake" });
    expect(caseOf(root, "power-loss").children[0]?.attributes["message"]).to.equal("cannot be played here, because only root may mount");
  });

  it("shows flakes that are allowed as flaky", () => {
    expect(caseOf(parseXml(renderNightlyJunit({ ...nightly, flakesOk: true })), "latency").children[0]?.name).to.equal("flakyFailure");
  });

  it("has of each attempt what was violated, with the line in the scenario, the folder and the command that replays it", () => {
    expect(caseOf(parseXml(renderNightlyJunit(nightly)), "partition").children[0]?.text).to.equal(
      ["fail beside 1 other: it ended: fail", "  fail: writes <go> on | again (scenarios/partition.yaml:12): 9 s without a write", "  partition/1-42", "  Replay: npm run scenario -- partition --seed 42",
        "fail alone: it ended: fail", "  fail: writes <go> on | again (scenarios/partition.yaml:12): 9 s without a write", "  partition/2-42"].join("\n"),
    );
  });
});

describe("nightly.md", () => {
  it("begins with the verdict, has a row for each scenario and what did not pass folded away", () => {
    const text = renderNightlySummary(nightly);
    expect(text).to.match(/^## ❌ Nightly: 1 failed, 1 flaked/);
    expect(text.match(/^\| (?!:|\| )/gm)).to.have.length(8);
    expect(text.match(/<details>/g)).to.have.length(6);
    expect(text).to.include("- ❌ writes &lt;go&gt; on \\| again (line 12): 9 s without a write");
    expect(text).to.include("```sh\nnpm run scenario -- partition --seed 42\n```");
  });

  it("stays below what GitHub shows, however much there is, and says what it leaves out", () => {
    const long = "|".repeat(5_000);
    const many = Array.from({ length: 2_000 }, (_, index): EndedTurn => ({ ...turnOf(`s${index}`), end: { kind: "played", attempts: [attemptWith("fail", { sentence: long, replay: long, findings: Array.from({ length: 20 }, (__, at) => ({ outcome: "fail" as const, title: `${at}${long}`, text: long })) })] } }));
    const text = renderNightlySummary(nightlyOf(many));
    expect(Buffer.byteLength(text)).to.be.below(1_000_000);
    expect(text).to.match(/\n1,800 more scenarios in nightly\.html\.[^]*\n1,\d{3} more runs did not pass/);
  }).timeout(60_000);
});

describe("nightly.html", () => {
  it("leads from each run to its report, and back to all runs", () => {
    const page = renderNightlyHtml(nightly);
    expect([...page.matchAll(/<a href="([^#"]+)"/g)].map(([, to]) => to)).to.have.members(["index.html", "steady/1-42/report.html", "partition/1-42/report.html", "partition/2-42/report.html", "latency/1-42/report.html", "latency/2-42/report.html"]);
  });

  it("says of each scenario and run in words what its sign says", () => {
    const page = renderNightlyHtml(nightly);
    for (const word of ["Fail", "Flake", "Broken", "Inconclusive", "Interrupted", "Not run", "Cannot be played here", "Pass"]) expect(page).to.include(`</span> ${word}</span>`);
    expect(page).to.include('aria-label="latency, seed 42: pass alone"');
  });

  it("says how many ran side by side, and why that changed", () => {
    const page = renderNightlyHtml({ ...nightly, jobs: { first: 2, because: "4 CPUs", changes: [{ afterMs: 65_000, jobs: 1, because: "steady: it was busy" }] } });
    expect(page).to.match(/2 at first, since 4 CPUs\.[^]*1 from 1 m 5 s on, since steady: it was busy\./);
  });

  it("lets nothing out of its place, whatever names and texts hold, and stays small", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const hostile = `${text}"'><script>alert(1)</script>`;
        const page = renderNightlyHtml(nightlyOf([{ ...turnOf(hostile), end: { kind: "played", attempts: [attemptWith("fail", { sentence: hostile, folder: hostile, replay: hostile, findings: [{ outcome: "fail", title: hostile, text: hostile }] })] } }]));
        expect(page).to.not.include("<script>alert");
      }),
      { numRuns: 20 },
    );
    const many = Array.from({ length: 3_000 }, (_, index): EndedTurn => ({ ...turnOf(`s${index}`), end: { kind: "played", attempts: [attemptWith("fail", { sentence: "x".repeat(3_000) })] } }));
    expect(Buffer.byteLength(renderNightlyHtml(nightlyOf(many)))).to.be.below(2_000_000);
  }).timeout(60_000);
});

describe("what a nightly prints", () => {
  it("is a row for each scenario, those to look at first, how to run them again, and the verdict at the end", () => {
    const text = renderNightlyTerminal(nightly, { reportPath: "reports/nightly.html", columns: 120, colour: false });
    const lines = text.split("\n");
    expect(lines[0]).to.match(/^✗ Fail +partition +24 s$/);
    expect(lines[7]).to.match(/^✓ Pass +steady +12 s$/);
    expect(text).to.match(/^partition seed 42: 2 of 2 did not pass \(fail beside 1 other; fail alone\): .*\n {2}replay {2}npm run scenario -- partition --seed 42$/m);
    expect(text).to.match(/1 failed, 1 flaked,.*\nreport {2}reports\/nightly\.html\n$/);
  });

  it("says how many runs of a scenario passed where there are several", () => {
    const turns = [played("pass"), played("fail")].map((end, index): EndedTurn => ({ ...turnOf("steady", { repeat: index + 1 }), end }));
    expect(renderNightlyTerminal(nightlyOf(turns), { reportPath: "x", columns: 120, colour: false })).to.match(/^✗ Fail +steady +1 of 2 passed +24 s$/m);
  });
});
