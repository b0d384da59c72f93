import { Script } from "node:vm";
import { expect } from "chai";
import type { Entry } from "../../../../src/ledger/entry.ts";
import { renderIndex } from "../../../../src/report/html/runs/index-page.tsx";
import type { IndexInput } from "../../../../src/report/html/runs/index-view.ts";
import { entries, entry } from "../../../ledger/entries.ts";
import { readable, section, tagsOf } from "../tags.ts";

const pageOf = (all: readonly Entry[], more: Partial<IndexInput> = {}): string => renderIndex({ entries: all, damaged: 0, pages: [], commitsOf: () => undefined, ...more });
/** Six that passed, and two that failed after another commit. */
const some = entries(8, (number) => (number < 6 ? {} : { outcome: "fail", sentence: "writes were gone for 6 s", harness: { version: "0.1.0", commit: "bbbbbbbbbbbb" }, figures: { "put-p99-during": 9_000 } }));

describe("the page over all runs", function () {
  this.timeout(60_000);

  it("says how many there are and how they ended", () => {
    expect(readable(pageOf(some))).to.include("8 runs: 2 failed, 6 passed").and.include("As each scenario stands now, by its latest run: 1 failed");
  });

  it("leads from each run to its report, by glyph and word", () => {
    const dots = tagsOf(section(pageOf(some), "scenarios")).filter(({ attributes }) => attributes["class"]?.startsWith("dot "));
    expect(dots.map(({ attributes }) => attributes["href"])).to.deep.equal(some.map(({ id }) => `partition/${id}/report.html`));
    expect(dots.map(({ attributes }) => attributes["aria-label"]?.split(":")[0])).to.deep.equal([...new Array<string>(6).fill("Pass"), "Fail", "Fail"]);
  });

  it("says that the latest figure lies outside of its band", () => {
    expect(readable(section(pageOf(some), "scenarios"))).to.include("put p99 during the fault 9 s ▲ above 900 ms to 900 ms");
    expect(readable(section(pageOf(entries(8)), "scenarios"))).to.include("put p99 during the fault 900 ms within 900 ms to 900 ms");
    expect(readable(section(pageOf(entries(3)), "scenarios"))).to.include("900 ms latest; no band yet");
  });

  it("says how far its trends reach, and the days of its runs", () => {
    expect(readable(section(pageOf(some), "scenarios"))).to.include("9 s 0 ms");
    expect(readable(pageOf(some))).to.include("all runs, 2026-01-01 8 runs");
    expect(readable(pageOf([entry(0), entry(3_000)]))).to.include("all runs, 2026-01-01 to 2026-01-03");
  });

  it("puts a run that broke before it had an etcd to the others of what it asked for, and calls its etcd not known", () => {
    const broken = (asked: string): Entry => entry(9, { outcome: "inconclusive", status: "crashed", etcd: { version: "unknown", asked } });
    const text = readable(section(pageOf([...some.slice(0, 6), broken("3.5")]), "scenarios"));
    expect(text).to.include("? Inconclusive partition etcd 3.5, local, 7 runs").and.not.include("etcd: 3.5.30 →");
    expect(readable(pageOf([broken("/my/etcd")]))).to.include("partition etcd not known, local, 1 run");
    expect(readable(pageOf([broken("/my/etcd")]))).to.not.include("unknown");
  });

  it("names the first bad commit where there is one, and what it rests on", () => {
    const named = readable(pageOf(some, { commitsOf: () => [{ hash: "bbbbbbb", subject: "Breaks it" }] }));
    expect(named).to.include("writes were gone for 6 s").and.include("2 runs have not passed since");
    expect(named).to.include("harness commit: aaaaaaaaaaaa → bbbbbbbbbbbb").and.include("First bad commit: bbbbbbb Breaks it");
    expect(named).to.include("Basis: 6 of 6 runs passed at aaaaaaaaaaaa, 2 of 2 runs failed since. That is little");
    const several = readable(pageOf(some, { commitsOf: () => [1, 2, 3].map((number) => ({ hash: `c${number}`, subject: "x" })) }));
    expect(several).to.include("one of 3, newest first").and.not.include("First bad commit: c1");
    expect(readable(pageOf(some))).to.include("the commits between are not in this clone");
  });

  it("links to the other pages beside it, and tells of lines that cannot be read", () => {
    const page = pageOf(some, { pages: ["matrix-3.5.html", "night ly.html"], damaged: 2 });
    expect(tagsOf(page).flatMap(({ attributes }) => attributes["href"] ?? [])).to.include.members(["matrix-3.5.html", "night%20ly.html"]);
    expect(readable(page)).to.include("2 lines of history.jsonl cannot be read and are left out");
  });

  it("can be drawn of nothing, and of runs of which no figure is known", () => {
    expect(readable(pageOf([]))).to.match(/0 runs No run yet/).and.not.include("Runtime");
    expect(readable(section(pageOf([entry(1, { figures: undefined })]), "scenarios"))).to.include("partition etcd 3.5, local, 1 run").and.not.include("put p99");
    expect(readable(pageOf([entry(1, { figures: { availability: 0.9 } })])), "of one figure only").to.include("not known of any run");
  });

  it("shows all without its script, and hides by filters what they leave out", () => {
    const page = pageOf(some);
    expect(tagsOf(page).filter(({ attributes }) => "hidden" in attributes).map(({ attributes }) => attributes["id"])).to.deep.equal(["filters"]);
    const rows = tagsOf(section(page, "runs")).filter(({ attributes }) => attributes["data-outcome"] !== undefined);
    expect(rows.map(({ attributes }) => attributes["data-outcome"])).to.deep.equal(some.map(({ outcome }) => outcome).reverse());
    const code = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(() => new Script(code)).to.not.throw();
    for (const { attributes } of tagsOf(page)) expect(Object.keys(attributes).filter((key) => key === "style" || key.startsWith("on"))).to.deep.equal([]);
  });

  it("shows hostile text as text", () => {
    const hostile = `</script><img src=x onerror=alert(1)>\u202e'`;
    const page = pageOf([entry(1, { scenario: hostile, sentence: hostile, outcome: "fail", etcd: { version: hostile }, runtime: hostile, id: `${hostile}/../..`, harness: { version: "0", commit: hostile } }), entry(0, { scenario: hostile })]);
    expect(tagsOf(page).map(({ name }) => name)).to.not.include("img");
    expect(page.match(/<script/g)).to.have.length(1);
    expect(page).to.not.include("\u202e");
    for (const { attributes: { href = "" } } of tagsOf(page)) expect(href).to.match(/^(?:#[\w-]+|[\w%.'()!~*-]+(?:\/[\w%.'()!~*-]+\/report\.html)?)?$/);
  });

  it("stays below two megabytes with ten thousand runs of every scenario, and says what it leaves out", () => {
    const page = pageOf(entries(10_000, (number) => ({ scenario: `scenario-${number % 30}`, etcd: { version: `3.${Math.floor(number / 30) % 5}.1` }, runtime: number % 7 === 0 ? "docker" : "local", outcome: number % 9 === 0 ? "fail" : "pass", sentence: "x".repeat(500) })));
    expect(Buffer.byteLength(page)).to.be.below(2_000_000);
    expect(readable(page)).to.match(/The last [\d,]+ of 10,000 runs; all are in history\.jsonl/).and.to.match(/more series are not shown/);
  });
});
