import { expect } from "chai";
import { attemptStretches } from "../../../../src/report/html/timeline/availability-lane.tsx";
import { binWidthMs } from "../../../../src/report/html/timeline/bin-width.ts";
import { rowName } from "../../../../src/report/html/timeline/evidence-lane.tsx";
import { placeName } from "../../../../src/report/html/timeline/member-lane.tsx";
import { peaks } from "../../../../src/report/html/timeline/throughput-lane.tsx";
import { spread } from "../../../../src/report/html/timeline/value-axis.tsx";

describe("the lanes of the timeline", () => {
  it("tell time in which nobody asked from time in which writes were answered or not", () => {
    const bin = (startMs: number, attempted: number) => ({ startMs, attempted, ok: attempted, fail: 0, info: 0 });
    expect(attemptStretches([bin(0, 5), bin(100, 5), bin(200, 0), bin(300, 0), bin(400, 1)], 100, 450)).to.deep.equal([
      { name: "written", startMs: 0, endMs: 200 },
      { name: "no attempts", startMs: 200, endMs: 400 },
      { name: "written", startMs: 400, endMs: 450 },
    ]);
  });

  it("have at most 150 bins, however long the run", () => {
    for (const durationMs of [0, 1, 999, 20_000, 3_600_000, 86_400_000 * 30]) {
      expect(durationMs / binWidthMs(durationMs), String(durationMs)).to.be.at.most(150);
    }
    expect(binWidthMs(20_000)).to.equal(200);
  });

  it("name the highest bin of each burst that does not fit", () => {
    expect(peaks([1, 5, 9, 7, 1, 6, 1], 4)).to.deep.equal([2, 5]);
    expect(peaks([1, 2, 3], 4)).to.deep.equal([]);
  });

  it("name a member's role where no mark lies over the name, in as many words as fit there", () => {
    const names = ["★ leader term 5", "★ term 5", "★"];
    expect(placeName(names, [100, 300], [], "bold")).to.deep.equal({ name: "★ leader term 5", x: 106 });
    expect(placeName(names, [100, 300], [100], "bold")).to.deep.equal({ name: "★ leader term 5", x: 120 });
    expect(placeName(names, [100, 300], [120], "bold")).to.deep.equal({ name: "★ leader term 5", x: 140 });
    expect(placeName(names, [100, 180], [110, 160], "bold")).to.deep.equal({ name: "★", x: 130 });
    expect(placeName(names, [100, 120], [104, 112], "bold")).to.equal(undefined);
    expect(placeName(["• follower term 5"], [100, 215], [], "usual"), "of usual weight more fits").to.deep.include({ x: 106 });
    expect(placeName(["• follower term 5"], [100, 215], [], "bold")).to.equal(undefined);
  });

  it("name the last row of evidence by all assertions that share it", () => {
    const numbered = (many: number) => Array.from({ length: many }, (_, index) => ({ number: index + 3 }));
    expect(numbered(14).map((_, index) => rowName(numbered(14), index)).slice(10)).to.deep.equal(["#13", "#14–16", "", ""]);
    expect(rowName(numbered(12), 11)).to.equal("#14");
    expect(rowName(numbered(2), 1)).to.equal("#4");
  });

  it("keep labels at the ends of lines apart and in order", () => {
    const labels = ["a", "b", "c"].map((text, index) => ({ text, name: text, y: 98 + index }));
    const places = spread(labels, 0, 100).map(({ y }) => y);
    expect(places).to.deep.equal([78, 89, 100]);
  });
});
