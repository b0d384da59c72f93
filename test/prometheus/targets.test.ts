import { expect } from "chai";
import { get } from "node:http";
import { askHttp } from "../../src/http.ts";
import { HarnessMetrics } from "../../src/cli/harness-metrics.ts";
import { targetsOf } from "../../src/prometheus/targets.ts";

describe("what there is to scrape of a run", () => {
  it("is each member past the links, and the harness, all with the run's label", () => {
    expect(targetsOf("r7", [{ name: "etcd-1", directUrl: "http://127.77.0.1:2379" }], "127.0.0.1:9464")).to.deep.equal([
      { targets: ["127.77.0.1:2379"], labels: { run: "r7", job: "etcd", member: "etcd-1", instance: "etcd-1" } },
      { targets: ["127.0.0.1:9464"], labels: { run: "r7", job: "etcd-chaos", instance: "harness" } },
    ]);
  });

  it("is served beside the harness's metrics, as it is at the moment", async () => {
    await using metrics = await HarnessMetrics.serve(0);
    const { targets } = metrics;
    if (targets === undefined) throw new Error("it is served, so there is a list");
    const listed = async (): Promise<unknown> => JSON.parse((await askHttp(targets.url, { limitMs: 5_000 })).body);
    expect(await listed()).to.deep.equal([]);
    const groups = targetsOf("r7", [], targets.own);
    targets.announce(groups);
    expect(await listed()).to.deep.equal(groups);
    expect((await askHttp(`http://${targets.own}/metrics`, { limitMs: 5_000 })).body).to.include("etcd_chaos_operations_in_flight");
    const type = await new Promise((resolve) => get(targets.url, (answer) => resolve(answer.resume().headers["content-type"])));
    expect(type, "Prometheus refuses any other").to.equal("application/json");
  });

  it("is not there where nothing is served", () => expect(new HarnessMetrics().targets).to.equal(undefined));
});
