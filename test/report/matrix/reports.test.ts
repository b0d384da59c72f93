import { expect } from "chai";
import fc from "fast-check";
import type { EndedTurn } from "../../../src/nightly/nightly.ts";
import { renderMatrixHtml } from "../../../src/report/matrix/page.tsx";
import { renderMatrixSummary } from "../../../src/report/matrix/summary.ts";
import { renderMatrixTerminal } from "../../../src/report/matrix/terminal.ts";
import { attemptWith, played, turnOf } from "../../nightly/turns.ts";
import { matrix, matrixOf, once } from "./matrices.ts";
import { parseXml } from "../well-formed.ts";

/** What is on the page, read strictly. */
function mainOf(page: string): ReturnType<typeof parseXml> {
  return parseXml(/<main>[^]*<\/main>/.exec(page)?.[0] ?? "");
}

describe("matrix.html", () => {
  it("has a column for each etcd with its exact version, and says of each cell what its sign says", () => {
    const page = renderMatrixHtml(matrix);
    expect(mainOf(page).children.map(({ name }) => name)).to.deep.equal(["header", "section", "section", "section"]);
    expect(page).to.match(/etcd 3\.4<br\/?><span class="quiet">3\.4\.23<\/span>/).and.to.match(/etcd 3\.5<br\/?><span class="quiet">3\.5\.30<\/span>/);
    for (const word of ["Found, as expected", "Pass", "Fail", "Cannot be played here"]) expect(page).to.include(`</span> ${word}</span>`);
    expect(page).to.include("1 of 1");
  });

  it("leads from each cell to the report, from one of several runs to each, and back to all runs", () => {
    const links = (page: string): string[] => [...page.matchAll(/<a href="([^#"]+)"/g)].map(([, to = ""]) => to);
    expect(links(renderMatrixHtml(matrix))).to.have.members(["index.html", "bug/1-42/report.html", "bug/2-42/report.html", "partition/1-42/report.html"]);
    const several = [1, 2].map((repeat): EndedTurn => ({ ...turnOf("steady", { repeat }), etcd: "3.5", end: { kind: "played", attempts: [attemptWith("pass", { folder: `steady/${repeat}` })] } }));
    const page = renderMatrixHtml(matrixOf(several));
    expect(links(page)).to.have.members(["index.html", "steady/1/report.html", "steady/2/report.html"]);
    expect(page).to.include("2 of 2");
  });

  it("says in its cell why a scenario cannot be played on an etcd, or was not run", () => {
    const page = renderMatrixHtml(matrix);
    expect(page).to.include("Cannot be played here</span> <span class=\"nowrap\"></span> <span class=\"quiet\">etcd 3.5.30 has no flag --gone</span>");
    expect(renderMatrixHtml(matrixOf([{ ...turnOf("steady"), etcd: "3.4", end: { kind: "not-run", because: "no time" } }]))).to.include("no time</span>");
  });

  it("lets nothing out of its place, whatever names and texts hold, and stays small", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const hostile = `${text}"'><script>alert(1)</script>`;
        const page = renderMatrixHtml(matrixOf([{ ...once(hostile, hostile, { outcome: "fail", sentence: hostile, folder: hostile, replay: hostile }) }], { columns: [{ asked: hostile, version: hostile }] }));
        mainOf(page);
        expect(page).to.not.include("<script>alert");
      }),
      { numRuns: 20 },
    );
    const many = Array.from({ length: 1_000 }, (_, index) => ["3.4", "3.5"].map((etcd) => once(`s${index}`, etcd, { outcome: "fail", sentence: "x".repeat(3_000) }))).flat();
    const page = renderMatrixHtml(matrixOf(many));
    expect(Buffer.byteLength(page)).to.be.below(2_000_000);
    expect(page).to.match(/[\d,]+ more scenarios would make this page too large/);
  }).timeout(60_000);
});

describe("matrix.md", () => {
  it("has the verdict, the same table with links, and what did not pass folded away", () => {
    const text = renderMatrixSummary(matrix);
    expect(text).to.match(/^## ❌ Matrix: 1 failed, 1 cannot be played here, 2 passed: 2 scenarios on 2 versions of etcd in the local runtime/);
    expect(text).to.include("| bug | ✅ [Found, as expected](bug/1-42/report.html)<br>1 of 1 | ✅ [Pass](bug/2-42/report.html)<br>1 of 1 |");
    expect(text).to.include("| partition | ❌ [Fail](partition/1-42/report.html)<br>0 of 1 | ➖ Cannot be played here<br>etcd 3.5.30 has no flag \\-\\-gone |");
    expect(text).to.include("❌ partition on etcd 3.4, seed 42</summary>");
  });

  it("stays below what GitHub shows, however much there is, and says what it leaves out", () => {
    const long = "|".repeat(5_000);
    const many = Array.from({ length: 1_000 }, (_, index) => once(`s${index}`, "3.4", { outcome: "fail", sentence: long, replay: long, folder: long }));
    const text = renderMatrixSummary(matrixOf(many));
    expect(Buffer.byteLength(text)).to.be.below(1_000_000);
    expect(text).to.match(/\n800 more scenarios in matrix\.html\./);
  }).timeout(60_000);
});

describe("what a matrix prints", () => {
  it("is the table, what did not pass with how to run it again, and the verdict at the end", () => {
    const text = renderMatrixTerminal(matrix, { reportPath: "reports/matrix.html", columns: 120, colour: false });
    expect(text).to.match(/^ +etcd 3\.4 +etcd 3\.5\n +3\.4\.23 +3\.5\.30\nbug +✓ Found, as expected 1 of 1 +✓ Pass 1 of 1\npartition +✗ Fail 0 of 1 +– Cannot be played here\n/);
    expect(text).to.match(/^partition on etcd 3\.4 seed 42: .*\n {2}replay {2}npm run scenario -- partition --seed 42 --etcd 3\.4\npartition on etcd 3\.5 seed 42: cannot be played here, because etcd 3\.5\.30 has no flag --gone$/m);
    expect(text).to.match(/\nreport {2}reports\/matrix\.html\n$/);
  });

  it("tells a bug that was missed and one that nobody expected", () => {
    const text = renderMatrixTerminal(matrixOf([once("bug", "3.4", { outcome: "fail", expectation: { affected: true, shown: false } }), once("bug", "3.5", { outcome: "fail", expectation: { affected: false, shown: true } })]), { reportPath: "x", columns: 120, colour: false });
    expect(text).to.match(/bug +✗ Not found, against expectation 0 of 1 +✗ Found, against expectation 0 of 1/);
  });

  it("has no row and no pass where nothing was played", () => {
    expect(renderMatrixTerminal(matrixOf([]), { reportPath: "x", columns: 120, colour: false })).to.include("nothing to run: 0 scenarios");
    expect(renderMatrixHtml(matrixOf([{ ...turnOf("x"), etcd: "3.4", end: played("interrupted") }]))).to.include("? Matrix: Inconclusive");
  });
});
