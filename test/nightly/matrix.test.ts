import { expect } from "chai";
import { readingOf, rowsOf, versionOf } from "../../src/nightly/matrix.ts";
import type { Attempt, EndedTurn } from "../../src/nightly/nightly.ts";
import { attemptWith, played, turnOf } from "./turns.ts";

const columns = [{ asked: "3.4", version: "3.4.23" }, { asked: "3.5", version: "3.5.30" }];

function turn(scenario: string, etcd: string, end: EndedTurn["end"], repeat = 1): EndedTurn {
  return { ...turnOf(scenario, { repeat }), etcd, end };
}

const expecting = (outcome: Attempt["outcome"], affected: boolean | undefined, shown: boolean): EndedTurn["end"] => ({ kind: "played", attempts: [attemptWith(outcome, { expectation: { ...(affected === undefined ? {} : { affected }), shown } })] });

describe("the table of a matrix", () => {
  it("has a row for each scenario as they were played, and in it a cell for each etcd", () => {
    const rows = rowsOf({ columns, turns: [turn("steady", "3.5", played("pass")), turn("steady", "3.4", played("fail")), turn("latency", "3.4", played("pass")), turn("latency", "3.5", { kind: "unplayable", because: "no flag" })] });
    expect(rows.map(({ scenario, cells }) => [scenario, ...cells.map(({ column, reading }) => `${column.asked} ${reading}`)])).to.deep.equal([["steady", "3.4 fail", "3.5 pass"], ["latency", "3.4 pass", "3.5 unplayable"]]);
  });

  it("says the worst of several runs, and how many of all passed", () => {
    const [row] = rowsOf({ columns, turns: [played("pass"), played("inconclusive"), played("pass")].map((end, index) => turn("steady", "3.5", end, index + 1)) });
    expect(row?.cells[1]).to.include({ reading: "inconclusive", passed: 2 });
    expect(row?.cells[1]?.turns).to.have.length(3);
  });

  it("is not green where there was no turn at all", () => {
    expect(rowsOf({ columns, turns: [turn("steady", "3.5", played("pass"))] })[0]?.cells[0]).to.include({ reading: "not-run", passed: 0 });
  });

  it("tells of a known bug whether it was found, by whether this etcd has it", () => {
    expect(readingOf({ end: expecting("pass", true, true) })).to.equal("found");
    expect(readingOf({ end: expecting("fail", true, false) })).to.equal("missed");
    expect(readingOf({ end: expecting("fail", false, true) })).to.equal("unexpected");
    expect(readingOf({ end: expecting("pass", false, false) })).to.equal("pass");
  });

  it("tells another violation, and what cannot be told, as what it is", () => {
    expect(readingOf({ end: expecting("fail", true, true) })).to.equal("fail");
    expect(readingOf({ end: expecting("fail", false, false) })).to.equal("fail");
    expect(readingOf({ end: expecting("inconclusive", true, true) })).to.equal("inconclusive");
    expect(readingOf({ end: expecting("inconclusive", undefined, false) })).to.equal("inconclusive");
    expect(readingOf({ end: { kind: "played", attempts: [attemptWith("fail", { expectation: { affected: true, shown: false } }), attemptWith("pass", { expectation: { affected: true, shown: true } })] } })).to.equal("flake");
  });

  it("has under each etcd the version that ran, or what would have", () => {
    const ran = [turn("a", "3.5", { kind: "played", attempts: [attemptWith("pass", { etcd: "3.5.31" })] }), turn("b", "3.5", { kind: "played", attempts: [attemptWith("pass", { etcd: "3.5.30" })] })];
    expect(columns.map((column) => versionOf(column, ran))).to.deep.equal(["3.4.23", "3.5.30, 3.5.31"]);
    expect(versionOf({ asked: "image:etcd" }, ran)).to.equal(undefined);
  });
});
