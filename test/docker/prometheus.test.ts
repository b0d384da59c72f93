import { expect } from "chai";
import { describeWithDocker } from "../support/docker.ts";
import { needPrometheus } from "../support/prometheus.ts";
import { applied, hasLeader, tell } from "../integration/promql-run.ts";

describeWithDocker("a run in Docker judged in PromQL", function () {
  this.timeout(240_000);
  before(async function () {
    await needPrometheus(this);
  });

  it("is scraped at the ports that its members publish, by the same Prometheus, and leaves nothing behind", async () => {
    await using told = await tell("docker", [`promql: { query: "${hasLeader}", equals: 1, during: calm }`, `promql: { query: "${applied}", above: 1000000, when: eventually, during: calm }`]);
    expect(told.exitCode, `${told.stdout}${told.stderr}`).to.equal(1);
    const { assertions } = await told.run.results();
    expect(Object.fromEntries(assertions.map(({ title, verdict }) => [title.includes("has_leader") ? "leader" : "applied", verdict.outcome]))).to.deep.equal({ leader: "pass", applied: "fail" });
    expect(await told.run.leftoversWithin(5_000)).to.deep.equal([]);
  });
});
