import { expect } from "chai";
import { workloadFigures } from "../../../src/report/html/workload-figures.ts";
import { runInfoSchema, type RunInfo } from "../../../src/recording/run-info.ts";
import { recording } from "../../recordings/builder.ts";

const run = recording()
  .phase("whole", 0, 1_000)
  .operation({ atMs: 10, tookMs: 5, client: 0 })
  .operation({ atMs: 20, tookMs: 7, client: 1 })
  .operation({ atMs: 30, tookMs: 500, client: 1, outcome: "info" })
  .operation({ atMs: 40, tookMs: 3, client: 2, outcome: "fail" })
  .operation({ atMs: 990, client: 3 })
  .build();
const workloads = [{ kind: "kv", title: "kv: closed loop", firstClient: 0, clients: 2 }, { kind: "lease", title: "lease: closed loop", firstClient: 2, clients: 1 }];
const having = (some: RunInfo["workloads"]): RunInfo => ({ ...run.info, workload: "kv: closed loop", ...(some === undefined ? {} : { workloads: some }) });

describe("the figures of workloads", () => {
  it("are told apart by their clients, without the reads at the end, which are nobody's", () => {
    const [kv, lease] = workloadFigures({ info: having(workloads), operations: run.operations }, run.phases);
    expect(kv).to.deep.include({ kind: "kv", clients: 2, all: { ok: 2, fail: 0, info: 1, p50Ms: 5, p99Ms: 7 } });
    expect(lease).to.deep.include({ kind: "lease", clients: 1, all: { ok: 0, fail: 1, info: 0, p50Ms: undefined, p99Ms: undefined } });
  });

  it("are told by phase too, by when operations were meant to start; phases in which a workload did nothing are left out", () => {
    const phases = [{ name: "one", startMs: 0, endMs: 20 }, { name: "two", startMs: 20, endMs: 1_000 }];
    const byPhase = workloadFigures({ info: having(workloads), operations: run.operations }, phases).map(({ phases: each }) => each.map(({ phase: { name }, ok, fail, info }) => [name, ok, fail, info]));
    expect(byPhase).to.deep.equal([[["one", 1, 0, 0], ["two", 1, 0, 1]], [["two", 0, 1, 0]]]);
  });

  it("are none where there was one, and in recordings before there could be several", () => {
    expect(workloadFigures({ info: having(workloads.slice(0, 1)), operations: run.operations }, run.phases)).to.deep.equal([]);
    expect(workloadFigures({ info: having(undefined), operations: run.operations }, run.phases)).to.deep.equal([]);
  });

  it("rest on what run.json holds, which is read with and without them", () => {
    for (const info of [having(workloads), having(undefined)]) expect(runInfoSchema.parse(JSON.parse(JSON.stringify(info)))).to.deep.equal(info);
  });
});
