import { expect } from "chai";
import fc from "fast-check";
import { renderToString } from "preact-render-to-string";
import { h } from "preact";
import { timeAxis } from "../../../../src/report/html/timeline/axis.ts";
import { gappedPath } from "../../../../src/report/html/timeline/gapped-line.tsx";
import { LatencyLane, type LatencyPoint } from "../../../../src/report/html/timeline/latency-lane.tsx";

describe("a line with gaps", () => {
  it("stops before what is missing and starts again after it", () => {
    const path = gappedPath([
      { x: 0, y: 1 },
      { x: 1, y: 2 },
      { x: 2, y: undefined },
      { x: 3, y: 4 },
      { x: 4, y: 5 },
    ]);
    expect(path).to.equal("M0,1L1,2M3,4L4,5");
  });

  it("never joins two points with a missing one between them", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined })), (values) => {
        const path = gappedPath(values.map((y, x) => ({ x, y })));
        for (const [, piece = ""] of path.matchAll(/M([^M]*)/g)) {
          const xs = piece.replace("Z", "").split("L").map((point) => Number(point.split(",")[0]));
          xs.forEach((x, index) => expect(index === 0 || x - (xs[index - 1] ?? 0) === 1).to.equal(true));
        }
        const drawn = [...path.matchAll(/[ML]/g)].length;
        expect(drawn).to.equal(values.filter((value) => value !== undefined).length);
      }),
    );
  });

  it("leaves bins without an ok operation empty in the latency lane, in lines, dots and the heatmap", () => {
    const none = { p50: undefined, p99: undefined, max: undefined };
    const some = { p50: 1, p99: 5, max: 9 };
    const points: LatencyPoint[] = [some, some, none, some, some].map((point, index) => ({ atMs: index * 1_000 + 500, ...point }));
    const svg = renderToString(h(LatencyLane, { points, heat: [{ bin: 0, fromMs: 1, toMs: 2, count: 3 }, { bin: 4, fromMs: 1, toMs: 2, count: 100 }], binMs: 1_000, box: { axis: timeAxis(0, 5_000), top: 0, height: 100 } }));
    const paths = [...svg.matchAll(/<path d="([^"]*)" class="([^"]*)"/g)];
    const pieces = Object.fromEntries(paths.map(([, d = "", name = ""]) => [name, [...d.matchAll(/M/g)].length]));
    expect(pieces).to.deep.equal({ "heat h2": 1, "heat h4": 1, "line max": 4, "line halo": 2, "line p99": 2, "line p50": 2 });
  });
});
