import { expect } from "chai";
import { renderHtml } from "../../../src/report/html/page.tsx";
import type { Results } from "../../../src/judge/results.ts";
import type { Evidence } from "../../../assertions/verdict.ts";
import { plantedResults } from "../planted.ts";
import { sampleRecording, sampleResults } from "../sample.ts";
import { readable, section } from "./tags.ts";

// Few operations: it is about events, logs and roles.
const run = sampleRecording({ operationsPerSecond: 20 });
const card = (results: Results): string => readable(section(renderHtml(run, results, "", ""), "broke"));

/** A violation that points at this. */
function violated(...evidence: readonly Evidence[]): Results {
  const violation = { kind: "slo", title: "too slow", verdict: { outcome: "fail", observed: "2 s", bound: "below 1 s", evidence } } as const;
  return { ...sampleResults(), outcome: "fail", assertions: [...sampleResults().assertions, violation] };
}

const at = (atMs: number, endMs?: number): Evidence => ({ kind: "window", atMs, ...(endMs === undefined ? {} : { endMs }), text: "it was slow" });

describe("what broke, in report.html", () => {
  it("is told of the first violation: observed beside the bound, the moment, its phase and how far into the fault it was", () => {
    const text = card(violated(at(6_100)));
    expect(text).to.match(/Assertion too slow #1 in the table Observed 2 s Bound below 1 s When 6\.100 s in isolated, 1\.1 s into partition it was slow/);
    expect(text).to.include("partition leader (blocking) → etcd-2 in effect from 5.071 s to 13.004 s");
  });

  it("says who led then, who believed so, and who took over meanwhile", () => {
    expect(card(violated(at(3_000)))).to.include("Leader then etcd-2 leads at term 2 ");
    expect(card(violated(at(6_150)))).to.match(/etcd-2 (?:leads|believes that it still leads) at term 2; [12] members? knows? no leader/);
    expect(card(violated(at(6_400)))).to.include("etcd-3 leads at term 3; etcd-2 believes that it still leads at term 2");
    expect(card(violated(at(5_500, 7_000)))).to.include("etcd-2 leads at term 2; then etcd-3 at term 3, from 6.2");
  });

  it("has the lines around that moment which tell of the cluster, with names beside raft ids", () => {
    const text = card(violated(at(6_000)));
    expect(text).to.include("What the members said");
    expect(text).to.match(/6\.212 etcd-3 fd422379fda50e48 \(etcd-3\) became leader at term 3/);
    expect(text.match(/\d\.\d{3} etcd-\d /g)).to.have.length.within(2, 4);
  });

  it("says that no fault was in force, and how long ago the last one healed", () => {
    const text = card(violated(at(15_190)));
    expect(text).to.include("2 s after partition healed").and.include("Fault then none in force");
  });

  it("says so where nobody wrote anything telling, and where it points at no moment", () => {
    expect(card(violated(at(2_900)))).to.include("No log line that tells of the cluster was written near that moment.");
    expect(card(violated())).to.include("It points at no moment").and.not.include("What the members said");
  });

  it("leads to the place in the timeline, to the row of the table and to the counterexample", () => {
    const page = renderHtml(run, plantedResults(["lost write", "stale read"]), "", "");
    const html = section(page, "broke");
    expect(html).to.match(/href="#e1-\d+">See it in the timeline/).and.include('href="#a1"').and.include('href="#c1">See the counterexample');
    expect(readable(html)).to.include("What broke first").and.include("1 more is violated");
  });

  it("takes the illegal operation of a counterexample for the moment", () => {
    expect(card(plantedResults(["lost write"]))).to.match(/When 19\.200–19\.206 s/);
  });

  it("is a broken promise before a bound that was missed, wherever the scenario has them", () => {
    const [slow] = violated(at(6_100)).assertions.slice(-1);
    const results = plantedResults(["lost write"]);
    expect(card({ ...results, assertions: [...(slow === undefined ? [] : [slow]), ...results.assertions] })).to.match(/What broke first Assertion lost write #1 in the table , 1 more is violated/);
  });

  it("prefers what nobody expected, and says where all of it was expected", () => {
    const bug = { kind: "watch", title: "known bug", expected: true, verdict: { outcome: "fail", observed: "a", bound: "b", evidence: [] } } as const;
    const own = { kind: "slo", title: "too slow", verdict: bug.verdict } as const;
    expect(card({ ...sampleResults(), outcome: "fail", assertions: [bug, own] })).to.match(/What broke first Assertion too slow .*1 more is violated/);
    expect(card({ ...sampleResults(), outcome: "pass", assertions: [bug] })).to.match(/What broke, as expected Assertion known bug/);
  });

  it("is not there where nothing is violated, also where something is open", () => {
    const [open] = sampleResults("mixed").assertions.filter(({ verdict }) => verdict.outcome === "inconclusive");
    expect(card(sampleResults())).to.equal("");
    expect(card({ ...sampleResults(), outcome: "inconclusive", assertions: open === undefined ? [] : [open] })).to.equal("");
  });
});
