import { expect } from "chai";
import { openMetrics } from "../../src/prometheus/exposition.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

const zeroWallMs = Date.parse("2025-06-01T10:00:00.120Z");

function textOf(run: RecordingBuilder, names?: readonly string[]): string[] {
  const { metrics, info } = run.build();
  return [...openMetrics({ metrics, members: info.members.map(({ name }) => name), zeroWallMs }, names)].map((line) => line.trimEnd());
}

describe("what was recorded of metrics, as OpenMetrics", () => {
  it("has each value at each scrape, also where it did not change, with the labels of a live scrape and the time of the wall clock", () => {
    const run = recording({ members: 1 }).metrics("etcd-1", 250, { 'x{To="a"}': 1 }).metrics("etcd-1", 500, {}).metrics("etcd-1", 750, { 'x{To="a"}': 3 });
    const more = 'job="etcd",member="etcd-1",instance="etcd-1"';
    expect(textOf(run)).to.deep.equal([
      `up{${more}} 1 1748772000.370`,
      `up{${more}} 1 1748772000.620`,
      `up{${more}} 1 1748772000.870`,
      `x{To="a",${more}} 1 1748772000.370`,
      `x{To="a",${more}} 1 1748772000.620`,
      `x{To="a",${more}} 3 1748772000.870`,
      "# EOF",
    ]);
  });

  it("has no value where a scrape failed, or a series was gone", () => {
    const run = recording({ members: 1 }).metrics("etcd-1", 0, { x: 1, y: 1 }).metrics("etcd-1", 250, { failed: "no answer" }).metrics("etcd-1", 500, { x: 2 }, { full: true });
    const lines = textOf(run);
    expect(lines.filter((line) => line.startsWith("up{")).map((line) => line.split(" ")[1])).to.deep.equal(["1", "0", "1"]);
    expect(lines.filter((line) => line.startsWith("x{")).map((line) => line.split(" ")[1])).to.deep.equal(["1", "2"]);
    expect(lines.filter((line) => line.startsWith("y{"))).to.have.length(1);
  });

  it("has only the metrics that are asked for", () => {
    const run = recording({ members: 1 }).metrics("etcd-1", 0, { x: 1, y: 1 });
    expect(textOf(run, ["y", "z"]).map((line) => line.split("{")[0])).to.deep.equal(["up", "y", "# EOF"]);
  });

  it("quotes labels as the format asks", () => {
    const run = recording({ members: 1 }).metrics("etcd-1", 0, { 'x{a="b\\"c\\\\d\\ne"}': 1 });
    expect(textOf(run, ["x"])[1]).to.match(/^x\{a="b\\"c\\\\d\\ne",job=/);
  });
});
