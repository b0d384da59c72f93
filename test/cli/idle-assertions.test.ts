import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { idleAssertions } from "../../src/cli/idle-assertions.ts";
import { parseScenario } from "../../src/scenario/parse.ts";

function idleWith(workload: string): string[] {
  return idleAssertions(parseScenario(`description: d\n${workload}\ntimeline: [ { phase: a, duration: 1s } ]\nassertions: [ { strict-serializable: {} }, { queue: {} }, { watch: {} } ]\n`, "load.yaml", catalogue));
}

describe("assertions that have nothing to judge", () => {
  it("are those of a workload that is not there, and of watchers where nobody watches", () => {
    const [queue, watch, ...others] = idleWith("workload: { kv: {} }");
    expect(queue).to.match(/^2\. .*: there is no workload queue$/);
    expect(watch).to.match(/^3\. .*: nobody watches$/);
    expect(others).to.deep.equal([]);
    expect(idleWith("")).to.deep.equal([queue, watch]);
  });

  it("are none where all that they judge is there", () => {
    expect(idleWith("workload: { queue: {}, watch: {} }")).to.deep.equal([]);
  });
});
