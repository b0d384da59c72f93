import { expect } from "chai";
import type { Counterexample } from "../../../src/check/counterexample.ts";
import { renderCheckHtml } from "../../../src/report/html/check-page.tsx";
import { renderHtml } from "../../../src/report/html/page.tsx";
import { planted, plantedResults } from "../planted.ts";
import { sampleRecording, sampleResults } from "../sample.ts";
import { parseXml } from "../well-formed.ts";
import { readable, section, tagsOf } from "./tags.ts";

const draw = (names: readonly string[], change?: (counterexample: Counterexample) => Counterexample): string => renderHtml(sampleRecording(), plantedResults(names, change), "", "");
const part = (page: string): string => section(page, "counterexamples");
/** Without the legend. */
const drawing = (name: string): string => /<svg viewBox[^]*?<\/svg>/.exec(part(draw([name])))?.[0] ?? "";

function made(name: string): Counterexample {
  const make = planted[name];
  if (make === undefined) throw new Error(`no ${name} is planted`);
  return make();
}

/** Each a millisecond later than the one before, so that no two are the same. */
function apart(): (same: Counterexample) => Counterexample {
  let laterNs = 0;
  return (same) => {
    laterNs += 1e6;
    return { ...same, operations: same.operations.map((each) => ({ ...each, invoke: each.invoke + laterNs, return: each.return === null ? null : each.return + laterNs })) };
  };
}

/** As many operations before the others, each in a process of its own. */
function after(many: number, counterexample: Counterexample): Counterexample {
  const [like] = counterexample.operations;
  if (like === undefined) throw new Error("it has no operations");
  const more = Array.from({ length: many }, (_, index) => ({ ...like, name: `m${index}`, lane: `process ${100 + index}`, invoke: like.invoke - 1e6 * (many - index) }));
  return { ...counterexample, operations: [...more, ...counterexample.operations] };
}

describe("counterexamples in report.html", () => {
  for (const name of Object.keys(planted)) {
    it(`show ${name}: the sentence, each operation in its lane and in the table, the first illegal one in words`, () => {
      const { sentence, operations, rule, expected, seen } = made(name);
      const html = part(draw([name]));
      const text = readable(html);
      parseXml(html);
      expect(text).to.include(`${rule}: ${sentence}.`);
      for (const { name: number, label, lane, what } of operations) {
        expect(text).to.include(`${number} ${label}`.replace(/\s+/g, " "));
        expect(text).to.include(lane).and.include(what);
      }
      expect(text).to.include("✗ first illegal");
      for (const state of [expected, seen]) if (state !== undefined) expect(text).to.include(state);
      expect(html).to.match(/<svg [^>]*role="img" aria-labelledby="c1-svg-title c1-svg-desc"/);
      expect(html).to.match(new RegExp(`<desc id="c1-svg-desc">${operations.length} operations? in \\d lanes?`));
    });
  }

  const page = draw(Object.keys(planted).slice(0, 12));

  it("are led to from the assertions' rows, and lead to the moment in the timeline", () => {
    expect(section(page, "assertions")).to.include('href="#c1"').and.include('href="#c12"');
    const ids = tagsOf(page).flatMap(({ attributes: { id } }) => id ?? []);
    expect(new Set(ids).size).to.equal(ids.length);
    const targets = tagsOf(page).flatMap(({ attributes: { href = "" } }) => (href.startsWith("#") ? [href.slice(1)] : []));
    expect(ids).to.include.members(targets);
    const [, target = ""] = /<a href="#(e1-\d+)">See it in the timeline/.exec(part(page)) ?? [];
    expect(section(page, "timeline")).to.include(`id="${target}"`);
  });

  it("tell outcomes apart by pattern and shape as well as by colour, and have words for them in the legend", () => {
    expect(drawing("dirty read")).to.include('fill="url(#lane-fail)"');
    expect(drawing("register of another tool")).to.include('fill="url(#lane-info)"').and.include('class="open-end"');
    expect(drawing("two holders")).to.include('fill="url(#lane-lasting)"');
    const unknown = part(draw(["register of another tool"]));
    for (const word of ["ok", "failed: it did not happen", "unknown: it may happen at any time", "told, to a watcher or by a member", "holds or lives"]) expect(readable(unknown)).to.include(word);
    for (const id of ["lane-info", "lane-fail", "lane-lasting"]) expect(page.split(`id="${id}"`)).to.have.length(2);
  });

  it("shade the fault behind them that was in force, and no other", () => {
    expect(part(draw(["stale read"]))).to.include("partition leader (blocking) on etcd-2");
    const early = draw(["stale read"], (same) => ({ ...same, operations: same.operations.map((each) => ({ ...each, invoke: each.invoke - 4e9, return: (each.return ?? 0) - 4e9 })) }));
    expect(part(early)).to.not.include("partition leader");
  });

  it("say where time is shortened, and draw it to scale where it need not be", () => {
    expect(readable(part(draw(["lost write"])))).to.include("Not to scale: moments keep their order, and where it is torn time is shortened, 13.8 s at most.");
    expect(readable(part(draw(["stale read"])))).to.not.include("Not to scale");
  });

  it("draw what comes before what as arrows with their names, and say it in words", () => {
    const html = part(draw(["cycle with real time"]));
    expect([...html.matchAll(/<g class="edge (\w+)">/g)].map(([, kind]) => kind)).to.deep.equal(["realtime", "rw", "rw"]);
    expect(readable(html)).to.include("T2 → T3 rw T2 read x without 1, which T3 appended");
  });

  it("show so many operations and say how many they leave out, but never the illegal one", () => {
    const text = readable(part(draw(["stale read"], (counterexample) => after(100, counterexample))));
    expect(text).to.include("72 further operations that belong to it left out; all are in the JSON.");
    expect(text).to.include("✗ first illegal").and.include("✓ last legal");
  });

  it("say how many counterexamples there is no room for", () => {
    expect(readable(part(draw(Array.from({ length: 14 }, () => "stale read"), apart())))).to.include("2 more counterexamples in counterexamples.json.");
  });

  it("are drawn once where the same operations break several assertions, which are named together and lead there", () => {
    const twice = draw(["lost write", "lost write", "stale read"]);
    expect([...part(twice).matchAll(/<article id="(c\d+)"/g)].map(([, id]) => id)).to.deep.equal(["c1", "c3"]);
    expect(readable(part(twice))).to.include("#1 lost write; #2 lost write");
    expect([...section(twice, "assertions").matchAll(/href="#(c\d+)"/g)].map(([, id]) => id)).to.deep.equal(["c1", "c1", "c3"]);
  });

  it("are not there where no history is violated", () => {
    expect(part(renderHtml(sampleRecording(), sampleResults("mixed"), "", ""))).to.equal("");
  });

  it("show hostile keys and values as text, short in the drawing and whole in the table", () => {
    const hostile = `</script><svg onload=alert(1)>"'&\u202e${"x".repeat(200)}`;
    const evil = draw(["stale read", "two holders", "cycle of writes"], (same) => ({
      ...same,
      rule: hostile, sentence: hostile, expected: hostile, seen: hostile,
      operations: same.operations.map((each) => ({ ...each, lane: hostile, member: hostile, label: hostile, what: hostile, answer: hostile })),
      ...(same.order === undefined ? {} : { order: same.order.map((each) => ({ ...each, why: hostile, kind: hostile })) }),
      ...(same.lasting === undefined ? {} : { lasting: same.lasting.map((each) => ({ ...each, what: hostile })) }),
    }));
    parseXml(part(evil));
    expect(evil.match(/<script/g)).to.have.length(1);
    for (const { attributes } of tagsOf(evil)) expect(Object.keys(attributes).filter((key) => key.startsWith("on") || key === "style")).to.deep.equal([]);
    expect(evil).to.not.include("\u202e");
    expect(readable(part(evil))).to.include("x".repeat(200));
  });

  it("keep the page below 2 MB however much there is", function () {
    this.timeout(60_000);
    const long = `"<&'`.repeat(20_000);
    const shifted = apart();
    const huge = plantedResults(Array.from({ length: 300 }, () => "cycle with real time"), (same) => {
      const larger = after(300, shifted(same));
      return { ...larger, sentence: long, expected: long, seen: long, operations: larger.operations.map((each) => ({ ...each, what: long, answer: long, label: long })) };
    });
    const text = renderHtml(sampleRecording(), huge, "", "");
    expect(Buffer.byteLength(text)).to.be.below(2_000_000);
    expect(readable(text)).to.match(/\d+ more counterexamples in counterexamples\.json/);
  });
});

describe("the page of check --html", () => {
  const checked = { file: "history.edn", model: "register", history: "jepsen-edn", tookMs: 3 } as const;

  it("has the verdict and the counterexample in lanes, with lines of the file", () => {
    const page = renderCheckHtml({ ...checked, finding: { kind: "violated", counterexample: made("register of another tool") } });
    parseXml(part(page));
    const text = readable(page);
    expect(text).to.include("✗ Fail: stale value").and.include("history.edn jepsen-edn against the model register");
    expect(text).to.match(/4 ✗ first illegal: read of 1 process 3 7 8 ok 7/);
    expect(page).to.match(/http-equiv="Content-Security-Policy" content="default-src 'none'/);
  });

  it("says what else there was", () => {
    expect(readable(renderCheckHtml({ ...checked, finding: { kind: "ok", checked: 12 } }))).to.include("✓ Pass: 12 operations fit together").and.include("None was found.");
    expect(readable(renderCheckHtml({ ...checked, finding: { kind: "unknown", because: "the time limit of 1 s was reached", checked: 3, of: 12 } }))).to.include("? Inconclusive: the time limit of 1 s was reached; 3 of 12 operations looked at");
  });
});
