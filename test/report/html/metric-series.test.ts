import { expect } from "chai";
import { metricLanes, type MetricLane } from "../../../src/report/html/metric-series.ts";
import { figure, metricTitle } from "../../../src/report/html/timeline/metric-lane.tsx";
import { renderHtml } from "../../../src/report/html/page.tsx";
import { recording } from "../../recordings/builder.ts";
import { sampleRecording, sampleResults } from "../sample.ts";
import { readable, section } from "./tags.ts";

const run = recording({ members: 2 })
  .phase("whole", 0, 4_000)
  .metrics("etcd-1", 0, { pending: 1, 'bytes{To="a"}': 100, 'bytes{To="b"}': 10 })
  .metrics("etcd-1", 500, { pending: 7 })
  .metrics("etcd-1", 900, { pending: 2, 'bytes{To="a"}': 190, 'bytes{To="b"}': 20 })
  .metrics("etcd-1", 1_500, { failed: "no answer" })
  .metrics("etcd-1", 2_500, { failed: "no answer" })
  .metrics("etcd-1", 3_000, { pending: 0, 'bytes{To="a"}': 190, 'bytes{To="b"}': 20 })
  .metrics("etcd-1", 3_500, { 'bytes{To="a"}': 5, 'bytes{To="b"}': 20 })
  .build();
const lanes = (...chosen: readonly MetricLane["metric"][]): MetricLane[] => metricLanes(run, chosen, { name: "run", startMs: 0, endMs: 4_000 }, 100);
const values = ([lane]: readonly MetricLane[]) => lane?.series[0]?.points.map(({ value }) => value);

describe("metrics over time", () => {
  it("have the highest value of each second, and none where no scrape tells", () => {
    expect(values(lanes({ name: "pending", measure: "value" }))).to.deep.equal([7, undefined, undefined, 0]);
  });

  it("have for a counter how much all its series of a member grew a second, through a fall to a new process's zero", () => {
    const [first, ...rest] = values(lanes({ name: "bytes", measure: "rate" })) ?? [];
    expect(first).to.be.closeTo(100 / 0.9, 1e-9);
    expect(rest).to.deep.equal([undefined, undefined, 10]);
  });

  it("leave out members that never had them, and keep a lane that was asked for all the same", () => {
    expect(lanes({ name: "pending", measure: "value" })[0]?.series.map(({ member }) => member)).to.deep.equal(["etcd-1"]);
    expect(lanes({ name: "nobody_has", measure: "value" })).to.deep.equal([{ metric: { name: "nobody_has", measure: "value" }, series: [] }]);
  });

  it("are the usual ones where none are asked for, as far as somebody has them", () => {
    const usual = recording({ members: 1 }).phase("whole", 0, 1_000).metrics("etcd-1", 100, { etcd_server_proposals_pending: 3 }).build();
    const found = metricLanes(usual, undefined, { name: "run", startMs: 0, endMs: 1_000 }, 100);
    expect(found.map(metricTitle)).to.deep.equal(["etcd_server_proposals_pending"]);
  });

  it("say in the drawing that no scrape has what was asked for", () => {
    const page = renderHtml(sampleRecording(), sampleResults(), "", "", [{ name: "etcd_nobody_has_total", measure: "rate" }]);
    expect(readable(section(page, "timeline"))).to.include("rate(etcd_nobody_has_total), per second — no scrape of the run has it");
  });

  it("have figures that are short enough for the margin", () => {
    expect([0, 0.25, 9_999, 20_000, 1_500_000, 23_400_000, 2e11].map(figure)).to.deep.equal(["0", "0.25", "9,999", "20 k", "1,500 k", "23.4 M", "200 G"]);
  });
});
