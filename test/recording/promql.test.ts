import { expect } from "chai";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock } from "../../src/clock.ts";
import { isPromqlAnswer, sampleValue, type PromqlAnswer } from "../../src/recording/promql.ts";
import { readRecording } from "../../src/recording/read.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { temporaryFolder } from "../support/harness.ts";
import { runInfo } from "./run-info.ts";

const asked = { query: "x", fromMs: 0, toMs: 1_000, stepMs: 500 };
const answer: PromqlAnswer = { ...asked, series: [{ labels: { member: "etcd-1" }, points: [[0, "1"], [500, "NaN"], [1_000, "+Inf"]] }] };
const failed: PromqlAnswer = { ...asked, query: "y", error: "it did not answer", hint: "Ask again." };

describe("what Prometheus answered", () => {
  it("is read back as it was written; what is damaged is left out and told", async () => {
    await using folder = await temporaryFolder();
    {
      await using recorder = Recorder.create(folder.path, runInfo, new MonotonicClock());
      recorder.promql(answer);
      recorder.promql(failed);
    }
    await appendFile(join(folder.path, "promql.jsonl"), '{"query":"z"}\n{"query":"torn');
    const { promql, defects } = await readRecording(folder.path);
    expect(promql).to.deep.equal([answer, failed]);
    expect(defects.filter((defect) => defect.startsWith("promql"))).to.deep.equal(["promql.jsonl:3 is damaged and left out", "promql.jsonl:4 is torn, as by a writer that was killed, and left out"]);
  });

  it("is nothing, and no defect, where it was asked nothing", async () => {
    await using folder = await temporaryFolder();
    await Recorder.create(folder.path, runInfo, new MonotonicClock())[Symbol.asyncDispose]();
    const { promql, defects } = await readRecording(folder.path);
    expect(promql).to.deep.equal([]);
    expect(defects.filter((defect) => defect.startsWith("promql"))).to.deep.equal([]);
  });

  it("is told from what is none", () => {
    const none = [undefined, {}, { ...asked }, { ...answer, stepMs: 0 }, { ...answer, query: 7 }, { ...asked, series: [{ labels: {}, points: [[0, 1]] }] }, { ...asked, series: [{ labels: { a: 1 }, points: [] }] }, { ...failed, hint: 1 }];
    expect(none.filter(isPromqlAnswer)).to.deep.equal([]);
  });

  it("has values as Prometheus writes them", () => {
    expect(["1.5", "1e-3", "+Inf", "-Inf", "NaN"].map(sampleValue)).to.deep.equal([1.5, 0.001, Infinity, -Infinity, NaN]);
  });
});
